//! Choosing, submitting, leaving out (N1–N3, N9, K7).

use super::Course;
use super::take::already_submitted;
use crate::exam::SittingKind;
use crate::id::{SubjectId, SubmissionId, TakeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::sitting::{
    CloseCause, Event, Phase, RunState, SubjectContext, SubjectRun, SubmittedBy, Take, TakeState,
};

impl Course<'_> {
    /// Exactly once per subject, a finished take, before the close; each cause of a no is its own (N9).
    pub(super) fn submit(
        &mut self,
        subject_id: SubjectId,
        take_id: TakeId,
        submission_id: SubmissionId,
    ) -> Result<(), Refusal> {
        let attempts = self.ctx.subject(subject_id)?.policy.attempts;
        let run = self.run(subject_id)?;
        self.require_submittable(run, attempts)?;
        let take = run.take(take_id).ok_or(RefusalCode::TakeNotFound)?;
        self.require_finished(take)?;
        self.record_submission(subject_id, take_id, submission_id, SubmittedBy::Candidate);
        self.go_on();
        Ok(())
    }

    /// Marks the take to be submitted at close.
    pub(super) fn choose(&mut self, take_id: TakeId) -> Result<(), Refusal> {
        let (run, take) = self.take(take_id)?;
        let attempts = self.ctx.subject(run.subject_id)?.policy.attempts;
        self.require_submittable(run, attempts)?;
        self.require_finished(take)?;
        let subject_id = run.subject_id;
        self.record(Event::TakeChosen { subject_id, take_id });
        Ok(())
    }

    /// Leaves an elective out, where enough others are left.
    pub(super) fn skip(&mut self, subject_id: SubjectId) -> Result<(), Refusal> {
        let subject = self.ctx.subject(subject_id)?;
        let run = self.run(subject_id)?;
        self.require_open()?;
        self.require_run_open(run, subject.policy.attempts)?;
        if subject.compulsory {
            return Err(RefusalCode::SubjectCompulsory.into());
        }
        self.require_no_take()?;
        if self.electives_possible() <= self.ctx.picks.pick_min {
            return Err(self.electives_missing());
        }
        self.leave_out(subject_id);
        self.go_on();
        Ok(())
    }

    /// Ends the sitting without the electives not taken (K7); a practice ends when its candidate likes.
    pub(super) fn finish(&mut self) -> Result<(), Refusal> {
        self.require_open()?;
        if self.state.live_take().is_some() {
            return Err(RefusalCode::SittingTakeRunning.into());
        }
        if self.state.kind != SittingKind::Practice {
            self.require_enough()?;
        }
        self.close(CloseCause::Finished);
        Ok(())
    }

    pub(super) fn record_submission(
        &mut self,
        subject_id: SubjectId,
        take_id: TakeId,
        submission_id: SubmissionId,
        by: SubmittedBy,
    ) {
        let revision = self.state.run(subject_id).map_or(1, next_revision);
        self.record(Event::Submitted { subject_id, take_id, submission_id, revision, by });
    }

    /// How many electives are submitted.
    pub(super) fn picked(&self) -> u32 {
        self.electives(|run| run.state == RunState::Submitted)
    }

    /// Whether as many electives are submitted as may be.
    pub(super) fn electives_are_full(&self) -> bool {
        self.picked() >= self.ctx.picks.pick_max
    }

    /// Whether an elective has no place any more; staff may give it one once the sitting is over.
    pub(super) fn is_surplus(&self, subject: &SubjectContext, run: &SubjectRun) -> bool {
        let open = matches!(self.state.phase, Phase::Open { .. });
        open && !subject.compulsory && run.submission().is_none() && self.electives_are_full()
    }

    /// An elective is left out, with a take that may be under way: what was submitted before a reopening stands.
    fn leave_out(&mut self, subject_id: SubjectId) {
        self.stop_take(subject_id, true);
        let kept = self.state.run(subject_id).is_some_and(|run| run.submission().is_some());
        self.record(if kept {
            Event::SubmissionKept { subject_id }
        } else {
            Event::SubjectSkipped { subject_id }
        });
    }

    /// Once the most that may be picked are submitted, the others are left out.
    pub(super) fn skip_surplus_electives(&mut self) {
        if !self.electives_are_full() {
            return;
        }
        for subject in self.ctx.subjects.iter().filter(|subject| !subject.compulsory) {
            if self.state.run(subject.id).is_some_and(|run| !run.is_over()) {
                self.leave_out(subject.id);
            }
        }
    }

    fn require_submittable(&self, run: &SubjectRun, attempts: u32) -> Result<(), Refusal> {
        if self.state.kind == SittingKind::Practice {
            return Err(RefusalCode::SubmissionPractice.into());
        }
        match (run.state, self.state.phase) {
            (RunState::Submitted, _) => Err(already_submitted(run)),
            (RunState::Failed, _) if run.attempts_left(attempts) == 0 => {
                let allowed = run.attempts_allowed(attempts);
                Err(Refusal::new(RefusalCode::SubmissionAttemptsUsedUp).with("allowed", allowed))
            }
            (_, Phase::Closed { closed_at, .. }) => {
                Err(Refusal::new(RefusalCode::SubmissionTimeOver).at("closed_at", closed_at))
            }
            _ => {
                self.require_open()?;
                self.require_run_open(run, attempts)
            }
        }
    }

    fn require_finished(&self, take: &Take) -> Result<(), Refusal> {
        match take.state {
            TakeState::Finished { .. } => self.require_no_take(),
            TakeState::Lost { cause, .. } => {
                Err(Refusal::new(RefusalCode::SubmissionTakeLost).with("cause", cause.code()))
            }
            _ => Err(RefusalCode::SubmissionTakeNotFinished.into()),
        }
    }

    /// Every compulsory subject is submitted, and enough electives.
    fn require_enough(&self) -> Result<(), Refusal> {
        let missing: Vec<&str> = self
            .ctx
            .subjects
            .iter()
            .filter(|subject| subject.compulsory)
            .filter(|subject| self.state.run(subject.id).is_none_or(|run| run.submission().is_none()))
            .map(|subject| subject.name.as_str())
            .collect();
        if !missing.is_empty() {
            return Err(
                Refusal::new(RefusalCode::SittingCompulsoryMissing).with("missing", missing.join("、"))
            );
        }
        let standing = self.electives(|run| run.submission().is_some());
        if standing < self.ctx.picks.pick_min { Err(self.electives_missing()) } else { Ok(()) }
    }

    fn electives_missing(&self) -> Refusal {
        Refusal::new(RefusalCode::SittingElectivesMissing)
            .with("pick_min", self.ctx.picks.pick_min)
            .with("picked", self.picked())
    }

    /// Electives that are submitted or can still be.
    fn electives_possible(&self) -> u32 {
        self.electives(|run| run.state == RunState::Submitted || !run.is_over())
    }

    fn electives(&self, counts: impl Fn(&SubjectRun) -> bool) -> u32 {
        let electives = self.ctx.subjects.iter().filter(|subject| !subject.compulsory);
        let counted = electives.filter(|subject| self.state.run(subject.id).is_some_and(&counts)).count();
        u32::try_from(counted).unwrap_or(u32::MAX)
    }
}

fn next_revision(run: &SubjectRun) -> u32 {
    u32::try_from(run.submissions.len() + 1).unwrap_or(u32::MAX)
}
