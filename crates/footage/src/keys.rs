//! The node's keys, under which log blocks are kept.

use std::fmt;

use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// The keys of an installation's nodes by generation: the newest closes, the older ones still open.
#[derive(Clone)]
pub struct NodeKeys {
    generations: Vec<(u8, [u8; 32])>,
}

/// A key that is not in the ring, or no key at all.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The ring was given no key.
    #[error("no node key was given")]
    Empty,
    /// Something was written under a generation that this node does not hold.
    #[error("node key {0} is not known here")]
    Unknown(u8),
    /// The operating system gave no randomness.
    #[error("no randomness")]
    Random,
}

impl NodeKeys {
    /// Keys by `kid`, the newest last.
    pub fn new(generations: Vec<(u8, [u8; 32])>) -> Result<Self, KeyError> {
        if generations.is_empty() { Err(KeyError::Empty) } else { Ok(Self { generations }) }
    }

    /// The generation that new blocks are closed with.
    pub(crate) fn newest(&self) -> Result<u8, KeyError> {
        self.generations.last().map(|(kid, _)| *kid).ok_or(KeyError::Empty)
    }

    /// The key for one purpose and salt: a key of its own for every writer, so that a counter is nonce enough.
    pub(crate) fn derive(&self, kid: u8, purpose: &str, salt: &[u8; 32]) -> Result<LessSafeKey, KeyError> {
        let (_, root) =
            self.generations.iter().find(|(known, _)| *known == kid).ok_or(KeyError::Unknown(kid))?;
        derive(root, purpose, salt)
    }
}

impl fmt::Debug for NodeKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeKeys").field("generations", &self.generations.len()).finish()
    }
}

/// HMAC-SHA256(root, purpose ‖ 0 ‖ salt) as an AES-256-GCM key.
pub(crate) fn derive(root: &[u8; 32], purpose: &str, salt: &[u8; 32]) -> Result<LessSafeKey, KeyError> {
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, root));
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(salt);
    let key = UnboundKey::new(&AES_256_GCM, mac.sign().as_ref()).map_err(|_| KeyError::Random)?;
    Ok(LessSafeKey::new(key))
}

/// Randomness fit for keys and salts.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| KeyError::Random)?;
    Ok(bytes)
}
