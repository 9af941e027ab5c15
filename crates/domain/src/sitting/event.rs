//! What happened to a sitting: the audit log, the reviewers' timeline, and the source of its state.

use serde::{Deserialize, Serialize};

use super::{Created, FaceEvidence, Interruption, Outcome, PartEnd, PartReason, SecondSignIn};
use crate::delivery::Delivery;
use crate::id::{DeviceId, PaperId, PartId, QuestionId, SubjectId, SubmissionId, TakeId};
use crate::policy::Act;
use crate::seal::Hash32;
use crate::time::{Millis, Timestamp};

/// An event with its number and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Counted from 1 within the sitting.
    pub seq: u64,
    /// When it took effect: for what time does by itself, the moment it was due.
    pub at: Timestamp,
    /// Version of the event's shape; older ones are read through [`super::read_event`].
    pub schema_version: u32,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are named as in the commands and states that document them")]
pub enum Event {
    /// The sitting exists, waiting to be entered.
    Created(Created),
    /// The candidate entered.
    Entered {
        closes_at: Timestamp,
        deliver_until: Timestamp,
    },
    /// A subject waits for the one before it.
    SubjectWaits {
        subject_id: SubjectId,
    },
    /// A subject can be recorded.
    SubjectOpened {
        subject_id: SubjectId,
        closes_at: Option<Timestamp>,
    },
    /// A subject's paper was opened: which questions its seed deals, and from when a take may begin.
    PaperOpened {
        subject_id: SubjectId,
        paper_id: PaperId,
        seed: Hash32,
        questions: Vec<QuestionId>,
        answer_from: Timestamp,
    },
    /// An attempt is reserved.
    TakeStarted {
        subject_id: SubjectId,
        take_id: TakeId,
        part_id: PartId,
        number: u32,
        silent_at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        face: Option<FaceEvidence>,
    },
    /// The candidate gets into position.
    TakePositioned {
        take_id: TakeId,
        silent_at: Timestamp,
    },
    /// The beep: the attempt is consumed.
    Beeped {
        take_id: TakeId,
        part_id: PartId,
        max_ends_at: Timestamp,
    },
    /// The recorder started anew.
    PartOpened {
        take_id: TakeId,
        part_id: PartId,
        reason: PartReason,
    },
    /// Where parts end became known.
    PartsEnded {
        take_id: TakeId,
        parts: Vec<PartEnd>,
    },
    /// An interrupting act, counted for its policy.
    Interrupted {
        take_id: TakeId,
        interruption: Interruption,
    },
    /// The candidate opened the question while filmed, or hid it.
    QuestionShown {
        take_id: TakeId,
        at_captured_ms: Millis,
    },
    QuestionHidden {
        take_id: TakeId,
        at_captured_ms: Millis,
    },
    /// The take must go on until `until`.
    GraceBegan {
        take_id: TakeId,
        act: Act,
        until: Timestamp,
    },
    /// The take goes on.
    TakeResumed {
        take_id: TakeId,
    },
    /// The take ended well.
    TakeFinished {
        take_id: TakeId,
        cause: FinishCause,
    },
    /// The take is lost.
    TakeLost {
        take_id: TakeId,
        cause: LostCause,
        counted: bool,
    },
    /// The candidate marked a take.
    TakeChosen {
        subject_id: SubjectId,
        take_id: TakeId,
    },
    /// An answer stands.
    Submitted {
        subject_id: SubjectId,
        take_id: TakeId,
        submission_id: SubmissionId,
        revision: u32,
        by: SubmittedBy,
    },
    /// The submission of before the reopening stands.
    SubmissionKept {
        subject_id: SubjectId,
    },
    /// An elective is not taken.
    SubjectSkipped {
        subject_id: SubjectId,
    },
    /// A rule ended the subject, or no attempt is left.
    SubjectFailed {
        subject_id: SubjectId,
        cause: LostCause,
    },
    /// The subject's time passed.
    SubjectMissed {
        subject_id: SubjectId,
    },
    /// Staff granted time; a reopened sitting's close moves as an open one's does.
    Granted {
        extra_ms: Millis,
        closes_at: Timestamp,
        deliver_until: Timestamp,
        reason: String,
    },
    /// Staff granted time before entry.
    GrantedAhead {
        extra_ms: Millis,
        reason: String,
    },
    /// Staff granted an attempt.
    AttemptGranted {
        subject_id: SubjectId,
        reason: String,
    },
    /// Staff decided on what was first sealed after the close.
    LateJudged {
        take_id: TakeId,
        counts: bool,
        reason: String,
    },
    /// A proctor stopped the sitting.
    Suspended {
        reason: String,
    },
    /// It goes on, with the time it stood still.
    Resumed {
        extra_ms: Millis,
        closes_at: Timestamp,
        deliver_until: Timestamp,
    },
    /// Staff opened a subject again.
    Reopened {
        subject_id: SubjectId,
        until: Timestamp,
        deliver_until: Timestamp,
        extra_attempts: u32,
        reason: String,
    },
    /// The sitting is over; one that a proctor had stopped gives the time it stood still to delivery.
    Closed {
        outcome: Outcome,
        cause: CloseCause,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deliver_until: Option<Timestamp>,
    },
    /// A device drives the sitting from here on.
    DeviceTaken {
        device_id: DeviceId,
    },
    /// Staff let another device drive it.
    DeviceReleased {
        reason: String,
    },
    /// Somebody signed in on another device, or tried to.
    SecondSignIn(SecondSignIn),
    /// The footage of a submission is settled.
    Delivered {
        submission_id: SubmissionId,
        delivery: Delivery,
    },
}

/// Why a take ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishCause {
    /// The candidate stopped it.
    Candidate,
    /// It ran its longest.
    LongestReached,
    /// The recorder failed for good, and the policy lets what is recorded stand.
    RecorderFailed,
    /// The subject's or the sitting's close ended it; segments sealed before count.
    Close,
}

/// Why a take was lost, or a subject ended by rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum LostCause {
    /// An interrupting act beyond what is allowed (M1).
    Interrupted {
        /// Which act.
        act: Act,
    },
    /// The recorder failed.
    RecorderFailed,
    /// Nothing was heard between start and beep.
    Silent,
    /// The time was up before the beep.
    Close,
    /// A proctor stopped the sitting; the attempt is given back.
    Suspended,
    /// Staff or a rule ended the sitting.
    SittingEnded,
    /// No attempt is left and none can be submitted (subjects only).
    NoAttemptLeft,
}

/// What made the sitting close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum CloseCause {
    /// The time was up.
    TimeUp,
    /// Every subject is over.
    SubjectsOver,
    /// The candidate finished without the electives not taken (K7).
    Finished,
    /// An interruption's effect (M2).
    Interrupted {
        /// Which act.
        act: Act,
    },
    /// Staff ended it.
    Staff {
        /// Why.
        reason: String,
    },
    /// A suspension was not ended in time.
    SuspensionLapsed,
}

/// Who chose the take that was submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmittedBy {
    /// The candidate.
    #[default]
    Candidate,
    /// The rule `at_close: submit_chosen`.
    Rule,
}

impl LostCause {
    /// The cause's name on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Interrupted { .. } => "interrupted",
            Self::RecorderFailed => "recorder_failed",
            Self::Silent => "silent",
            Self::Close => "close",
            Self::Suspended => "suspended",
            Self::SittingEnded => "sitting_ended",
            Self::NoAttemptLeft => "no_attempt_left",
        }
    }
}

impl SubmittedBy {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
    pub(super) const fn is_candidate(&self) -> bool {
        matches!(self, Self::Candidate)
    }
}
