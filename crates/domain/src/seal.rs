//! The seal chain: each segment's hash binds all before it, and the first binds the sitting (NEW2).
//!
//! `h[0] = SHA-256("yikao-seal-1" ‖ sitting ‖ owner kind ‖ owner ‖ part)` over raw UUID bytes;
//! `h[i] = SHA-256(h[i-1] ‖ u64be(i) ‖ u64be(len) ‖ SHA-256(bytes))`, segments counted from 1.
//! So a seal `(i, h[i])` commits to every segment up to `i`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::id::{PartId, SittingId, SubjectRunId, TakeId};
use crate::time::Timestamp;

const FORMAT: &[u8] = b"yikao-seal-1";

/// A SHA-256 value; lower-case hex on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9a-f]{64}$"))]
pub struct Hash32(pub [u8; 32]);

/// The text is not 64 hexadecimal digits in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hash: 64 lower-case hexadecimal digits are wanted")]
pub struct NotAHash;

/// What a part's footage belongs to: main footage to a take, companion footage to a subject run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Owner {
    /// Main camera.
    Take(TakeId),
    /// Companion camera.
    SubjectRun(SubjectRunId),
}

/// A witness that every segment up to `index` has the content that `head` binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seal {
    /// The last segment committed to, from 1.
    pub index: u64,
    /// `h[index]`.
    pub head: Hash32,
}

/// The chain of one part, advanced segment by segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    index: u64,
    head: Hash32,
}

impl Hash32 {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Lower-case hex, as on the wire.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }
}

impl Owner {
    /// The byte that stands for the kind in chains and capabilities: 1 = take, 2 = subject run.
    pub const fn kind_byte(&self) -> u8 {
        match self {
            Self::Take(_) => 1,
            Self::SubjectRun(_) => 2,
        }
    }

    /// The owner's raw id.
    pub const fn id_bytes(&self) -> &[u8; 16] {
        match self {
            Self::Take(id) => id.as_bytes(),
            Self::SubjectRun(id) => id.as_bytes(),
        }
    }

    /// The owner from its kind byte and raw id; `None` for an unknown kind.
    pub fn from_bytes(kind: u8, id: [u8; 16]) -> Option<Self> {
        let id = uuid::Uuid::from_bytes(id);
        match kind {
            1 => Some(Self::Take(TakeId::from_uuid(id))),
            2 => Some(Self::SubjectRun(SubjectRunId::from_uuid(id))),
            _ => None,
        }
    }
}

impl Chain {
    /// The chain of a part before its first segment.
    pub fn start(sitting: SittingId, owner: Owner, part: PartId) -> Self {
        let mut hash = Sha256::new();
        hash.update(FORMAT);
        hash.update(sitting.as_bytes());
        hash.update([owner.kind_byte()]);
        hash.update(owner.id_bytes());
        hash.update(part.as_bytes());
        Self { index: 0, head: Hash32(hash.finalize().into()) }
    }

    /// A chain taken up again at a seal that is known to be right.
    pub const fn resume(seal: Seal) -> Self {
        Self { index: seal.index, head: seal.head }
    }

    /// Seals the next segment and gives its seal.
    pub fn push(&mut self, bytes: &[u8]) -> Seal {
        self.push_digest(bytes.len() as u64, Hash32::of(bytes))
    }

    /// Seals the next segment of which only length (bytes) and SHA-256 are at hand.
    pub fn push_digest(&mut self, len: u64, digest: Hash32) -> Seal {
        self.index += 1;
        let mut hash = Sha256::new();
        hash.update(self.head.0);
        hash.update(self.index.to_be_bytes());
        hash.update(len.to_be_bytes());
        hash.update(digest.0);
        self.head = Hash32(hash.finalize().into());
        self.seal()
    }

    /// How many segments are sealed.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// `h[index]`.
    pub const fn head(&self) -> Hash32 {
        self.head
    }

    /// The seal over everything so far.
    pub const fn seal(&self) -> Seal {
        Seal { index: self.index, head: self.head }
    }
}

impl fmt::Display for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl FromStr for Hash32 {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let mut bytes = [0; 32];
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(NotAHash);
        }
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotAHash)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Hash32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for Hash32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// From which segment on nothing was witnessed until after `close`: the first such index, and the moment of the last
/// witness. `witnessed` is when each seal first reached the server, in any order; a seal commits to all before it.
pub fn late_from(witnessed: &[(u64, Timestamp)], close: Timestamp) -> Option<(u64, Timestamp)> {
    let in_time = witnessed.iter().filter(|(_, at)| *at <= close).map(|(index, _)| *index).max().unwrap_or(0);
    let late = witnessed.iter().filter(|(index, _)| *index > in_time);
    let last = late.map(|(_, at)| *at).max()?;
    Some((in_time + 1, last))
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
