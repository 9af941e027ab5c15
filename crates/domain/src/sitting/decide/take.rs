//! Starting, recording and finishing a take (L1–L6).

use super::{Course, FACE_FRESH, PARTS_MAX, RESERVATION_MARGIN, RETURNED_TAKES_MAX, closed};
use crate::id::{FaceCheckId, PartId, SubjectId, TakeId};
use crate::policy::{Act, Effect, PhoneChange};
use crate::refusal::{Refusal, RefusalCode};
use crate::sitting::{
    Event, FaceEvidence, FinishCause, Interruption, LostCause, PartEnd, PartReason, Phase, RunState,
    SubjectRun, Take, TakeState,
};
use crate::standing::FaceRule;
use crate::time::{Millis, Timestamp};

/// How much earlier than its longest a take may end where it must run to it: the phone counts from its own beep.
const EARLY_STOP_SLACK: Millis = Millis::seconds(5);

impl Course<'_> {
    /// Reserves an attempt. Too little time left for the longest take is no reason to refuse.
    pub(super) fn start_take(
        &mut self,
        subject_id: SubjectId,
        take_id: TakeId,
        part_id: PartId,
        face: Option<FaceEvidence>,
    ) -> Result<(), Refusal> {
        let policy = &self.ctx.subject(subject_id)?.policy;
        let run = self.run(subject_id)?;
        self.require_open()?;
        self.require_run_open(run, policy.attempts)?;
        self.require_read(run)?;
        self.require_no_take()?;
        if run.attempts_left(policy.attempts) == 0 {
            let allowed = run.attempts_allowed(policy.attempts);
            return Err(Refusal::new(RefusalCode::TakeNoAttemptLeft).with("allowed", allowed));
        }
        if self.state.take(take_id).is_some() || self.state.part(part_id).is_some() {
            return Err(RefusalCode::PartAlreadyOpen.into());
        }
        let number = u32::try_from(run.takes.len() + 1).unwrap_or(u32::MAX);
        let silent_at = self.now + policy.position_ms + RESERVATION_MARGIN;
        let rule = FaceRule::of(policy, self.ctx.session.kind);
        let face = if rule.wants_check() { Some(self.fresh(subject_id, face)?) } else { None };
        self.record(Event::TakeStarted { subject_id, take_id, part_id, number, silent_at, face });
        Ok(())
    }

    /// A face check opens one take of its subject, and soon after it was made (F4).
    fn fresh(&self, subject_id: SubjectId, face: Option<FaceEvidence>) -> Result<FaceEvidence, Refusal> {
        let is_used = |check: FaceCheckId| {
            let takes = self.state.subjects.iter().flat_map(|run| &run.takes);
            takes.filter_map(|take| take.face).any(|used| used.check_id == check)
        };
        face.filter(|face| face.subject_id == subject_id && self.now.since(face.at) <= FACE_FRESH)
            .filter(|face| !is_used(face.check_id))
            .ok_or_else(|| RefusalCode::FaceCheckRequired.into())
    }

    pub(super) fn position(&mut self, take_id: TakeId) -> Result<(), Refusal> {
        let (run, take) = self.take(take_id)?;
        match take.state {
            TakeState::Preparing { .. } => {}
            TakeState::Positioning { .. } => return Ok(()),
            _ => return Err(self.begun_or_over(take)),
        }
        let policy = &self.ctx.subject(run.subject_id)?.policy;
        let silent_at = self.now + policy.position_ms + RESERVATION_MARGIN;
        self.record(Event::TakePositioned { take_id, silent_at });
        Ok(())
    }

    /// The attempt is consumed.
    pub(super) fn beep(&mut self, take_id: TakeId, part_id: PartId) -> Result<(), Refusal> {
        let (run, take) = self.take(take_id)?;
        if !matches!(take.state, TakeState::Preparing { .. } | TakeState::Positioning { .. }) {
            return Err(self.begun_or_over(take));
        }
        if take.parts.last().is_none_or(|part| part.id != part_id) {
            return Err(RefusalCode::PartNotFound.into());
        }
        let max_ends_at = self.now + self.ctx.subject(run.subject_id)?.policy.take_max_ms;
        self.record(Event::Beeped { take_id, part_id, max_ends_at });
        Ok(())
    }

    /// A recorder starts anew; where that is an interruption nobody reported, its policy decides first.
    pub(super) fn open_part(
        &mut self,
        take_id: TakeId,
        part_id: PartId,
        reason: PartReason,
        lasted_ms: Option<Millis>,
        previous: &[PartEnd],
    ) -> Result<(), Refusal> {
        let (run, take) = self.take(take_id)?;
        if !take.is_live() {
            return Err(self.begun_or_over(take));
        }
        let policy = &self.ctx.subject(run.subject_id)?.policy;
        if reason == PartReason::PhoneChanged && policy.phone_change == PhoneChange::Refuse {
            return Err(RefusalCode::TakePhoneChange.into());
        }
        if self.state.part(part_id).is_some() {
            return Err(RefusalCode::PartAlreadyOpen.into());
        }
        let counted =
            reason != PartReason::QualityChanged && take.counted_parts() >= policy.parts_per_take_max;
        if counted || take.parts.len() >= PARTS_MAX {
            let limit = if counted { policy.parts_per_take_max as usize } else { PARTS_MAX };
            return Err(Refusal::new(RefusalCode::TakePartLimit).with("limit", limit));
        }
        let ends = new_ends(take, previous)?;
        let state = take.state;
        self.record_ends(take_id, ends);
        match (state, reason.act()) {
            (TakeState::Recording { .. }, Some(act)) => self.unreported(take_id, act, lasted_ms),
            (TakeState::Grace { .. }, _) => self.record(Event::TakeResumed { take_id }),
            _ => {}
        }
        if self.state.take(take_id).is_some_and(|(_, take)| take.is_live()) {
            self.record(Event::PartOpened { take_id, part_id, reason });
        }
        Ok(())
    }

    /// Ends a take, or learns afterwards where the parts of a finished one ended: also after the close, for the
    /// seals say what was recorded before it, but not after the end of delivery.
    pub(super) fn finish_take(&mut self, take_id: TakeId, parts: &[PartEnd]) -> Result<(), Refusal> {
        let (run, take) = self.take(take_id)?;
        let ends = new_ends(take, parts)?;
        match take.state {
            TakeState::Finished { .. } => {
                if !ends.is_empty() && !self.state.delivery_is_open(self.now) {
                    return Err(self.delivery_lapsed());
                }
                self.record_ends(take_id, ends);
            }
            TakeState::Recording { max_ends_at, .. } | TakeState::Grace { max_ends_at, .. } => {
                let early_stop = self.ctx.subject(run.subject_id)?.policy.early_stop;
                if !early_stop && self.now + EARLY_STOP_SLACK < max_ends_at {
                    let ends_at = self.state.take_ends_at(run, take).unwrap_or(max_ends_at);
                    return Err(Refusal::new(RefusalCode::TakeNoEarlyStop).at("ends_at", ends_at));
                }
                self.record_ends(take_id, ends);
                self.record(Event::TakeFinished { take_id, cause: FinishCause::Candidate });
            }
            TakeState::Preparing { .. } | TakeState::Positioning { .. } => {
                return Err(RefusalCode::TakeNotBegun.into());
            }
            TakeState::Lost { .. } => return Err(self.begun_or_over(take)),
        }
        Ok(())
    }

    /// Before the beep the attempt is given back; after it the policy for recorder errors decides.
    pub(super) fn fail_take(&mut self, take_id: TakeId) -> Result<(), Refusal> {
        let (run, take) = self.take(take_id)?;
        match take.state {
            TakeState::Preparing { .. } | TakeState::Positioning { .. } => {
                let counted = run.attempts_returned() >= RETURNED_TAKES_MAX;
                self.lose(take_id, LostCause::RecorderFailed, counted);
            }
            TakeState::Recording { .. } | TakeState::Grace { .. } => {
                let policy = &self.ctx.subject(run.subject_id)?.policy;
                if policy.interruption.recorder_error.effect == Effect::Note {
                    self.record(Event::TakeFinished { take_id, cause: FinishCause::RecorderFailed });
                } else {
                    self.take_effect(take_id, Act::RecorderError);
                }
            }
            TakeState::Finished { .. } | TakeState::Lost { .. } => return Err(self.begun_or_over(take)),
        }
        Ok(())
    }

    /// No take of any subject is under way.
    pub(super) fn require_no_take(&self) -> Result<(), Refusal> {
        self.state.live_take().map_or(Ok(()), |(_, take)| {
            Err(Refusal::new(RefusalCode::TakeOtherRunning).with("number", take.number))
        })
    }

    /// Takes and submissions can be made in this run.
    pub(super) fn require_run_open(&self, run: &SubjectRun, attempts: u32) -> Result<(), Refusal> {
        match run.state {
            RunState::Open { .. } => Ok(()),
            RunState::Pending => Err(RefusalCode::SittingNotEntered.into()),
            RunState::Waiting => Err(self.turn()),
            RunState::Submitted => Err(already_submitted(run)),
            RunState::Skipped => Err(RefusalCode::SubjectSkipped.into()),
            RunState::Failed if run.attempts_left(attempts) == 0 => {
                Err(Refusal::new(RefusalCode::TakeNoAttemptLeft)
                    .with("allowed", run.attempts_allowed(attempts)))
            }
            RunState::Failed => Err(RefusalCode::SubjectFailed.into()),
            RunState::Missed => Err(RefusalCode::SubjectClosed.into()),
        }
    }

    /// Why a take is past the point where the command would have applied.
    pub(super) fn begun_or_over(&self, take: &Take) -> Refusal {
        match take.state {
            TakeState::Lost { cause, .. } => Refusal::new(RefusalCode::TakeLost).with("cause", cause.code()),
            TakeState::Finished { .. } => match self.state.phase {
                Phase::Closed { closed_at, .. } => closed(closed_at),
                _ => RefusalCode::TakeFinished.into(),
            },
            _ => RefusalCode::TakeAlreadyBegun.into(),
        }
    }

    pub(super) fn delivery_lapsed(&self) -> Refusal {
        let until = self.state.deliver_until.unwrap_or(Timestamp::NEVER);
        Refusal::new(RefusalCode::DeliveryLapsed).at("deliver_until_at", until)
    }

    fn record_ends(&mut self, take_id: TakeId, parts: Vec<PartEnd>) {
        if !parts.is_empty() {
            self.record(Event::PartsEnded { take_id, parts });
        }
    }

    fn unreported(&mut self, take_id: TakeId, act: Act, lasted_ms: Option<Millis>) {
        let lasted_ms = Some(lasted_ms.unwrap_or_default());
        self.weigh(take_id, &Interruption { act, began_at_captured_ms: Millis::ZERO, lasted_ms });
    }
}

