//! Interrupting acts and what each costs (M2): policy per act.

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// Something that interrupts a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The page was left or hidden (缩屏, another app).
    LeftPage,
    /// The screen was locked (锁屏).
    Locked,
    /// A call was answered.
    Call,
    /// The camera or microphone track ended.
    TrackEnded,
    /// The page was loaded anew.
    Reload,
    /// The recorder reported an error.
    RecorderError,
}

/// What an interruption costs once it is more, or longer, than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing: it is on the timeline for the reviewers.
    Note,
    /// The take (M1).
    LoseTake,
    /// The subject.
    EndSubject,
    /// The sitting.
    EndSitting,
}

/// The rule for one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActPolicy {
    /// How many times within a take it may happen before `effect` (§X).
    pub allowed: u32,
    /// Within what time recording must go on again (M5); longer has the effect.
    pub resume_within_ms: Millis,
    /// What more or longer costs.
    pub effect: Effect,
}

/// The rule for every act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InterruptionPolicy {
    /// See [`Act::LeftPage`].
    pub left_page: ActPolicy,
    /// See [`Act::Locked`].
    pub locked: ActPolicy,
    /// See [`Act::Call`].
    pub call: ActPolicy,
    /// See [`Act::TrackEnded`].
    pub track_ended: ActPolicy,
    /// See [`Act::Reload`].
    pub reload: ActPolicy,
    /// See [`Act::RecorderError`].
    pub recorder_error: ActPolicy,
}

/// Rules for single acts; what is left out is inherited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct InterruptionOverrides {
    /// See [`Act::LeftPage`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_page: Option<ActPolicy>,
    /// See [`Act::Locked`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<ActPolicy>,
    /// See [`Act::Call`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<ActPolicy>,
    /// See [`Act::TrackEnded`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track_ended: Option<ActPolicy>,
    /// See [`Act::Reload`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reload: Option<ActPolicy>,
    /// See [`Act::RecorderError`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorder_error: Option<ActPolicy>,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 6] =
        [Self::LeftPage, Self::Locked, Self::Call, Self::TrackEnded, Self::Reload, Self::RecorderError];

    /// The act's name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LeftPage => "left_page",
            Self::Locked => "locked",
            Self::Call => "call",
            Self::TrackEnded => "track_ended",
            Self::Reload => "reload",
            Self::RecorderError => "recorder_error",
        }
    }
}

impl InterruptionPolicy {
    /// The same rule for every act.
    pub const fn same(rule: ActPolicy) -> Self {
        Self {
            left_page: rule,
            locked: rule,
            call: rule,
            track_ended: rule,
            reload: rule,
            recorder_error: rule,
        }
    }

    /// The rule for one act.
    pub const fn of(&self, act: Act) -> &ActPolicy {
        match act {
            Act::LeftPage => &self.left_page,
            Act::Locked => &self.locked,
            Act::Call => &self.call,
            Act::TrackEnded => &self.track_ended,
            Act::Reload => &self.reload,
            Act::RecorderError => &self.recorder_error,
        }
    }

    /// The rule for one act, to change it.
    pub const fn of_mut(&mut self, act: Act) -> &mut ActPolicy {
        match act {
            Act::LeftPage => &mut self.left_page,
            Act::Locked => &mut self.locked,
            Act::Call => &mut self.call,
            Act::TrackEnded => &mut self.track_ended,
            Act::Reload => &mut self.reload,
            Act::RecorderError => &mut self.recorder_error,
        }
    }
}

impl InterruptionOverrides {
    /// The rule set here for one act.
    pub const fn of(&self, act: Act) -> Option<ActPolicy> {
        match act {
            Act::LeftPage => self.left_page,
            Act::Locked => self.locked,
            Act::Call => self.call,
            Act::TrackEnded => self.track_ended,
            Act::Reload => self.reload,
            Act::RecorderError => self.recorder_error,
        }
    }
}
