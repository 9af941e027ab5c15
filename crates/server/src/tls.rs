//! Certificates. For a trial on a local network the server is its own certificate authority: phones give
//! the camera to HTTPS pages only, and trust this one once its root is installed from `/ca`.

use std::net::{IpAddr, UdpSocket};
use std::path::Path;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("certificate file: {0}")]
    File(#[from] std::io::Error),
    /// A file is not PEM.
    #[error("not a PEM file: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// A certificate could not be made.
    #[error("certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// The key does not belong to the certificate, or is of an unknown kind.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
}

/// The address by which phones on the same network reach this machine, where there is one.
pub fn lan_address() -> Option<IpAddr> {
    // No packet is sent: connecting a datagram socket only asks the routing table.
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

fn write_key(path: &Path, pem: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        std::fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(pem.as_bytes())
}

fn authority(dir: &Path) -> Result<Issuer<'static, KeyPair>, TlsError> {
    let (cert_path, key_path) = (dir.join("ca.pem"), dir.join("ca.key"));
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Yikao local CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(2044, 1, 1);
    if !cert_path.exists() {
        let key = KeyPair::generate()?;
        write_key(&key_path, &key.serialize_pem())?;
        std::fs::write(&cert_path, params.self_signed(&key)?.pem())?;
    }
    let key = KeyPair::from_pem(&std::fs::read_to_string(&key_path)?)?;
    Ok(Issuer::new(params, key))
}

/// Makes the local authority on the first start, and a certificate for this machine's present names on
/// every start (its address on the network changes; the installed root does not).
pub fn local_ca(dir: &Path, year: i32) -> Result<Arc<ServerConfig>, TlsError> {
    std::fs::create_dir_all(dir)?;
    let issuer = authority(dir)?;
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(lan_address().map(|ip| ip.to_string()));
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Yikao");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Phones refuse certificates that live longer than 825 days.
    params.not_before = date_time_ymd(year - 1, 12, 1);
    params.not_after = date_time_ymd(year + 1, 1, 31);
    let certificate = params.signed_by(&key, &issuer)?;
    server_config(certificate.pem().as_bytes(), key.serialize_pem().as_bytes())
}

/// A configuration from PEM files.
pub fn from_files(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    server_config(&std::fs::read(certificate)?, &std::fs::read(key)?)
}

fn server_config(certificates: &[u8], key: &[u8]) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = CertificateDer::pem_slice_iter(certificates).collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(key)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
