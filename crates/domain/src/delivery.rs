//! Whether the footage of a submission has arrived: the bytes may follow the commitment.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// How far the footage of a submission has come (送达). All but `Pending` are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Delivery {
    /// Segments are still missing, or not yet checked.
    #[default]
    Pending,
    /// Every committed segment is here and fits its seal.
    Complete {
        /// When this was established.
        at: Timestamp,
    },
    /// Everything arrived, but it is no playable footage (U17).
    Damaged {
        /// When this was established.
        at: Timestamp,
    },
    /// `deliver_until` passed; what arrived is kept and assembled with its gaps.
    Lapsed {
        /// When the time was up.
        at: Timestamp,
    },
}

/// What the footage side reports about a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// All segments are here and fit.
    Complete,
    /// All segments are here, but unusable.
    Damaged,
    /// The time for delivery is over.
    Lapsed,
}

impl Delivery {
    /// Whether something is still expected.
    pub const fn is_pending(&self) -> bool {
        matches!(self, Self::Pending)
    }

    /// The final state that `outcome` leads to.
    pub const fn settled(outcome: DeliveryOutcome, at: Timestamp) -> Self {
        match outcome {
            DeliveryOutcome::Complete => Self::Complete { at },
            DeliveryOutcome::Damaged => Self::Damaged { at },
            DeliveryOutcome::Lapsed => Self::Lapsed { at },
        }
    }

    /// What was reported, once it was.
    pub const fn outcome(&self) -> Option<DeliveryOutcome> {
        match self {
            Self::Pending => None,
            Self::Complete { .. } => Some(DeliveryOutcome::Complete),
            Self::Damaged { .. } => Some(DeliveryOutcome::Damaged),
            Self::Lapsed { .. } => Some(DeliveryOutcome::Lapsed),
        }
    }
}
