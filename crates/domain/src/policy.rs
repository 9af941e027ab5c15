//! What the seeds disagree on (§W, §X): every setting of an exam, and how a subject's values are found.

mod acts;
mod media;
mod overrides;
mod preset;

use serde::{Deserialize, Serialize};

use crate::time::Millis;

pub use acts::{Act, ActPolicy, Effect, InterruptionOverrides, InterruptionPolicy};
pub use media::{Facing, MediaProfile, Orientation};
pub use overrides::{Layer, Overrides, Resolution, Resolved, Source, resolve};
pub(crate) use overrides::{lay_over, source_of};
pub use preset::Preset;

/// Every setting, resolved for one subject. Durations in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Policy {
    /// How many takes a candidate has at a subject (L2); at least 1.
    pub attempts: u32,
    /// The clock from entry (K2); `None`: only the session's window ends the sitting.
    ///
    /// Set on a subject itself, it is that subject's own clock from the moment it opens.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub duration_ms: Option<Millis>,
    /// What entering late costs (K5).
    pub late_entry: LateEntry,
    /// The longest a take may run from the beep.
    pub take_max_ms: Millis,
    /// Shorter takes are warned about before submission; they are not refused.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub take_min_ms: Option<Millis>,
    /// Time to get into position between start and beep (L1).
    pub position_ms: Millis,
    /// Whether the candidate may end a take before `take_max_ms` (§X).
    pub early_stop: bool,
    /// What happens at close to a subject with a finished take and no submission (K3).
    pub at_close: AtClose,
    /// How long after the close footage may still arrive (N2).
    pub deliver_within_ms: Millis,
    /// What segments first sealed after the close count for.
    pub late_seals: LateSeals,
    /// How many recorder runs a take may have; runs started to change the quality are not counted.
    pub parts_per_take_max: u32,
    /// What interrupting acts cost (M2).
    pub interruption: InterruptionPolicy,
    /// Picture and sound to record.
    pub media: MediaProfile,
    /// The face check before a take (L1).
    pub face: FaceCheck,
    /// What three failed checks in a row cost (F5).
    pub after_three_strikes: AfterThreeStrikes,
    /// How faces are checked in a mock (F8), where they are checked at all.
    pub face_in_mock: MockFace,
    /// How often the face is looked at while a take is recorded (F10), where it is checked at all; zero: never. What is
    /// seen then only marks the timeline.
    pub face_within_ms: Millis,
    /// Whether a second camera must record (§P).
    pub companion: Companion,
    /// Whether a sitting may go on from another phone (N8, NEW17).
    pub phone_change: PhoneChange,
    /// What a sign-in on a second device meets during a sitting (B).
    pub second_login: SecondLogin,
    /// Free storage below which the phone is warned, in bytes.
    pub storage_min_bytes: u64,
    /// Battery level below which the phone is warned, 0 to 1.
    pub battery_min: f64,
    /// How long 开始考试 is held, so that nobody enters by accident.
    pub hold_to_enter_ms: Millis,
    /// At which times before the close the candidate is warned.
    pub countdown_warnings_ms: Vec<Millis>,
}

/// What entering after the window opened costs (K5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LateEntry {
    /// The window's end ends the sitting, however late it began.
    Cut,
    /// The full duration counts from entry, beyond the window's end if need be.
    Full,
}

/// What the close does to a finished take that was not submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AtClose {
    /// Not submitted is given up (自动放弃, K3).
    Abandon,
    /// The take marked by the candidate, or else the latest finished one, is submitted by rule.
    SubmitChosen,
}

/// What segments first sealed after the close count for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LateSeals {
    /// Kept and marked; a proctor decides.
    Mark,
    /// They count.
    Accept,
}

/// The face check before a take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaceCheck {
    /// None.
    Off,
    /// A failure is marked; the take goes on.
    Flag,
    /// A failure refuses the take.
    Block,
}

/// What three failed face checks in a row cost (F5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AfterThreeStrikes {
    /// No take begins until the face is verified again, or the desk has looked.
    Block,
    /// Takes begin, flagged for the reviewers.
    ContinueFlagged,
}

/// How faces are checked in a mock (F8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MockFace {
    /// Compared, and said what came of it; a mock never strikes.
    Real,
    /// The way is gone, nothing is compared.
    Simulated,
    /// Not at all.
    Off,
}

/// Whether a second camera must record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Companion {
    /// One camera.
    Off,
    /// Two cameras.
    Required,
}

/// Whether a sitting may go on from another phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhoneChange {
    /// Yes; footage already safe counts.
    Allow,
    /// No.
    Refuse,
}

/// What a sign-in on a second device meets during a sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SecondLogin {
    /// It is refused.
    Refuse,
    /// The person is asked which device goes on.
    Ask,
}

#[cfg(test)]
mod tests;
