//! A sitting's run through one subject, and what was submitted for it.

use serde::{Deserialize, Serialize};

use super::{SubmittedBy, Take};
use crate::delivery::Delivery;
use crate::id::{PaperId, QuestionId, SubjectId, SubjectRunId, SubmissionId, TakeId};
use crate::time::Timestamp;

/// A sitting's run through one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRun {
    /// The run.
    pub id: SubjectRunId,
    /// Through which subject.
    pub subject_id: SubjectId,
    /// How far it is.
    pub state: RunState,
    /// The paper as this candidate opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<OpenedPaper>,
    /// Attempts granted by staff on top of the policy's.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub extra_attempts: u32,
    /// The takes in the order of their start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Take>,
    /// The take that the candidate marked to be submitted at close, where the policy does that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<TakeId>,
    /// What was submitted, oldest first; only the last may be live.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub submissions: Vec<Submission>,
}

/// A paper that a candidate has opened: the same questions from then on, on every device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedPaper {
    /// Which paper.
    pub paper_id: PaperId,
    /// The questions this candidate has, in their order.
    pub questions: Vec<QuestionId>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// From when a take may begin.
    pub answer_from: Timestamp,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RunState {
    /// The sitting has not been entered.
    Pending,
    /// The subject before it is not over (fixed order).
    Waiting,
    /// Takes can be made.
    Open {
        /// The subject's own close, where it has one; the sitting's close holds besides.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        closes_at: Option<Timestamp>,
    },
    /// An answer stands.
    Submitted,
    /// An elective that was not taken.
    Skipped,
    /// A rule ended it, or no attempt is left and none can be submitted.
    Failed,
    /// Its time passed without a submission.
    Missed,
}

/// The answer chosen for a subject (提交); final for the candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The submission.
    pub id: SubmissionId,
    /// Counted from 1; staff reopening makes the next.
    pub revision: u32,
    /// Which take was chosen.
    pub take_id: TakeId,
    /// When; for one made by rule, the close.
    pub submitted_at: Timestamp,
    /// Who chose.
    #[serde(default, skip_serializing_if = "SubmittedBy::is_candidate")]
    pub by: SubmittedBy,
    /// How far its footage has come.
    #[serde(default, skip_serializing_if = "Delivery::is_pending")]
    pub delivery: Delivery,
    /// When a later revision took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_at: Option<Timestamp>,
}

impl SubjectRun {
    /// A run before entry.
    pub(super) const fn new(id: SubjectRunId, subject_id: SubjectId) -> Self {
        Self {
            id,
            subject_id,
            state: RunState::Pending,
            paper: None,
            extra_attempts: 0,
            takes: Vec::new(),
            chosen: None,
            submissions: Vec::new(),
        }
    }

    /// Attempts used: reserved, running, finished, and lost where the loss counts (L2).
    pub fn attempts_used(&self) -> u32 {
        count(self.takes.iter().filter(|take| take.counts()))
    }

    /// Attempts allowed, with those granted by staff.
    pub const fn attempts_allowed(&self, by_policy: u32) -> u32 {
        by_policy.saturating_add(self.extra_attempts)
    }

    /// Attempts left.
    pub fn attempts_left(&self, by_policy: u32) -> u32 {
        self.attempts_allowed(by_policy).saturating_sub(self.attempts_used())
    }

    /// How many takes the recorder failed before the beep, and the attempt was given back.
    pub fn attempts_returned(&self) -> u32 {
        count(self.takes.iter().filter(|take| !take.counts()))
    }

    /// The take of this id.
    pub fn take(&self, id: TakeId) -> Option<&Take> {
        self.takes.iter().find(|take| take.id == id)
    }

    /// The take that is under way.
    pub fn live_take(&self) -> Option<&Take> {
        self.takes.iter().find(|take| take.is_live())
    }

    /// The submission that stands.
    pub fn submission(&self) -> Option<&Submission> {
        self.submissions.last().filter(|submission| submission.superseded_at.is_none())
    }

    /// Whether takes can be made, as far as the run is concerned.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, RunState::Open { .. })
    }

    /// Whether the run is over, one way or another.
    pub const fn is_over(&self) -> bool {
        !matches!(self.state, RunState::Pending | RunState::Waiting | RunState::Open { .. })
    }

    /// The subject's own close, where it is open and has one.
    pub const fn closes_at(&self) -> Option<Timestamp> {
        match self.state {
            RunState::Open { closes_at } => closes_at,
            _ => None,
        }
    }

    /// What would be submitted by rule at close: the marked take, or else the latest finished one.
    pub fn take_to_submit(&self) -> Option<&Take> {
        let marked = self.chosen.and_then(|id| self.take(id)).filter(|take| take.is_finished());
        marked.or_else(|| self.takes.iter().rev().find(|take| take.is_finished()))
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
pub(super) const fn is_zero(number: &u32) -> bool {
    *number == 0
}
