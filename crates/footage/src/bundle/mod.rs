//! A sitting's evidence in one file, and the check that anybody can make of it offline.
//!
//! Layout (a tar archive, or the same as a folder): `bundle.json` first, then `parts/<part>.original` with a
//! part's segments one after the other. Everything that the server signed is in `bundle.json` as it was signed.

mod report;
pub mod tar;
mod verify;

use serde::{Deserialize, Serialize};
use yikao_domain::Timestamp;
use yikao_domain::id::{PartId, SittingId};
use yikao_domain::part::Indexes;
use yikao_domain::seal::{Hash32, Owner, Seal};
use yikao_domain::signed::Signed;

pub use report::{Finding, PartReport, Report, StatementReport};
pub use verify::{BundleError, PublicKey, verify};

/// The version of the layout.
pub const FORMAT: u32 = 1;
/// The name of the file that describes a bundle.
pub const MANIFEST: &str = "bundle.json";

/// `bundle.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// [`FORMAT`].
    pub format: u32,
    /// The sitting.
    pub sitting_id: SittingId,
    /// When the bundle was made, server time.
    pub made_at: Timestamp,
    /// What was recorded.
    pub parts: Vec<BundlePart>,
    /// The server's word on submissions and deliveries.
    pub receipts: Vec<Signed>,
    /// The sitting's events in order, as they are kept.
    pub events: Vec<serde_json::Value>,
}

/// A part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BundlePart {
    /// Its id.
    pub id: PartId,
    /// The take or subject run that it belongs to.
    pub owner: Owner,
    /// What it ends with, if the recorder finished.
    pub last: Option<Seal>,
    /// The segments that arrived, ascending; their bytes follow each other in `parts/<id>.original`.
    pub segments: Vec<BundleSegment>,
    /// When the server witnessed which seal.
    pub seals: Vec<WitnessedSeal>,
    /// The server's signed answers to this part's pulses.
    pub acknowledgements: Vec<Signed>,
}

/// A segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleSegment {
    /// Counted from 1.
    pub index: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    pub digest: Hash32,
}

/// A seal that reached the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WitnessedSeal {
    /// It commits to all segments up to this one.
    pub index: u64,
    /// The head.
    pub head: Hash32,
    /// Server time.
    pub witnessed_at: Timestamp,
}

impl BundlePart {
    /// Where its bytes lie in the bundle.
    pub fn file(&self) -> String {
        format!("parts/{}.original", self.id)
    }

    /// The segments that arrived.
    pub fn received(&self) -> Indexes {
        self.segments.iter().map(|segment| segment.index).collect()
    }
}

#[cfg(test)]
mod tests;