/// N3: a submission is final.
pub(super) fn already_submitted(run: &SubjectRun) -> Refusal {
    let refusal = Refusal::new(RefusalCode::SubmissionAlreadyMade);
    match run.submission() {
        Some(submission) => refusal.at("submitted_at", submission.submitted_at),
        None => refusal,
    }
}

/// The ends that are news; the same again is none, another is refused, for it was committed to.
fn new_ends(take: &Take, claimed: &[PartEnd]) -> Result<Vec<PartEnd>, Refusal> {
    let mut news: Vec<PartEnd> = Vec::new();
    for claim in claimed {
        let part = take.part(claim.part_id).ok_or(RefusalCode::PartNotFound)?;
        if claim.end.duration_ms < Millis::ZERO {
            return Err(RefusalCode::PartIndexInvalid.into());
        }
        let known =
            part.end.or_else(|| news.iter().find(|end| end.part_id == claim.part_id).map(|end| end.end));
        match known {
            None => news.push(*claim),
            Some(end) if (end.last_index, end.head) == (claim.end.last_index, claim.end.head) => {}
            Some(_) => {
                return Err(
                    Refusal::new(RefusalCode::PartClaimDiffers).with("part", claim.part_id.to_string())
                );
            }
        }
    }
    Ok(news)
}
