//! The end of a take, a subject and a sitting (K3, K7, K12).
//!
//! A take that records when its time is up ends there and is finished: what was sealed before the close counts, so
//! that `at_close: submit_chosen` may choose it. One that had not begun is lost.

use sha2::{Digest, Sha256};

use super::Course;
use crate::exam::SittingKind;
use crate::id::{SubjectId, SubjectRunId, SubmissionId, TakeId};
use crate::policy::AtClose;
use crate::sitting::{
    CloseCause, Event, FinishCause, LostCause, Outcome, Phase, RunState, SubjectRun, SubmittedBy, Take,
    TakeState,
};
use crate::time::Timestamp;

impl Course<'_> {
    /// A take is lost; without another attempt and without a finished take, so is its subject.
    pub(super) fn lose(&mut self, take_id: TakeId, cause: LostCause, counted: bool) {
        self.record(Event::TakeLost { take_id, cause, counted });
        let Some((run, _)) = self.state.take(take_id) else { return };
        let Ok(subject) = self.ctx.subject(run.subject_id) else { return };
        if run.attempts_left(subject.policy.attempts) == 0 && !run.takes.iter().any(Take::is_finished) {
            self.fail_subject(subject.id, LostCause::NoAttemptLeft);
        }
    }

    /// A rule ends a subject; what was submitted before a reopening stands.
    pub(super) fn fail_subject(&mut self, subject_id: SubjectId, cause: LostCause) {
        let kept = self.state.run(subject_id).is_some_and(|run| run.submission().is_some());
        self.record(if kept {
            Event::SubmissionKept { subject_id }
        } else {
            Event::SubjectFailed { subject_id, cause }
        });
        self.go_on();
    }

    /// A subject's time is up: its running take ends, and what the policy says is submitted.
    pub(super) fn end_subject_by_time(&mut self, subject_id: SubjectId) {
        self.stop_take(subject_id, true);
        self.settle_subject(subject_id, true);
    }

    /// The sitting is over, with all its takes and subjects.
    pub(super) fn close(&mut self, cause: CloseCause) {
        let by_time = matches!(cause, CloseCause::TimeUp | CloseCause::SuspensionLapsed);
        for subject in &self.ctx.subjects {
            self.stop_take(subject.id, by_time);
        }
        for subject in &self.ctx.subjects {
            self.settle_subject(subject.id, by_time);
        }
        let outcome = self.outcome(&cause);
        self.record(Event::Closed { outcome, cause, deliver_until: self.delivery_after_standing_still() });
    }

    /// Footage of a sitting that stood still until its end has the time after the end that its exam gives.
    fn delivery_after_standing_still(&self) -> Option<Timestamp> {
        let Phase::Suspended { since, .. } = self.state.phase else { return None };
        Some(self.state.deliver_until? + self.now.since(since))
    }

    pub(super) fn stop_take(&mut self, subject_id: SubjectId, by_time: bool) {
        let Some(take) = self.state.run(subject_id).and_then(SubjectRun::live_take) else { return };
        let take_id = take.id;
        let begun = matches!(take.state, TakeState::Recording { .. } | TakeState::Grace { .. });
        self.record(match (by_time, begun) {
            (true, true) => Event::TakeFinished { take_id, cause: FinishCause::Close },
            (true, false) => Event::TakeLost { take_id, cause: LostCause::Close, counted: true },
            (false, _) => Event::TakeLost { take_id, cause: LostCause::SittingEnded, counted: true },
        });
    }

    fn settle_subject(&mut self, subject_id: SubjectId, by_time: bool) {
        let Some(run) = self.state.run(subject_id).filter(|run| !run.is_over()) else { return };
        let Ok(subject) = self.ctx.subject(subject_id) else { return };
        let by_rule = by_time
            && run.is_open()
            && subject.policy.at_close == AtClose::SubmitChosen
            && self.state.kind != SittingKind::Practice
            && (subject.compulsory || !self.electives_are_full());
        let chosen = by_rule.then(|| run.take_to_submit()).flatten().filter(|take| is_news(run, take));
        if let Some(take_id) = chosen.map(|take| take.id) {
            let submission_id = rule_submission_id(run.id, run.submissions.len(), self.now);
            self.record_submission(subject_id, take_id, submission_id, SubmittedBy::Rule);
        } else if run.submission().is_some() {
            self.record(Event::SubmissionKept { subject_id });
        } else if subject.compulsory || run.takes.iter().any(Take::is_finished) {
            self.record(Event::SubjectMissed { subject_id });
        } else {
            self.record(Event::SubjectSkipped { subject_id });
        }
    }

    fn outcome(&self, cause: &CloseCause) -> Outcome {
        let before = match self.state.phase {
            Phase::Waiting { .. } => Some(Outcome::Missed),
            Phase::Reopened { before, .. } => Some(before),
            _ => None,
        };
        match cause {
            CloseCause::Staff { .. } => Outcome::EndedByStaff,
            CloseCause::Interrupted { .. } => Outcome::EndedByRule,
            _ if self.is_complete() => Outcome::Completed,
            _ if before.is_some() => before.unwrap_or(Outcome::Missed),
            CloseCause::SuspensionLapsed => Outcome::EndedByStaff,
            _ if self.state.subjects.iter().any(|run| run.state == RunState::Failed) => Outcome::EndedByRule,
            _ => Outcome::Abandoned,
        }
    }

    /// All that is asked is submitted; of a practice nothing is asked.
    fn is_complete(&self) -> bool {
        if matches!(self.state.phase, Phase::Waiting { .. }) {
            return false;
        }
        let stands = |id| self.state.run(id).is_some_and(|run| run.state == RunState::Submitted);
        let compulsory =
            self.ctx.subjects.iter().filter(|subject| subject.compulsory).all(|subject| stands(subject.id));
        self.state.kind == SittingKind::Practice || (compulsory && self.picked() >= self.ctx.picks.pick_min)
    }
}

/// After a reopening only a take made since then replaces what stands.
fn is_news(run: &SubjectRun, take: &Take) -> bool {
    run.submission()
        .is_none_or(|standing| take.id != standing.take_id && take.started_at >= standing.submitted_at)
}

/// A `UUIDv7` of the close's time whose other bits follow from run and revision, so that every node that lets the
/// same close pass makes the same submission.
fn rule_submission_id(run: SubjectRunId, revisions: usize, at: Timestamp) -> SubmissionId {
    let mut hash = Sha256::new();
    hash.update(b"yikao-submission-by-rule-1");
    hash.update(run.as_bytes());
    hash.update((revisions as u64).to_be_bytes());
    let digest = hash.finalize();
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    let ms = u64::try_from(at.as_ms()).unwrap_or_default();
    SubmissionId::from_uuid(uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid())
}
