//! A sitting: one candidate's run through one major in one session, as an aggregate.
//!
//! `Waiting → Open → Closed`, with `Suspended` and `Reopened` by staff only. [`decide`] turns a command into
//! events, [`Sitting::apply`] turns events into state, [`actions`] says what is open and why the rest is not.
//! The clock runs from entry whether or not the candidate leaves (K3).
//!
//! What time does by itself (a close, a grace that ends, a reservation that goes silent) is done at
//! [`next_due`] by a `Tick`, and before every other command, with the moment it was due as the event's time.

mod actions;
mod apply;
mod command;
mod context;
mod decide;
mod device;
mod due;
mod event;
mod query;
mod run;
mod take;
mod upcast;

use serde::{Deserialize, Serialize};

use crate::exam::SittingKind;
use crate::id::{DeviceId, EnrolmentId, MajorId, RevisionId, SessionId, SittingId, SubjectId, SubjectRunId};
use crate::time::{Millis, Timestamp};

pub use actions::{ActionName, ActionState, actions, staff_actions};
pub use apply::ReplayError;
pub use command::{Command, FaceEvidence, Interruption, PartEnd};
pub use context::{Context, SubjectContext};
pub use decide::{
    DELIVERY_SETTLES_WITHIN, FACE_FRESH, GRANT_MAX, PARTS_MAX, RESERVATION_MARGIN, RETURNED_TAKES_MAX,
    SUSPENSION_LAPSES_AFTER, create, decide, handle, handle_by,
};
pub use device::{SecondSignIn, SignInOutcome};
pub use due::next_due;
pub use event::{CloseCause, Event, FinishCause, LostCause, Recorded, SubmittedBy};
pub use run::{OpenedPaper, RunState, SubjectRun, Submission};
pub use take::{End, Part, PartReason, Take, TakeState};
pub use upcast::{SCHEMA_VERSION, UpcastError, read_event, read_sitting};

/// The state of a sitting; as JSON, what is empty is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// Version of this document's shape; older ones are read through [`read_sitting`].
    pub schema_version: u32,
    /// The sitting.
    pub id: SittingId,
    /// Whose, for which exam and major.
    pub enrolment_id: EnrolmentId,
    /// The exam's revision it is pinned to.
    pub revision_id: RevisionId,
    /// The major.
    pub major_id: MajorId,
    /// The session.
    pub session_id: SessionId,
    /// What it counts for.
    pub kind: SittingKind,
    /// Number of the last event; rises by one with each.
    pub version: u64,
    /// Time of the last event; time never runs backwards for a sitting.
    pub last_at: Timestamp,
    /// How far it is.
    pub phase: Phase,
    /// Time granted by staff, suspensions included.
    #[serde(default, skip_serializing_if = "Millis::is_zero")]
    pub granted_ms: Millis,
    /// Until when footage may arrive (N2); known from entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliver_until: Option<Timestamp>,
    /// The device that drives it; none before the first command, and after staff released it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
    /// The latest sign-in on another device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_sign_in: Option<SecondSignIn>,
    /// The subjects in the revision's order.
    pub subjects: Vec<SubjectRun>,
}

/// How far a sitting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Phase {
    /// Not entered; missed at `entry_ends_at`.
    Waiting {
        /// From here on it cannot be entered.
        entry_ends_at: Timestamp,
    },
    /// The clock runs.
    Open {
        /// When the candidate entered.
        entered_at: Timestamp,
        /// When the clock runs out, granted time included.
        closes_at: Timestamp,
    },
    /// Stopped by a proctor: the clock runs on, and what was lost is granted at resume.
    Suspended {
        /// When the candidate entered.
        entered_at: Timestamp,
        /// When the clock would run out; a suspended sitting waits for its resume.
        closes_at: Timestamp,
        /// When the proctor stopped it.
        since: Timestamp,
    },
    /// Closed before, and opened again by staff for single subjects.
    Reopened {
        /// When the candidate entered, if ever.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entered_at: Option<Timestamp>,
        /// When it closes again.
        until: Timestamp,
        /// How it had ended.
        before: Outcome,
    },
    /// Over.
    Closed {
        /// When the candidate entered, if ever.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entered_at: Option<Timestamp>,
        /// When it ended.
        closed_at: Timestamp,
        /// How it ended.
        outcome: Outcome,
    },
}

/// How a sitting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All that is asked is submitted (考试成功, U20).
    Completed,
    /// Entered, and not all submitted in time (自动放弃, U27).
    Abandoned,
    /// Never entered.
    Missed,
    /// A rule of the exam ended it (M2), or left a compulsory subject without a way to submit.
    EndedByRule,
    /// Staff ended it.
    EndedByStaff,
}

/// The ids a new sitting begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed {
    /// The sitting.
    pub id: SittingId,
    /// For whom.
    pub enrolment_id: EnrolmentId,
    /// Pinned to this revision.
    pub revision_id: RevisionId,
    /// One run id for each subject of the major, in its order.
    pub runs: Vec<SubjectRunId>,
}

/// What a sitting is created as: the first event's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// The sitting.
    pub id: SittingId,
    /// For whom.
    pub enrolment_id: EnrolmentId,
    /// Pinned to this revision.
    pub revision_id: RevisionId,
    /// The major.
    pub major_id: MajorId,
    /// The session.
    pub session_id: SessionId,
    /// What it counts for.
    pub kind: SittingKind,
    /// From here on it cannot be entered.
    pub entry_ends_at: Timestamp,
    /// The subjects, each with its run.
    pub subjects: Vec<(SubjectId, SubjectRunId)>,
}

#[cfg(test)]
mod tests;
