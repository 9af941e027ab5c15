//! What staff do to a sitting, and what the footage side reports.

use super::{Course, GRANT_MAX, closed};
use crate::delivery::{Delivery, DeliveryOutcome};
use crate::id::{SubjectId, SubmissionId, TakeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::sitting::{CloseCause, Event, LostCause, Phase, RunState};
use crate::time::{Millis, Timestamp};

use super::take::already_submitted;

impl Course<'_> {
    /// Grants time, also before entry (NEW10, NEW11).
    pub(super) fn grant(&mut self, extra_ms: Millis, reason: &str) -> Result<(), Refusal> {
        if extra_ms <= Millis::ZERO || extra_ms > GRANT_MAX {
            return Err(Refusal::new(RefusalCode::GrantInvalid).lasting("limit_ms", GRANT_MAX));
        }
        let reason = reason.to_owned();
        match self.state.phase {
            Phase::Waiting { .. } => self.record(Event::GrantedAhead { extra_ms, reason }),
            Phase::Closed { closed_at, .. } => return Err(closed(closed_at)),
            Phase::Open { closes_at, .. }
            | Phase::Suspended { closes_at, .. }
            | Phase::Reopened { until: closes_at, .. } => {
                let deliver_until = self.deliver_until_after(extra_ms);
                self.record(Event::Granted {
                    extra_ms,
                    closes_at: closes_at + extra_ms,
                    deliver_until,
                    reason,
                });
            }
        }
        Ok(())
    }

    /// Grants an attempt; a subject that had failed opens again.
    pub(super) fn grant_attempt(&mut self, subject_id: SubjectId, reason: &str) -> Result<(), Refusal> {
        let subject = self.ctx.subject(subject_id)?;
        let run = self.run(subject_id)?;
        if let Phase::Closed { closed_at, .. } = self.state.phase {
            return Err(closed(closed_at));
        }
        match run.state {
            RunState::Submitted => return Err(already_submitted(run)),
            RunState::Skipped => return Err(RefusalCode::SubjectSkipped.into()),
            RunState::Missed => return Err(RefusalCode::SubjectClosed.into()),
            RunState::Pending | RunState::Waiting | RunState::Open { .. } | RunState::Failed => {}
        }
        if self.is_surplus(subject, run) {
            return Err(RefusalCode::SubjectSkipped.into());
        }
        let failed = run.state == RunState::Failed;
        self.record(Event::AttemptGranted { subject_id, reason: reason.to_owned() });
        if failed {
            let closes_at = subject.duration_ms.map(|duration| self.now + duration);
            self.record(Event::SubjectOpened { subject_id, closes_at });
        }
        Ok(())
    }

    /// Decides on what a phone sealed only after the close. The same again changes nothing; another word takes the
    /// place of the one before, and both stay on the timeline.
    pub(super) fn judge_late(&mut self, take_id: TakeId, counts: bool, reason: &str) -> Result<(), Refusal> {
        let (_, take) = self.take(take_id)?;
        if !take.is_finished() {
            return Err(RefusalCode::SubmissionTakeNotFinished.into());
        }
        if take.late_counts != Some(counts) {
            self.record(Event::LateJudged { take_id, counts, reason: reason.to_owned() });
        }
        Ok(())
    }

    /// Stops an open sitting. A take under way is lost, and its attempt given back.
    pub(super) fn suspend(&mut self, reason: &str) -> Result<(), Refusal> {
        self.require_open()?;
        if matches!(self.state.phase, Phase::Reopened { .. }) {
            return Err(RefusalCode::SittingReopened.into());
        }
        if let Some(take_id) = self.state.live_take().map(|(_, take)| take.id) {
            self.record(Event::TakeLost { take_id, cause: LostCause::Suspended, counted: false });
        }
        self.record(Event::Suspended { reason: reason.to_owned() });
        Ok(())
    }

    /// Lets it go on; the time it stood still is granted.
    pub(super) fn resume(&mut self) -> Result<(), Refusal> {
        let Phase::Suspended { closes_at, since, .. } = self.state.phase else {
            return Err(RefusalCode::SittingNotSuspended.into());
        };
        let extra_ms = self.now.since(since);
        let deliver_until = self.deliver_until_after(extra_ms);
        self.record(Event::Resumed { extra_ms, closes_at: closes_at + extra_ms, deliver_until });
        Ok(())
    }

    /// Opens a subject that is over, with at least one attempt. Its submission stands until another takes its place.
    /// In a sitting still open the sitting's close holds besides `until`.
    pub(super) fn reopen(
        &mut self,
        subject_id: SubjectId,
        until: Timestamp,
        reason: &str,
    ) -> Result<(), Refusal> {
        let subject = self.ctx.subject(subject_id)?;
        let run = self.run(subject_id)?;
        let attempts = subject.policy.attempts;
        match self.state.phase {
            Phase::Waiting { .. } => return Err(RefusalCode::SittingNotEntered.into()),
            Phase::Suspended { .. } => return Err(RefusalCode::SittingSuspended.into()),
            Phase::Open { .. } | Phase::Reopened { .. } | Phase::Closed { .. } => {}
        }
        if !run.is_over() {
            return Err(RefusalCode::SubjectStillOpen.into());
        }
        if until <= self.now {
            return Err(RefusalCode::ReopenUntil.into());
        }
        if self.is_surplus(subject, run) {
            return Err(RefusalCode::SubjectSkipped.into());
        }
        let extra_attempts = u32::from(run.attempts_left(attempts) == 0);
        let until = match self.state.phase {
            Phase::Open { closes_at, .. } => until.min(closes_at),
            _ => until,
        };
        let deliver_until =
            (until + self.ctx.policy.deliver_within_ms).max(self.deliver_until_after(Millis::ZERO));
        let reason = reason.to_owned();
        self.record(Event::Reopened { subject_id, until, deliver_until, extra_attempts, reason });
        Ok(())
    }

    pub(super) fn end_by_staff(&mut self, reason: &str) -> Result<(), Refusal> {
        if let Phase::Closed { closed_at, .. } = self.state.phase {
            return Err(closed(closed_at));
        }
        self.close(CloseCause::Staff { reason: reason.to_owned() });
        Ok(())
    }

    /// Settles a submission's delivery, once; the same again changes nothing.
    pub(super) fn deliver(
        &mut self,
        submission_id: SubmissionId,
        outcome: DeliveryOutcome,
    ) -> Result<(), Refusal> {
        let (_, submission) = self.state.submission(submission_id).ok_or(RefusalCode::SubmissionNotFound)?;
        match submission.delivery.outcome() {
            None => {
                let delivery = Delivery::settled(outcome, self.now);
                self.record(Event::Delivered { submission_id, delivery });
                Ok(())
            }
            Some(settled) if settled == outcome => Ok(()),
            Some(settled) => Err(Refusal::new(RefusalCode::DeliverySettled)
                .with("state", serde_json::to_value(settled).unwrap_or_default())),
        }
    }

    fn deliver_until_after(&self, extra: Millis) -> Timestamp {
        self.state.deliver_until.map_or(self.now, |until| until + extra)
    }
}
