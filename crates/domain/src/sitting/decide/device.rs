//! Which device a candidate's commands come from.

use super::Course;
use crate::id::DeviceId;
use crate::policy::PhoneChange;
use crate::refusal::{Refusal, RefusalCode};
use crate::sitting::{Command, Event, PartReason, Phase, SecondSignIn, SignInOutcome};

impl Course<'_> {
    /// Lets one device drive the sitting. Another may take its place where the exam lets phones be changed: between
    /// takes with any command, during one only by going on with it. What a phone adds afterwards about its own
    /// finished take is always heard, or its footage could not be completed.
    pub(super) fn drive(&mut self, device_id: DeviceId, command: &Command) -> Result<(), Refusal> {
        let is_late_word = matches!(command, Command::FinishTake { take_id, .. }
            if self.state.take(*take_id).is_some_and(|(_, take)| !take.is_live()));
        let known = self.state.device_id;
        if known == Some(device_id) || is_late_word {
            return Ok(());
        }
        if known.is_some() {
            if self.ctx.policy.phone_change == PhoneChange::Refuse {
                return Err(RefusalCode::SittingOtherDevice.into());
            }
            if self.state.live_take().is_some() && !matches!(command, Command::OpenPart { .. }) {
                return Err(RefusalCode::SittingOtherDeviceRecords.into());
            }
        }
        self.record(Event::DeviceTaken { device_id });
        Ok(())
    }

    /// The reason of a new part, as it is and not as the phone says: another device is another phone.
    pub(super) fn true_reason(&self, before: Option<DeviceId>, said: PartReason) -> PartReason {
        let has_changed = before.is_some() && before != self.state.device_id;
        if has_changed { PartReason::PhoneChanged } else { said }
    }

    /// Somebody signed in on another device, or tried to; whoever drives the sitting is told.
    pub(super) fn note_sign_in(&mut self, device: &str, outcome: SignInOutcome) {
        let told = SecondSignIn { at: self.now, device: device.to_owned(), outcome };
        self.record(Event::SecondSignIn(told));
    }

    /// Staff let another device take the place of the one that drives the sitting.
    pub(super) fn release_device(&mut self, reason: &str) -> Result<(), Refusal> {
        if let Phase::Closed { closed_at, .. } = self.state.phase {
            return Err(super::closed(closed_at));
        }
        if self.state.device_id.is_none() {
            return Err(RefusalCode::SittingNoDevice.into());
        }
        self.record(Event::DeviceReleased { reason: reason.to_owned() });
        Ok(())
    }
}
