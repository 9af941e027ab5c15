//! The server's signed words: what a receipt or an answer to a pulse is, and what a bundle keeps of it.

use serde::{Deserialize, Serialize};

/// Text that stands before every signed payload, so that a signature means nothing elsewhere.
pub const SIGNED_PREFIX: &str = "yikao-signed-1\n";

/// A signed statement of the server: `signature` is Ed25519 over `"yikao-signed-1\n"` and the payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signed {
    /// Which of the server's public keys it is to be checked with.
    pub kid: String,
    /// The exact JSON text that was signed.
    pub payload: String,
    /// Base64url without padding.
    pub signature: String,
}

impl Signed {
    /// What a signature of `payload` is made over.
    pub fn message(payload: &str) -> String {
        format!("{SIGNED_PREFIX}{payload}")
    }
}
