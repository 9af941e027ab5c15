//! What agents and candidates ask of a review, and what happened to it. What they write is personal: it is
//! kept beside the event, closed, and never in it.

use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::id::AccountId;
use crate::time::Timestamp;

/// What is asked of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// An agent takes it.
    Claim {
        /// Who.
        by: AccountId,
    },
    /// The agent who has it puts it back.
    Release {
        /// Who.
        by: AccountId,
    },
    /// The agent who has it decides.
    Decide {
        /// Who.
        by: AccountId,
        /// What.
        verdict: Verdict,
        /// Why; the candidate reads it.
        reason: String,
    },
    /// The agent who has it needs something from the candidate.
    AskForMore {
        /// Who.
        by: AccountId,
        /// What; the candidate reads it.
        what: String,
    },
    /// The candidate gave what was asked for.
    GiveMore {
        /// When it is to be answered by now: the service clock begins again.
        due_at: Timestamp,
    },
    /// Nobody needs the answer any more.
    Cancel {
        /// Which agent; none where the candidate, or what they did, made it needless.
        by: Option<AccountId>,
        /// Why, where an agent does it; the candidate reads it.
        reason: String,
    },
}

/// What happened to a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are named as in the commands and states that document them")]
pub enum Event {
    /// Somebody took it, or took it over from one whose claim no longer held.
    Claimed { by: AccountId, from: Option<AccountId> },
    /// It was put back.
    Released { by: AccountId },
    /// The candidate is asked for more.
    AskedForMore { by: AccountId },
    /// The candidate gave it.
    MoreGiven { due_at: Timestamp },
    /// One pair of eyes has decided; another is needed.
    OpinionGiven { by: AccountId, verdict: Verdict },
    /// It is decided.
    Decided { by: AccountId, verdict: Verdict },
    /// Nobody needs the answer any more.
    Cancelled { by: Option<AccountId> },
}

impl Event {
    /// The event's name on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Claimed { .. } => "claimed",
            Self::Released { .. } => "released",
            Self::AskedForMore { .. } => "asked_for_more",
            Self::MoreGiven { .. } => "more_given",
            Self::OpinionGiven { .. } => "opinion_given",
            Self::Decided { .. } => "decided",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}
