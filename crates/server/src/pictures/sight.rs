//! What is seen on a picture, and whether it is good for what it is to show.

use bytes::Bytes;
use serde::Deserialize;
use yikao_domain::identity::PictureKind;
use yikao_domain::refusal::{Refusal, RefusalCode};

use super::CardReading;
use crate::problem::Problem;

/// What looks at pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Nothing does: documents are typed.
    Absent,
    /// Pictures are scripts that say what is to be seen: for tests.
    Scripted,
}

/// A picture that is good for what it is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Upright, of bounded size, without metadata.
    pub jpeg: Vec<u8>,
    /// What was read, where it is of a document.
    pub reading: Option<CardReading>,
    /// What might be better.
    pub notes: Vec<RefusalCode>,
}

impl Sight {
    /// Looks at a picture.
    ///
    /// # Errors
    /// What is wrong with it, to be mended before it is taken again.
    pub fn look(&self, kind: PictureKind, bytes: &Bytes) -> Result<Seen, Problem> {
        match self {
            Self::Absent => Err(Problem::new(RefusalCode::VisionUnavailable)),
            Self::Scripted => scripted(kind, bytes),
        }
    }
}

/// What a scripted picture says is to be seen: `scripted:` and JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    #[serde(default)]
    refuse: Option<RefusalCode>,
    #[serde(default)]
    reading: Option<CardReading>,
    #[serde(default)]
    notes: Vec<RefusalCode>,
}

fn scripted(kind: PictureKind, bytes: &[u8]) -> Result<Seen, Problem> {
    let unreadable = || Problem::new(RefusalCode::PictureUnreadable);
    let script = bytes.strip_prefix(b"scripted:").ok_or_else(unreadable)?;
    let script: Script = serde_json::from_slice(script).map_err(|_| unreadable())?;
    if let Some(code) = script.refuse {
        return Err(Problem::unusable(Refusal::new(code)));
    }
    let jpeg = [b"\xff\xd8\xff".as_slice(), kind.code().as_bytes()].concat();
    Ok(Seen { jpeg, reading: script.reading, notes: script.notes })
}
