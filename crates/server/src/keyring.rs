//! The server's keys: one generation per `kid`, everything else derived from it. Old generations stay to
//! open what they closed; the newest closes what is new.

use std::io::Write;
use std::path::Path;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair};
use ring::{digest, hmac};
use serde::{Deserialize, Serialize};
use yikao_domain::id::CandidateId;
use yikao_domain::signed::Signed;

use crate::base64url;

/// What went wrong with a key. Says nothing about the plain text.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key file cannot be read or written.
    #[error("the key file: {0}")]
    File(#[from] std::io::Error),
    /// The key file is not what this version writes.
    #[error("the key file is not readable: {0}")]
    Format(#[from] serde_json::Error),
    /// A ciphertext was changed, or belongs to another row or key.
    #[error("cannot be opened with key {0}")]
    Closed(String),
    /// The generator of randomness failed.
    #[error("no randomness")]
    Random,
}

#[derive(Serialize, Deserialize)]
struct Generation {
    kid: u8,
    secret: String,
    signing: String,
}

/// One generation of keys, ready for use.
struct Keys {
    kid: u8,
    wrap: LessSafeKey,
    lookup: hmac::Key,
    capability: hmac::Key,
    papers: hmac::Key,
    node: [u8; 32],
    signing: Ed25519KeyPair,
}

/// All generations; the last one is current.
pub struct Keyring {
    generations: Vec<Keys>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").field("generations", &self.generations.len()).finish_non_exhaustive()
    }
}

struct Bytes32;
impl ring::hkdf::KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

fn derive(secret: &[u8], purpose: &[u8]) -> Result<[u8; 32], KeyError> {
    let mut out = [0; 32];
    Salt::new(HKDF_SHA256, b"yikao-keys-1")
        .extract(secret)
        .expand(&[purpose], Bytes32)
        .and_then(|okm| okm.fill(&mut out))
        .map_err(|_| KeyError::Random)?;
    Ok(out)
}

fn aead(key: &[u8; 32]) -> Result<LessSafeKey, KeyError> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| KeyError::Random)
}

/// Fills an array with randomness fit for keys.
pub fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut out = [0; N];
    SystemRandom::new().fill(&mut out).map_err(|_| KeyError::Random)?;
    Ok(out)
}

fn close(key: &LessSafeKey, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, KeyError> {
    let nonce: [u8; NONCE_LEN] = random()?;
    let mut body = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .map_err(|_| KeyError::Random)?;
    Ok([&nonce[..], &body].concat())
}

fn open(key: &LessSafeKey, aad: &[u8], closed: &[u8], kid: &str) -> Result<Vec<u8>, KeyError> {
    let refused = || KeyError::Closed(kid.to_owned());
    let (nonce, body) = closed.split_at_checked(NONCE_LEN).ok_or_else(refused)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| refused())?;
    let mut body = body.to_vec();
    let plain = key.open_in_place(nonce, Aad::from(aad), &mut body).map_err(|_| refused())?;
    Ok(plain.to_vec())
}

impl Keys {
    fn ready(generation: &Generation) -> Result<Self, KeyError> {
        let closed = || KeyError::Closed(format!("k{}", generation.kid));
        let secret = base64url::decode(&generation.secret).ok_or_else(closed)?;
        let signing = base64url::decode(&generation.signing).ok_or_else(closed)?;
        Ok(Self {
            kid: generation.kid,
            wrap: aead(&derive(&secret, b"wrap")?)?,
            lookup: hmac::Key::new(hmac::HMAC_SHA256, &derive(&secret, b"lookup")?),
            capability: hmac::Key::new(hmac::HMAC_SHA256, &derive(&secret, b"capability")?),
            papers: hmac::Key::new(hmac::HMAC_SHA256, &derive(&secret, b"papers")?),
            node: derive(&secret, b"segment log")?,
            signing: Ed25519KeyPair::from_pkcs8(&signing).map_err(|_| closed())?,
        })
    }
}

