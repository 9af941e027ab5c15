//! One device at a time: which one drives a sitting, and what a sign-in on another meets (B7, B8).

use serde::{Deserialize, Serialize};

use super::{Phase, Sitting};
use crate::exam::SittingKind;
use crate::id::DeviceId;
use crate::policy::{Policy, SecondLogin};
use crate::time::Timestamp;

/// What a sign-in on another device than the one that drives the sitting met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignInOutcome {
    /// It was refused.
    Refused,
    /// Its person was asked which device goes on, and has not answered.
    Asked,
    /// Its person said that this device goes on.
    TakenOver,
}

/// The latest sign-in on another device, as the one that drives the sitting is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondSignIn {
    /// When.
    pub at: Timestamp,
    /// What the other device is known by, such as `Pixel 8 · Android 14 · Chrome`.
    pub device: String,
    /// What it met.
    pub outcome: SignInOutcome,
}

impl Sitting {
    /// What a sign-in on `device` meets; `None`: nothing, for the sitting is no formal one under way, or the device
    /// is its own. It never ends anything.
    pub fn second_sign_in(
        &self,
        device: DeviceId,
        policy: &Policy,
        taking_over: bool,
    ) -> Option<SignInOutcome> {
        let is_under_way =
            matches!(self.phase, Phase::Open { .. } | Phase::Suspended { .. } | Phase::Reopened { .. });
        let is_other = self.device_id.is_some_and(|known| known != device);
        if !is_under_way || !is_other || self.kind != SittingKind::Formal {
            return None;
        }
        Some(match policy.second_login {
            SecondLogin::Refuse => SignInOutcome::Refused,
            SecondLogin::Ask if taking_over => SignInOutcome::TakenOver,
            SecondLogin::Ask => SignInOutcome::Asked,
        })
    }
}
