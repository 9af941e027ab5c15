//! What the operator sees in the terminal: addresses, a QR code for phones, the demo's accounts.

use std::fmt::Write;

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use crate::config::{Config, Tls};
use crate::seed::demo::Demo;
use crate::tls::lan_address;

/// Prints where the server answers and who can sign in.
pub fn print(config: &Config, port: u16, demo: Option<&Demo>) {
    println!("{}", text(config, port, demo));
}

fn text(config: &Config, port: u16, demo: Option<&Demo>) -> String {
    let scheme = if config.tls == Tls::Off { "http" } else { "https" };
    let mut out = format!(
        "\n  Yikao 艺考   {scheme}://localhost:{port}/   console: {scheme}://localhost:{port}/console/\n"
    );
    if let Some(address) = lan_address().filter(|_| !config.listen.ip().is_loopback()) {
        let here = format!("{scheme}://{address}:{port}");
        let _ = writeln!(out, "  on this network: {here}/");
        if config.tls == Tls::LocalCa {
            let _ = writeln!(out, "  on a phone, first install the certificate: {here}/ca");
        }
        let first = if config.tls == Tls::LocalCa { format!("{here}/ca") } else { here };
        if let Ok(code) = QrCode::new(first.as_bytes()) {
            let picture = code.render::<Dense1x2>().quiet_zone(true).build();
            for line in picture.lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
    if let Some(demo) = demo {
        let _ = writeln!(out, "\n  Demo exam: {scheme}://localhost:{port}/e/{}", demo.exam);
        for account in &demo.accounts {
            let name = account.name.as_deref().unwrap_or_default();
            let _ = writeln!(out, "  {:<10} {}  {}  {name}", account.role, account.phone, account.password);
        }
        let _ = writeln!(out, "  Kept in {}", config.data.display());
    }
    out
}