fn new_generation(kid: u8) -> Result<Generation, KeyError> {
    let signing = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| KeyError::Random)?;
    Ok(Generation {
        kid,
        secret: base64url::encode(&random::<32>()?),
        signing: base64url::encode(signing.as_ref()),
    })
}

fn write_private(path: &Path, text: &str) -> Result<(), std::io::Error> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

impl Keyring {
    /// Reads the key file, or makes a first one (readable by its owner alone) where there is none.
    pub fn open_or_create(path: &Path) -> Result<Self, KeyError> {
        if !path.exists() {
            write_private(path, &serde_json::to_string_pretty(&[new_generation(1)?])?)?;
        }
        let generations: Vec<Generation> = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let generations = generations.iter().map(Keys::ready).collect::<Result<Vec<_>, _>>()?;
        if generations.is_empty() {
            return Err(KeyError::Closed("none: the key file is empty".into()));
        }
        Ok(Self { generations })
    }

    fn current(&self) -> &Keys {
        // `open_or_create` refuses an empty ring.
        &self.generations[self.generations.len() - 1]
    }

    fn generation(&self, kid: &str) -> Result<&Keys, KeyError> {
        let number = kid.strip_prefix('k').and_then(|n| n.parse::<u8>().ok());
        self.generations
            .iter()
            .find(|keys| Some(keys.kid) == number)
            .ok_or_else(|| KeyError::Closed(kid.to_owned()))
    }

    /// The `kid` that new ciphertexts, hashes and receipts are made with.
    pub fn kid(&self) -> String {
        format!("k{}", self.current().kid)
    }

    /// Closes `plain` for the row that `context` names.
    pub fn close(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        close(&self.current().wrap, context.as_bytes(), plain)
    }

    /// Opens what [`Self::close`] closed for the same context.
    pub fn open(&self, kid: &str, context: &str, closed: &[u8]) -> Result<Vec<u8>, KeyError> {
        open(&self.generation(kid)?.wrap, context.as_bytes(), closed, kid)
    }

    /// A keyed hash by which a personal value is looked up without being stored. It is made with the first
    /// generation for good: under a newer one nobody would be found any more.
    pub fn lookup_hash(&self, purpose: &str, value: &str) -> String {
        let text = format!("{purpose}\0{value}");
        hex::encode(hmac::sign(&self.generations[0].lookup, text.as_bytes()))
    }

    /// What each generation is known by, without telling it: (kid, fingerprint).
    pub fn fingerprints(&self) -> Vec<(String, String)> {
        let fingerprint = |keys: &Keys| hex::encode(hmac::sign(&keys.lookup, b"fingerprint"));
        self.generations.iter().map(|keys| (format!("k{}", keys.kid), fingerprint(keys))).collect()
    }

    /// A new key for a candidate, wrapped for keeping: destroying the row deletes what it closed.
    pub fn new_candidate_key(&self, candidate: CandidateId) -> Result<(CandidateKey, Vec<u8>), KeyError> {
        let key: [u8; 32] = random()?;
        let wrapped = self.close(&format!("candidate-key:{candidate}"), &key)?;
        Ok((CandidateKey { bytes: key }, wrapped))
    }

    /// Unwraps a candidate's key.
    pub fn candidate_key(
        &self,
        kid: &str,
        candidate: CandidateId,
        wrapped: &[u8],
    ) -> Result<CandidateKey, KeyError> {
        let plain = self.open(kid, &format!("candidate-key:{candidate}"), wrapped)?;
        let bytes = plain.try_into().map_err(|_| KeyError::Closed(kid.to_owned()))?;
        Ok(CandidateKey { bytes })
    }

    /// The MAC of a capability under the current generation.
    pub fn capability_mac(&self, message: &[u8]) -> hmac::Tag {
        hmac::sign(&self.current().capability, message)
    }

    /// Whether `mac` is the MAC of a capability under generation `kid`.
    pub fn is_capability_mac(&self, kid: u8, message: &[u8], mac: &[u8]) -> bool {
        let keys = self.generations.iter().find(|keys| keys.kid == kid);
        keys.is_some_and(|keys| hmac::verify(&keys.capability, message, mac).is_ok())
    }

