//! The names that states have on the wire, as the description of the API lists them.

use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::delivery::Delivery;
use yikao_domain::sitting::{RunState, TakeState};

/// How far a sitting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PhaseName {
    Waiting,
    Open,
    Suspended,
    Reopened,
    Closed,
}

impl PhaseName {
    /// The name on the wire, and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::Suspended => "suspended",
            Self::Reopened => "reopened",
            Self::Closed => "closed",
        }
    }
}

/// How far a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RunStateName {
    Pending,
    Waiting,
    Open,
    Submitted,
    Skipped,
    Failed,
    Missed,
}

impl From<RunState> for RunStateName {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Pending => Self::Pending,
            RunState::Waiting => Self::Waiting,
            RunState::Open { .. } => Self::Open,
            RunState::Submitted => Self::Submitted,
            RunState::Skipped => Self::Skipped,
            RunState::Failed => Self::Failed,
            RunState::Missed => Self::Missed,
        }
    }
}

/// How far a take is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum TakeStateName {
    Preparing,
    Positioning,
    Recording,
    Grace,
    Finished,
    Lost,
}

impl From<TakeState> for TakeStateName {
    fn from(state: TakeState) -> Self {
        match state {
            TakeState::Preparing { .. } => Self::Preparing,
            TakeState::Positioning { .. } => Self::Positioning,
            TakeState::Recording { .. } => Self::Recording,
            TakeState::Grace { .. } => Self::Grace,
            TakeState::Finished { .. } => Self::Finished,
            TakeState::Lost { .. } => Self::Lost,
        }
    }
}

/// How far the footage of a submission has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum DeliveryName {
    Pending,
    Complete,
    Damaged,
    Lapsed,
}

impl From<&Delivery> for DeliveryName {
    fn from(delivery: &Delivery) -> Self {
        match delivery {
            Delivery::Pending => Self::Pending,
            Delivery::Complete { .. } => Self::Complete,
            Delivery::Damaged { .. } => Self::Damaged,
            Delivery::Lapsed { .. } => Self::Lapsed,
        }
    }
}

/// Which camera films.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum CameraName {
    Main,
    Companion,
}

/// How far a part is, as the database writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PartStateName {
    Open,
    Finished,
    Complete,
    Assembled,
    Damaged,
    Lapsed,
    Expired,
}
