//! What a sitting's state says, for rules and views.

use super::{Outcome, Part, Phase, RunState, Sitting, SubjectRun, Submission, Take, TakeState};
use crate::id::{PartId, SubjectId, SubmissionId, TakeId};
use crate::time::Timestamp;

impl Sitting {
    /// When the candidate entered, if ever.
    pub const fn entered_at(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Waiting { .. } => None,
            Phase::Open { entered_at, .. } | Phase::Suspended { entered_at, .. } => Some(entered_at),
            Phase::Reopened { entered_at, .. } | Phase::Closed { entered_at, .. } => entered_at,
        }
    }

    /// When it closes by itself, while candidates can act or will be able to.
    pub const fn closes_at(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Open { closes_at, .. } | Phase::Suspended { closes_at, .. } => Some(closes_at),
            Phase::Reopened { until, .. } => Some(until),
            Phase::Waiting { .. } | Phase::Closed { .. } => None,
        }
    }

    /// How it ended, while it is over.
    pub const fn outcome(&self) -> Option<Outcome> {
        match self.phase {
            Phase::Closed { outcome, .. } => Some(outcome),
            _ => None,
        }
    }

    /// Whether the candidate can record and submit, as far as the sitting is concerned.
    pub const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open { .. } | Phase::Reopened { .. })
    }

    /// Whether it is over.
    pub const fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed { .. })
    }

    /// The run through a subject.
    pub fn run(&self, id: SubjectId) -> Option<&SubjectRun> {
        self.subjects.iter().find(|run| run.subject_id == id)
    }

    /// A take, with the run it belongs to.
    pub fn take(&self, id: TakeId) -> Option<(&SubjectRun, &Take)> {
        self.subjects.iter().find_map(|run| Some((run, run.take(id)?)))
    }

    /// A part, with the run and take it belongs to.
    pub fn part(&self, id: PartId) -> Option<(&SubjectRun, &Take, &Part)> {
        let takes = self.subjects.iter().flat_map(|run| run.takes.iter().map(move |take| (run, take)));
        takes.into_iter().find_map(|(run, take)| Some((run, take, take.part(id)?)))
    }

    /// The take that is under way; never more than one.
    pub fn live_take(&self) -> Option<(&SubjectRun, &Take)> {
        self.subjects.iter().find_map(|run| Some((run, run.live_take()?)))
    }

    /// A submission, superseded or not, with the run it belongs to.
    pub fn submission(&self, id: SubmissionId) -> Option<(&SubjectRun, &Submission)> {
        let all = self.subjects.iter().flat_map(|run| run.submissions.iter().map(move |item| (run, item)));
        all.into_iter().find(|(_, submission)| submission.id == id)
    }

    /// When takes and submissions of an open run end: the earlier of the sitting's and the subject's close.
    pub fn run_closes_at(&self, run: &SubjectRun) -> Option<Timestamp> {
        let sitting = self.closes_at()?;
        match run.state {
            RunState::Open { closes_at } => Some(closes_at.map_or(sitting, |own| own.min(sitting))),
            _ => None,
        }
    }

    /// When a recording ends by itself: its longest or the close, whichever is earlier.
    pub fn take_ends_at(&self, run: &SubjectRun, take: &Take) -> Option<Timestamp> {
        match take.state {
            TakeState::Recording { max_ends_at, .. } | TakeState::Grace { max_ends_at, .. } => {
                Some(self.run_closes_at(run).map_or(max_ends_at, |close| close.min(max_ends_at)))
            }
            _ => None,
        }
    }

    /// Whether footage may still arrive (N2): before `deliver_until`, or while the sitting is not over.
    pub fn delivery_is_open(&self, now: Timestamp) -> bool {
        !self.is_closed() || self.deliver_until.is_none_or(|until| now < until)
    }

    pub(super) fn run_mut(&mut self, id: SubjectId) -> Option<&mut SubjectRun> {
        self.subjects.iter_mut().find(|run| run.subject_id == id)
    }

    pub(super) fn take_mut(&mut self, id: TakeId) -> Option<&mut Take> {
        self.subjects.iter_mut().flat_map(|run| run.takes.iter_mut()).find(|take| take.id == id)
    }
}