    /// The number of the current generation, as capabilities carry it.
    pub fn generation_number(&self) -> u8 {
        self.current().kid
    }

    /// The key of the one question that `context` names, under the current generation.
    pub fn question_key(&self, context: &str) -> QuestionKey {
        let tag = hmac::sign(&self.current().papers, context.as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(tag.as_ref());
        QuestionKey { bytes }
    }

    /// The keys under which log blocks are kept, newest last: (kid, key).
    pub fn node_keys(&self) -> Vec<(u8, [u8; 32])> {
        self.generations.iter().map(|keys| (keys.kid, keys.node)).collect()
    }

    /// Signs a statement; its JSON text is the payload, byte for byte.
    pub fn sign(&self, payload: &serde_json::Value) -> Signed {
        let payload = payload.to_string();
        let signature = self.current().signing.sign(Signed::message(&payload).as_bytes());
        Signed { kid: self.kid(), payload, signature: base64url::encode(signature.as_ref()) }
    }

    /// The public keys with which statements are checked: (kid, Ed25519 key in base64url).
    pub fn public_keys(&self) -> Vec<(String, String)> {
        let public = |keys: &Keys| base64url::encode(keys.signing.public_key().as_ref());
        self.generations.iter().map(|keys| (format!("k{}", keys.kid), public(keys))).collect()
    }
}

/// A candidate's own key, under which their personal data and footage are kept.
#[derive(Clone)]
pub struct CandidateKey {
    bytes: [u8; 32],
}

impl std::fmt::Debug for CandidateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CandidateKey")
    }
}

impl CandidateKey {
    /// The raw key, for `footage`'s object cipher.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Closes personal data of this candidate.
    pub fn close(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        close(&aead(&self.bytes)?, context.as_bytes(), plain)
    }

    /// Opens personal data of this candidate.
    pub fn open(&self, context: &str, closed: &[u8]) -> Result<Vec<u8>, KeyError> {
        open(&aead(&self.bytes)?, context.as_bytes(), closed, "of the candidate")
    }
}

/// The key of one question: whoever has it reads that question in any copy of the sealed paper.
pub struct QuestionKey {
    bytes: [u8; 32],
}

impl std::fmt::Debug for QuestionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QuestionKey")
    }
}

impl QuestionKey {
    /// The key as it is handed out.
    pub fn text(&self) -> String {
        base64url::encode(&self.bytes)
    }

    /// Closes the question: nonce, then AES-256-GCM over the text with the context, then its tag.
    pub fn close(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        close(&aead(&self.bytes)?, context.as_bytes(), plain)
    }
}

/// SHA-256 in lower-case hex, for values that are themselves random (tokens).
pub fn token_hash(token: &str) -> String {
    hex::encode(digest::digest(&digest::SHA256, token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> Keyring {
        let dir = tempfile::tempdir().unwrap();
        Keyring::open_or_create(&dir.path().join("keys.json")).unwrap()
    }

    #[test]
    fn a_ciphertext_opens_only_for_its_own_row() {
        let ring = ring();
        let closed = ring.close("identity:a", b"13800000000").unwrap();
        assert_eq!(ring.open("k1", "identity:a", &closed).unwrap(), b"13800000000");
        assert!(ring.open("k1", "identity:b", &closed).is_err());
        assert!(ring.open("k2", "identity:a", &closed).is_err());
    }

    #[test]
    fn a_question_opens_with_its_own_key_alone() {
        let ring = ring();
        let (first, second) = (ring.question_key("first"), ring.question_key("second"));
        let closed = first.close("first", b"Play it").unwrap();
        let opened = |key: &QuestionKey| open(&aead(&key.bytes).unwrap(), b"first", &closed, "");
        assert_eq!(opened(&ring.question_key("first")).unwrap(), b"Play it");
        assert!(opened(&second).is_err());
    }

    #[test]
    fn keys_survive_a_restart_and_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys.json");
        let first = Keyring::open_or_create(&path).unwrap().public_keys();
        assert_eq!(Keyring::open_or_create(&path).unwrap().public_keys(), first);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
