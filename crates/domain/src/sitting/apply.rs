//! Events into state. Applying never fails and decides nothing: replaying a log gives the same state.

use super::take::Part;
use super::{
    Created, Event, OpenedPaper, Phase, Recorded, RunState, SCHEMA_VERSION, Sitting, SubjectRun, Submission,
    Take, TakeState,
};
use crate::delivery::Delivery;
use crate::id::{PartId, SubjectId, TakeId};
use crate::time::{Millis, Timestamp};

/// A log that is none of a sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The first event is not `Created`.
    #[error("the log does not begin with the sitting's creation")]
    NoCreation,
    /// An event is missing or out of place.
    #[error("event {found} stands where {expected} should")]
    OutOfSequence {
        /// The number that should follow.
        expected: u64,
        /// The number found.
        found: u64,
    },
}

impl Sitting {
    /// The state that a complete log leads to.
    ///
    /// # Errors
    /// The log does not begin with a creation, or its numbers have gaps.
    pub fn replay<'a>(log: impl IntoIterator<Item = &'a Recorded>) -> Result<Self, ReplayError> {
        let mut log = log.into_iter();
        let first = log.next().ok_or(ReplayError::NoCreation)?;
        let mut sitting = Self::created(first).ok_or(ReplayError::NoCreation)?;
        for recorded in log {
            let expected = sitting.version + 1;
            if recorded.seq != expected {
                return Err(ReplayError::OutOfSequence { expected, found: recorded.seq });
            }
            sitting.apply(recorded);
        }
        Ok(sitting)
    }

    /// The sitting that a `Created` event makes; `None` for any other event.
    pub fn created(recorded: &Recorded) -> Option<Self> {
        let Event::Created(Created {
            id,
            enrolment_id,
            revision_id,
            major_id,
            session_id,
            kind,
            entry_ends_at,
            subjects,
        }) = &recorded.event
        else {
            return None;
        };
        Some(Self {
            schema_version: SCHEMA_VERSION,
            id: *id,
            enrolment_id: *enrolment_id,
            revision_id: *revision_id,
            major_id: *major_id,
            session_id: *session_id,
            kind: *kind,
            version: recorded.seq,
            last_at: recorded.at,
            phase: Phase::Waiting { entry_ends_at: *entry_ends_at },
            granted_ms: Millis::ZERO,
            deliver_until: None,
            device_id: None,
            second_sign_in: None,
            subjects: subjects.iter().map(|(subject, run)| SubjectRun::new(*run, *subject)).collect(),
        })
    }

    /// Applies the next event. What names a take or subject that is not there changes nothing but the version.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.version = recorded.seq;
        self.last_at = recorded.at;
        let at = recorded.at;
        match &recorded.event {
            Event::Created(_) => {}
            Event::DeviceTaken { device_id } => self.device_id = Some(*device_id),
            Event::DeviceReleased { .. } => self.device_id = None,
            Event::SecondSignIn(told) => self.second_sign_in = Some(told.clone()),
            Event::Entered { .. }
            | Event::Granted { .. }
            | Event::GrantedAhead { .. }
            | Event::Suspended { .. }
            | Event::Resumed { .. }
            | Event::Reopened { .. }
            | Event::Closed { .. } => self.apply_to_phase(&recorded.event, at),
            Event::SubjectWaits { subject_id } => self.set_run(*subject_id, RunState::Waiting),
            Event::SubjectOpened { subject_id, closes_at } => {
                self.set_run(*subject_id, RunState::Open { closes_at: *closes_at });
            }
            Event::SubmissionKept { subject_id } => self.set_run(*subject_id, RunState::Submitted),
            Event::SubjectSkipped { subject_id } => self.set_run(*subject_id, RunState::Skipped),
            Event::SubjectFailed { subject_id, .. } => self.set_run(*subject_id, RunState::Failed),
            Event::SubjectMissed { subject_id } => self.set_run(*subject_id, RunState::Missed),
            Event::PaperOpened { .. }
            | Event::TakeStarted { .. }
            | Event::TakeChosen { .. }
            | Event::AttemptGranted { .. }
            | Event::Submitted { .. }
            | Event::Delivered { .. } => self.apply_to_run(&recorded.event, at),
            Event::TakePositioned { take_id, .. }
            | Event::Beeped { take_id, .. }
            | Event::PartOpened { take_id, .. }
            | Event::PartsEnded { take_id, .. }
            | Event::Interrupted { take_id, .. }
            | Event::QuestionShown { take_id, .. }
            | Event::QuestionHidden { take_id, .. }
            | Event::GraceBegan { take_id, .. }
            | Event::TakeResumed { take_id }
            | Event::TakeFinished { take_id, .. }
            | Event::LateJudged { take_id, .. }
            | Event::TakeLost { take_id, .. } => self.apply_to_take(*take_id, &recorded.event, at),
        }
    }

    fn apply_to_phase(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Entered { closes_at, deliver_until } => {
                self.phase = Phase::Open { entered_at: at, closes_at: *closes_at };
                self.deliver_until = Some(*deliver_until);
            }
            Event::GrantedAhead { extra_ms, .. } => self.granted_ms += *extra_ms,
            Event::Granted { extra_ms, closes_at, deliver_until, .. } => {
                self.lengthen(*extra_ms, *closes_at, *deliver_until);
            }
            Event::Suspended { .. } => {
                if let Phase::Open { entered_at, closes_at } = self.phase {
                    self.phase = Phase::Suspended { entered_at, closes_at, since: at };
                }
            }
            Event::Resumed { extra_ms, closes_at, deliver_until } => {
                if let Phase::Suspended { entered_at, closes_at, .. } = self.phase {
                    self.phase = Phase::Open { entered_at, closes_at };
                }
                self.lengthen(*extra_ms, *closes_at, *deliver_until);
            }
            Event::Reopened { subject_id, until, deliver_until, extra_attempts, .. } => {
                self.reopen(*subject_id, *until, *extra_attempts);
                self.deliver_until = Some(*deliver_until);
            }
            Event::Closed { outcome, deliver_until, .. } => {
                self.deliver_until = deliver_until.or(self.deliver_until);
                self.phase =
                    Phase::Closed { entered_at: self.entered_at(), closed_at: at, outcome: *outcome };
            }
            _ => {}
        }
    }

    /// Moves the close, the open subjects' own closes and the end of delivery.
    fn lengthen(&mut self, extra: Millis, close: Timestamp, deliver: Timestamp) {
        self.granted_ms += extra;
        self.deliver_until = Some(deliver);
        match &mut self.phase {
            Phase::Open { closes_at, .. } | Phase::Suspended { closes_at, .. } => *closes_at = close,
            Phase::Reopened { until, .. } => *until = close,
            Phase::Waiting { .. } | Phase::Closed { .. } => {}
        }
        for run in &mut self.subjects {
            if let RunState::Open { closes_at: Some(closes_at) } = &mut run.state {
                *closes_at = *closes_at + extra;
            }
        }
    }

    fn reopen(&mut self, subject_id: SubjectId, run_until: Timestamp, extra_attempts: u32) {
        match &mut self.phase {
            Phase::Closed { entered_at, outcome, .. } => {
                self.phase = Phase::Reopened { entered_at: *entered_at, until: run_until, before: *outcome };
            }
            Phase::Reopened { until, .. } => *until = run_until.max(*until),
            Phase::Waiting { .. } | Phase::Open { .. } | Phase::Suspended { .. } => {}
        }
        if let Some(run) = self.run_mut(subject_id) {
            run.state = RunState::Open { closes_at: Some(run_until) };
            run.extra_attempts += extra_attempts;
        }
    }

    fn set_run(&mut self, subject_id: SubjectId, state: RunState) {
        if let Some(run) = self.run_mut(subject_id) {
            run.state = state;
        }
    }

    fn apply_to_run(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::PaperOpened { subject_id, paper_id, questions, answer_from, .. } => {
                if let Some(run) = self.run_mut(*subject_id) {
                    let (paper_id, questions) = (*paper_id, questions.clone());
                    run.paper =
                        Some(OpenedPaper { paper_id, questions, opened_at: at, answer_from: *answer_from });
                }
            }
            Event::TakeStarted { subject_id, take_id, part_id, number, silent_at, face } => {
                if let Some(run) = self.run_mut(*subject_id) {
                    let started = Take::started(*take_id, *part_id, *number, at, *silent_at);
                    run.takes.push(Take { face: *face, ..started });
                }
            }
            Event::TakeChosen { subject_id, take_id } => {
                if let Some(run) = self.run_mut(*subject_id) {
                    run.chosen = Some(*take_id);
                }
            }
            Event::AttemptGranted { subject_id, .. } => {
                if let Some(run) = self.run_mut(*subject_id) {
                    run.extra_attempts += 1;
                }
            }
            Event::Submitted { subject_id, take_id, submission_id, revision, by } => {
                if let Some(run) = self.run_mut(*subject_id) {
                    run.submit(Submission {
                        id: *submission_id,
                        revision: *revision,
                        take_id: *take_id,
                        submitted_at: at,
                        by: *by,
                        delivery: Delivery::Pending,
                        superseded_at: None,
                    });
                }
            }
            Event::Delivered { submission_id, delivery } => {
                let mut all = self.subjects.iter_mut().flat_map(|run| run.submissions.iter_mut());
                if let Some(submission) = all.find(|submission| submission.id == *submission_id) {
                    submission.delivery = *delivery;
                }
            }
            _ => {}
        }
    }

    fn apply_to_take(&mut self, take_id: TakeId, event: &Event, at: Timestamp) {
        if let Some(take) = self.take_mut(take_id) {
            take.apply(event, at);
        }
    }
}

