//! A take (录制): one of the limited attempts at a subject, and its parts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FaceEvidence, LostCause};
use crate::id::{PartId, TakeId};
use crate::policy::Act;
use crate::seal::Hash32;
use crate::time::{Millis, Timestamp};

/// One of the limited attempts at a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Take {
    /// The take.
    pub id: TakeId,
    /// Counted from 1 within the subject, attempts given back included.
    pub number: u32,
    /// When the attempt was reserved.
    pub started_at: Timestamp,
    /// The face check that let it begin, where the policy asked for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<FaceEvidence>,
    /// How far it is.
    pub state: TakeState,
    /// How often each act interrupted it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub interruptions: BTreeMap<Act, u32>,
    /// What staff decided on segments first sealed after the close; none while nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_counts: Option<bool>,
    /// How often it was noted that the question was opened or hidden.
    #[serde(default, skip_serializing_if = "super::run::is_zero")]
    pub question_notes: u32,
    /// The runs of the recorder, in order.
    pub parts: Vec<Part>,
}

/// How far a take is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TakeState {
    /// The attempt is reserved, the recorder starts.
    Preparing {
        /// If nothing is heard until here, the attempt counts.
        silent_at: Timestamp,
    },
    /// The recorder runs, the candidate gets into position.
    Positioning {
        /// If nothing is heard until here, the attempt counts.
        silent_at: Timestamp,
    },
    /// From the beep on.
    Recording {
        /// The beep.
        beep_at: Timestamp,
        /// The longest it may run; a close may come earlier.
        max_ends_at: Timestamp,
    },
    /// Interrupted, within what the policy allows (U14).
    Grace {
        /// The beep.
        beep_at: Timestamp,
        /// The longest the take may run.
        max_ends_at: Timestamp,
        /// What interrupted it.
        act: Act,
        /// If it does not go on until here, the act's effect comes (U15).
        until: Timestamp,
    },
    /// It can be submitted.
    Finished {
        /// The beep.
        beep_at: Timestamp,
        /// When it ended.
        finished_at: Timestamp,
    },
    /// It cannot be submitted; its footage stays as evidence.
    Lost {
        /// When.
        at: Timestamp,
        /// Why.
        cause: LostCause,
        /// Whether the attempt is used; otherwise it was given back.
        counted: bool,
    },
}

/// One run of the recorder within a take (分段).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The part.
    pub id: PartId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Why there is a part at all.
    #[serde(default, skip_serializing_if = "PartReason::is_start")]
    pub reason: PartReason,
    /// Where it ends, once the recorder said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
}

/// Where a part ends, as the recorder claimed it; the seal makes the claim binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct End {
    /// The last segment, from 1; 0: none was recorded.
    pub last_index: u64,
    /// `h[last_index]`.
    pub head: Hash32,
    /// Recorded length by the phone's count.
    pub duration_ms: Millis,
}

/// Why a recorder was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PartReason {
    /// The take's first part.
    #[default]
    Start,
    /// The page was loaded anew.
    Reload,
    /// The recorder failed and was started again.
    RecorderRestarted,
    /// Lower or higher quality; no interruption (NEW21).
    QualityChanged,
    /// Another phone goes on (NEW17).
    PhoneChanged,
}

impl Take {
    /// Whether it uses an attempt.
    pub const fn counts(&self) -> bool {
        !matches!(self.state, TakeState::Lost { counted: false, .. })
    }

    /// Whether it is under way.
    pub const fn is_live(&self) -> bool {
        !matches!(self.state, TakeState::Finished { .. } | TakeState::Lost { .. })
    }

    /// Whether it can be submitted.
    pub const fn is_finished(&self) -> bool {
        matches!(self.state, TakeState::Finished { .. })
    }

    /// The beep, once it sounded.
    pub const fn beep_at(&self) -> Option<Timestamp> {
        match self.state {
            TakeState::Recording { beep_at, .. }
            | TakeState::Grace { beep_at, .. }
            | TakeState::Finished { beep_at, .. } => Some(beep_at),
            _ => None,
        }
    }

    /// The part of this id.
    pub fn part(&self, id: PartId) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// How often it was interrupted, all acts together.
    pub fn interruption_count(&self) -> u32 {
        self.interruptions.values().sum()
    }

    /// Parts that count for the policy's limit: those for quality do not.
    pub fn counted_parts(&self) -> u32 {
        let counted = self.parts.iter().filter(|part| part.reason != PartReason::QualityChanged);
        u32::try_from(counted.count()).unwrap_or(u32::MAX)
    }

    /// Recorded length: what the parts say together; `None` until the recorder said so for each.
    pub fn duration_ms(&self) -> Option<Millis> {
        self.parts.iter().try_fold(Millis::ZERO, |sum, part| Some(sum + part.end?.duration_ms))
    }
}

impl PartReason {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
    const fn is_start(&self) -> bool {
        matches!(self, Self::Start)
    }

    /// The act that such a part means where the recording had not been reported as interrupted.
    pub const fn act(self) -> Option<Act> {
        match self {
            Self::Start | Self::QualityChanged => None,
            Self::Reload => Some(Act::Reload),
            Self::RecorderRestarted | Self::PhoneChanged => Some(Act::RecorderError),
        }
    }
}
