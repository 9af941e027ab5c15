//! What time does by itself, each thing at the moment it was due.

use super::Course;
use crate::delivery::{Delivery, DeliveryOutcome};
use crate::id::{SubmissionId, TakeId};
use crate::sitting::due::{Due, next};
use crate::sitting::{CloseCause, Event, FinishCause, LostCause, TakeState};

impl Course<'_> {
    /// Does everything that was due until now.
    pub(super) fn pass_time(&mut self) {
        let now = self.now;
        while let Some((at, due)) = next(&self.state).filter(|(at, _)| *at <= now) {
            self.now = at.max(self.state.last_at);
            self.fall_due(due);
        }
        self.now = now;
    }

    fn fall_due(&mut self, due: Due) {
        match due {
            Due::TakeLongest(take_id) => {
                self.record(Event::TakeFinished { take_id, cause: FinishCause::LongestReached });
            }
            Due::SittingClose => self.close(CloseCause::TimeUp),
            Due::SubjectClose(subject_id) => {
                self.end_subject_by_time(subject_id);
                self.go_on();
            }
            Due::GraceOver(take_id) => self.grace_over(take_id),
            Due::TakeSilent(take_id) => self.lose(take_id, LostCause::Silent, true),
            Due::SuspensionLapse => self.close(CloseCause::SuspensionLapsed),
            Due::DeliveryLapse(submission_id) => self.lapse(submission_id),
        }
    }

    fn grace_over(&mut self, take_id: TakeId) {
        let state = self.state.take(take_id).map(|(_, take)| take.state);
        if let Some(TakeState::Grace { act, .. }) = state {
            self.take_effect(take_id, act);
        }
    }

    fn lapse(&mut self, submission_id: SubmissionId) {
        let delivery = Delivery::settled(DeliveryOutcome::Lapsed, self.now);
        self.record(Event::Delivered { submission_id, delivery });
    }
}
