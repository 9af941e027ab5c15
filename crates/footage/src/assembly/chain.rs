//! Checks segments against the seals that were witnessed while they were recorded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use yikao_domain::seal::{Chain, Hash32, Seal};

/// What is known of a part's chain from its recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Witnessed {
    /// Heads that the server received, with segments or pulses.
    pub seals: BTreeMap<u64, Hash32>,
    /// The last index and its head, when the recorder finished.
    pub last: Option<Seal>,
}

/// Segments that are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The first missing index.
    pub from_index: u64,
    /// The last missing index.
    pub to_index: u64,
}

/// Whether the segments are what was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Verdict {
    /// All segments are there and as sealed.
    Whole,
    /// Segments are missing; those that are there are as sealed.
    Gapped,
    /// Some bytes are not what was sealed.
    Damaged {
        /// The first index at which that shows.
        first_bad_index: u64,
        /// How it shows.
        why: Why,
    },
}

/// How damage shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The head computed from the bytes is not the witnessed one.
    SealDiffers,
    /// The last head is not what the recorder said when it finished.
    LastHeadDiffers,
    /// There is a segment after the last one.
    BeyondLast,
    /// The storage lost or changed the bytes.
    LostInStorage,
    /// The segments did not come in order.
    OutOfOrder,
}

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainReport {
    /// The verdict.
    pub verdict: Verdict,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// Segments that are there.
    pub segments: u64,
    /// Up to this index everything is there and as sealed (0: nothing is).
    pub sound_through: u64,
    /// Segments after a gap whose link to it nobody witnessed: only their own seal speaks for them.
    pub unlinked: Vec<u64>,
}

/// A check in progress; segments are shown to it in ascending order.
#[derive(Debug)]
pub struct ChainCheck {
    witnessed: Witnessed,
    at: u64,
    head: Option<Hash32>,
    report: ChainReport,
}

impl ChainCheck {
    /// Begins before the first segment, with the chain bound to sitting, owner and part.
    pub fn begin(start: &Chain, witnessed: Witnessed) -> Self {
        let report = ChainReport {
            verdict: Verdict::Whole,
            gaps: Vec::new(),
            segments: 0,
            sound_through: 0,
            unlinked: Vec::new(),
        };
        Self { witnessed, at: 0, head: Some(start.head()), report }
    }

    /// The next segment. False when it does not belong at this place and is to be left out.
    pub fn segment(&mut self, index: u64, length: u64, digest: Hash32) -> bool {
        if index <= self.at {
            self.damaged(index, Why::OutOfOrder);
            return false;
        }
        if index > self.at + 1 {
            self.missing(index - 1);
            self.head = self.witnessed.seals.get(&(index - 1)).copied();
        }
        let previous = self.head.map(|head| Chain::resume(Seal { index: index - 1, head }));
        let computed = previous.map(|mut chain| chain.push_digest(length, digest).head);
        let claimed = self.witnessed.seals.get(&index).copied();
        match (computed, claimed) {
            (Some(computed), Some(claimed)) if computed != claimed => {
                self.damaged(index, Why::SealDiffers);
                self.head = Some(claimed);
            }
            (None, claimed) => {
                self.report.unlinked.push(index);
                self.head = claimed;
            }
            (computed, _) => self.head = computed,
        }
        self.at = index;
        self.report.segments += 1;
        if self.report.verdict == Verdict::Whole {
            self.report.sound_through = index;
        }
        true
    }

    /// The next segment was received, but the storage cannot give its bytes any more.
    pub fn lost(&mut self, index: u64) {
        self.damaged(index, Why::LostInStorage);
    }

    /// Ends the check.
    pub fn finish(mut self) -> ChainReport {
        if let Some(Seal { index: last, head }) = self.witnessed.last {
            if self.at < last {
                self.missing(last);
            } else if self.at > last {
                self.damaged(last + 1, Why::BeyondLast);
            } else if self.head.is_some_and(|computed| computed != head) {
                self.damaged(last, Why::LastHeadDiffers);
            }
        } else if let Some(sealed) = self.witnessed.seals.last_key_value().map(|(index, _)| *index)
            && sealed > self.at
        {
            self.missing(sealed);
        }
        self.report
    }

    fn missing(&mut self, through: u64) {
        self.report.gaps.push(Gap { from_index: self.at + 1, to_index: through });
        if self.report.verdict == Verdict::Whole {
            self.report.verdict = Verdict::Gapped;
        }
    }

    fn damaged(&mut self, index: u64, why: Why) {
        if !matches!(self.report.verdict, Verdict::Damaged { .. }) {
            self.report.sound_through = self.report.sound_through.min(index.saturating_sub(1));
            self.report.verdict = Verdict::Damaged { first_bad_index: index, why };
        }
    }
}