impl SubjectRun {
    /// The new submission stands; the one before it is superseded.
    fn submit(&mut self, submission: Submission) {
        if let Some(previous) = self.submissions.last_mut() {
            previous.superseded_at.get_or_insert(submission.submitted_at);
        }
        self.submissions.push(submission);
        self.state = RunState::Submitted;
    }
}

impl Take {
    fn started(id: TakeId, part_id: PartId, number: u32, at: Timestamp, silent_at: Timestamp) -> Self {
        Self {
            id,
            number,
            started_at: at,
            face: None,
            state: TakeState::Preparing { silent_at },
            interruptions: std::collections::BTreeMap::new(),
            late_counts: None,
            question_notes: 0,
            parts: vec![Part::opened(part_id, at, super::PartReason::Start)],
        }
    }

    fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::TakePositioned { silent_at, .. } => {
                self.state = TakeState::Positioning { silent_at: *silent_at }
            }
            Event::Beeped { max_ends_at, .. } => {
                self.state = TakeState::Recording { beep_at: at, max_ends_at: *max_ends_at };
            }
            Event::PartOpened { part_id, reason, .. } => self.parts.push(Part::opened(*part_id, at, *reason)),
            Event::PartsEnded { parts, .. } => {
                for claimed in parts {
                    if let Some(part) = self.parts.iter_mut().find(|part| part.id == claimed.part_id) {
                        part.end = Some(claimed.end);
                    }
                }
            }
            Event::Interrupted { interruption, .. } if self.beep_at().is_some() => {
                *self.interruptions.entry(interruption.act).or_default() += 1;
            }
            Event::QuestionShown { .. } | Event::QuestionHidden { .. } => self.question_notes += 1,
            Event::GraceBegan { act, until, .. } => self.begin_grace(*act, *until),
            Event::LateJudged { counts, .. } => self.late_counts = Some(*counts),
            Event::TakeResumed { .. } => self.resume(),
            Event::TakeFinished { .. } => {
                if let Some(beep_at) = self.beep_at() {
                    self.state = TakeState::Finished { beep_at, finished_at: at };
                }
            }
            Event::TakeLost { cause, counted, .. } => {
                self.state = TakeState::Lost { at, cause: *cause, counted: *counted };
            }
            _ => {}
        }
    }

    fn begin_grace(&mut self, act: crate::policy::Act, until: Timestamp) {
        if let TakeState::Recording { beep_at, max_ends_at } | TakeState::Grace { beep_at, max_ends_at, .. } =
            self.state
        {
            self.state = TakeState::Grace { beep_at, max_ends_at, act, until };
        }
    }

    fn resume(&mut self) {
        if let TakeState::Grace { beep_at, max_ends_at, .. } = self.state {
            self.state = TakeState::Recording { beep_at, max_ends_at };
        }
    }
}

impl Part {
    const fn opened(id: PartId, at: Timestamp, reason: super::PartReason) -> Self {
        Self { id, opened_at: at, reason, end: None }
    }
}
