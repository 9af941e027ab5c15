//! Interrupting acts and their effects (M1–M5), by the policy of each act.

use super::Course;
use crate::id::TakeId;
use crate::policy::{Act, Effect};
use crate::refusal::{Refusal, RefusalCode};
use crate::sitting::{CloseCause, Event, Interruption, LostCause, TakeState};
use crate::time::Millis;

/// Reports of one act within one take beyond which no more are kept.
const REPORTS_MAX: u32 = 500;

impl Course<'_> {
    /// Before the beep an act is only noted; from then on its policy holds. What is reported of a finished take
    /// afterwards is noted for the reviewers.
    pub(super) fn interrupt(&mut self, take_id: TakeId, interruption: &Interruption) -> Result<(), Refusal> {
        let (_, take) = self.take(take_id)?;
        let negative = interruption.lasted_ms.is_some_and(|lasted| lasted < Millis::ZERO);
        if negative
            || interruption.began_at_captured_ms < Millis::ZERO
            || take.interruption_count() >= REPORTS_MAX
        {
            return Err(RefusalCode::InterruptionInvalid.into());
        }
        match take.state {
            TakeState::Lost { cause, .. } => {
                return Err(Refusal::new(RefusalCode::TakeLost).with("cause", cause.code()));
            }
            TakeState::Grace { act, .. } if act == interruption.act => {
                if interruption.lasted_ms.is_some() {
                    self.record(Event::TakeResumed { take_id });
                }
            }
            TakeState::Recording { .. } | TakeState::Grace { .. } => self.weigh(take_id, interruption),
            _ => self.record(Event::Interrupted { take_id, interruption: *interruption }),
        }
        Ok(())
    }

    /// Counts an act of a recording take and lets its policy decide.
    ///
    /// One that is over is judged by its length; one that lasts gets the time the policy allows.
    pub(super) fn weigh(&mut self, take_id: TakeId, interruption: &Interruption) {
        self.record(Event::Interrupted { take_id, interruption: *interruption });
        let act = interruption.act;
        let Some((run, take)) = self.state.take(take_id) else { return };
        let Ok(subject) = self.ctx.subject(run.subject_id) else { return };
        let rule = *subject.policy.interruption.of(act);
        if rule.effect == Effect::Note {
            return;
        }
        let times = take.interruptions.get(&act).copied().unwrap_or_default();
        let allowed = times <= rule.allowed;
        match interruption.lasted_ms {
            Some(lasted) if allowed && lasted <= rule.resume_within_ms => {}
            None if allowed && rule.resume_within_ms > Millis::ZERO => {
                let until = self.now + rule.resume_within_ms;
                let until = match take.state {
                    TakeState::Grace { until: earlier, .. } => until.min(earlier),
                    _ => until,
                };
                self.record(Event::GraceBegan { take_id, act, until });
            }
            _ => self.take_effect(take_id, act),
        }
    }

    /// What the policy says an act beyond the allowed costs.
    pub(super) fn take_effect(&mut self, take_id: TakeId, act: Act) {
        let Some((run, _)) = self.state.take(take_id) else { return };
        let subject_id = run.subject_id;
        let Ok(subject) = self.ctx.subject(subject_id) else { return };
        let cause = LostCause::Interrupted { act };
        match subject.policy.interruption.of(act).effect {
            Effect::Note => {}
            Effect::LoseTake => self.lose(take_id, cause, true),
            Effect::EndSubject => {
                self.record(Event::TakeLost { take_id, cause, counted: true });
                self.fail_subject(subject_id, cause);
            }
            Effect::EndSitting => {
                self.record(Event::TakeLost { take_id, cause, counted: true });
                self.close(CloseCause::Interrupted { act });
            }
        }
    }
}
