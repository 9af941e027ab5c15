//! A review (人工审核): a question that a person at the desk decides, as an aggregate (§E).
//!
//! `Open → Claimed → Decided`, with `NeedMore` while the candidate is asked for more and `Cancelled` when nobody
//! needs the answer any more. [`decide`] turns a command into an event, [`Review::apply`] an event into state.
//! Where the desk asks for four eyes, a decision is an opinion until a second person says the same.

mod command;
mod decide;
mod service;

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, CandidateId, ReviewId, SittingId};
use crate::time::{Millis, Timestamp};

pub use command::{Command, Event};
pub use decide::{CLAIM_HOLDS, decide};
pub use service::{ALARM_AFTER, ServiceHours, ZoneOffset, alarm_at};

/// Version of the document's shape.
pub const SCHEMA_VERSION: u32 = 1;

/// What a review is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReviewKind {
    /// Whether a document is the candidate's (C5, C7, C14).
    Identity,
    /// Whether the person before the camera is the candidate (E4, F7).
    Face,
    /// A document or 考生号 that another account has (C12, D7).
    Appeal,
    /// Something final that is wrong (D8).
    Correction,
}

/// What a review comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As the candidate asked.
    Approved,
    /// Not so.
    Refused,
}

/// How far a review is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReviewState {
    /// It waits for somebody at the desk.
    Open,
    /// Somebody looks at it.
    Claimed {
        /// Who.
        by: AccountId,
        /// Since when; a claim does not hold for ever.
        at: Timestamp,
    },
    /// The candidate has to give more; the service clock rests.
    NeedMore {
        /// Who asked.
        by: AccountId,
        /// When.
        at: Timestamp,
    },
    /// It is answered.
    Decided {
        /// Who had the last word.
        by: AccountId,
        /// When.
        at: Timestamp,
        /// What.
        verdict: Verdict,
    },
    /// Nobody needs the answer any more.
    Cancelled {
        /// Who; none where the candidate, or what they did, made it needless.
        by: Option<AccountId>,
        /// When.
        at: Timestamp,
    },
}

/// What one pair of eyes says, where four are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Whose.
    pub by: AccountId,
    /// What.
    pub verdict: Verdict,
    /// When.
    pub at: Timestamp,
}

/// A review; holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Version of this document's shape.
    pub schema_version: u32,
    /// The review.
    pub id: ReviewId,
    /// About what.
    pub kind: ReviewKind,
    /// Which of several of its kind: `document`, `exam_number` …; empty where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
    /// For whom.
    pub candidate_id: CandidateId,
    /// In which sitting it came up, if in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sitting_id: Option<SittingId>,
    /// Whether two people have to agree.
    pub four_eyes: bool,
    /// When it was asked for.
    pub opened_at: Timestamp,
    /// When it is to be answered by (E2); moved on where the candidate had to give more.
    pub due_at: Timestamp,
    /// Number of its last event.
    pub version: u64,
    /// How far it is.
    pub state: ReviewState,
    /// What has been said so far, where four eyes are asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opinions: Vec<Opinion>,
}

/// What a review is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReview {
    /// The review.
    pub id: ReviewId,
    /// About what.
    pub kind: ReviewKind,
    /// Which of several of its kind.
    pub topic: String,
    /// For whom.
    pub candidate_id: CandidateId,
    /// In which sitting it came up.
    pub sitting_id: Option<SittingId>,
    /// Whether two people have to agree.
    pub four_eyes: bool,
}

impl ReviewKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Face, Self::Appeal, Self::Correction];

    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Face => "face",
            Self::Appeal => "appeal",
            Self::Correction => "correction",
        }
    }
}

impl ReviewState {
    /// The state's name on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed { .. } => "claimed",
            Self::NeedMore { .. } => "need_more",
            Self::Decided { .. } => "decided",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

impl Review {
    /// A review that waits for the desk.
    pub fn open(new: NewReview, due_at: Timestamp, now: Timestamp) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            id: new.id,
            kind: new.kind,
            topic: new.topic,
            candidate_id: new.candidate_id,
            sitting_id: new.sitting_id,
            four_eyes: new.four_eyes,
            opened_at: now,
            due_at,
            version: 1,
            state: ReviewState::Open,
            opinions: Vec::new(),
        }
    }

    /// Whether an answer is still to come.
    pub const fn is_live(&self) -> bool {
        !matches!(self.state, ReviewState::Decided { .. } | ReviewState::Cancelled { .. })
    }

    /// When it came to its end.
    pub const fn closed_at(&self) -> Option<Timestamp> {
        match self.state {
            ReviewState::Decided { at, .. } | ReviewState::Cancelled { at, .. } => Some(at),
            _ => None,
        }
    }

    /// Who has it before them.
    pub const fn claimed_by(&self) -> Option<AccountId> {
        match self.state {
            ReviewState::Claimed { by, .. } => Some(by),
            _ => None,
        }
    }

    /// What came of it, once it is decided.
    pub const fn verdict(&self) -> Option<Verdict> {
        match self.state {
            ReviewState::Decided { verdict, .. } => Some(verdict),
            _ => None,
        }
    }

    /// How long the desk took where the candidate had to wait from `from` on: what an open sitting is given back.
    pub fn desk_took(&self, from: Timestamp) -> Millis {
        self.closed_at().map_or(Millis::ZERO, |at| at.since(self.opened_at.max(from)))
    }

    /// The review after an event.
    pub fn apply(&mut self, event: &Event, now: Timestamp) {
        self.version += 1;
        match event {
            Event::Claimed { by, .. } => self.state = ReviewState::Claimed { by: *by, at: now },
            Event::Released { .. } => self.state = ReviewState::Open,
            Event::AskedForMore { by } => self.state = ReviewState::NeedMore { by: *by, at: now },
            Event::MoreGiven { due_at } => {
                self.due_at = *due_at;
                self.state = ReviewState::Open;
            }
            Event::OpinionGiven { by, verdict } => {
                self.opinions.push(Opinion { by: *by, verdict: *verdict, at: now });
                self.state = ReviewState::Open;
            }
            Event::Decided { by, verdict } => {
                if self.four_eyes {
                    self.opinions.push(Opinion { by: *by, verdict: *verdict, at: now });
                }
                self.state = ReviewState::Decided { by: *by, at: now, verdict: *verdict };
            }
            Event::Cancelled { by } => self.state = ReviewState::Cancelled { by: *by, at: now },
        }
    }
}

#[cfg(test)]
mod tests;
