//! What a check of a bundle found.

use serde::Serialize;
use yikao_domain::id::PartId;

use crate::assembly::ChainReport;

/// What was found, in the order in which it was looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Nothing contradicts anything. Gaps alone are no contradiction: see [`Report::is_whole`].
    pub is_sound: bool,
    /// Each part.
    pub parts: Vec<PartReport>,
    /// Each thing that the server signed.
    pub statements: Vec<StatementReport>,
    /// Everything that contradicts.
    pub findings: Vec<Finding>,
}

/// A part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartReport {
    /// Its id.
    pub part: PartId,
    /// What its bytes say against its seals.
    pub chain: ChainReport,
}

/// Something that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementReport {
    /// `pulse`, `submission`, `delivery`…, as the payload says.
    pub kind: String,
    /// The part, of a pulse.
    pub part: Option<PartId>,
    /// The key that it names.
    pub kid: String,
    /// The signature is by that key.
    pub is_genuine: bool,
}

/// A contradiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Finding {
    /// The file with the part's bytes is not in the bundle.
    FileMissing {
        /// The part.
        part: PartId,
    },
    /// The part's file has fewer or more bytes than its segments.
    LengthDiffers {
        /// The part.
        part: PartId,
        /// Bytes that the segments have.
        expected: u64,
        /// Bytes in the file.
        found: u64,
    },
    /// Bytes differ from what the server received.
    SegmentDiffers {
        /// The part.
        part: PartId,
        /// The first index that differs.
        index: u64,
    },
    /// The chain is not what was sealed while it was recorded.
    ChainDiffers {
        /// The part.
        part: PartId,
        /// The first index at which that shows.
        index: u64,
    },
    /// A signature is not by the key that is named, or no such key was given.
    NotGenuine {
        /// Its place among all statements, from 0.
        statement: usize,
        /// The key that it names.
        kid: String,
    },
    /// The server signed another head than the bytes give.
    AcknowledgedOther {
        /// The part.
        part: PartId,
        /// The index.
        index: u64,
    },
    /// A receipt names a part's end that the bytes do not have.
    ReceiptDiffers {
        /// The part.
        part: PartId,
        /// The index.
        index: u64,
    },
}

impl Report {
    /// Nothing contradicts anything, and nothing is missing.
    pub fn is_whole(&self) -> bool {
        self.is_sound && self.parts.iter().all(|part| part.chain.gaps.is_empty())
    }
}
