//! What candidates, staff, phones and time ask of a sitting.

use serde::{Deserialize, Serialize};

use super::take::End;
use super::{PartReason, SignInOutcome};
use crate::delivery::DeliveryOutcome;
use crate::id::{FaceCheckId, PartId, SubjectId, SubmissionId, TakeId};
use crate::policy::Act;
use crate::seal::Hash32;
use crate::time::{Millis, Timestamp};

/// What is asked of a sitting. Ids of new things are made by the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// The candidate enters; the clock starts.
    Enter,
    /// The candidate opens a subject's paper: the questions are drawn, and reading begins. Again, it changes nothing.
    OpenPaper {
        /// Of which subject.
        subject_id: SubjectId,
        /// What the questions are drawn with.
        seed: Hash32,
    },
    /// The candidate starts a take: an attempt is reserved.
    StartTake {
        /// For which subject.
        subject_id: SubjectId,
        /// Id of the new take.
        take_id: TakeId,
        /// Id of its first part.
        part_id: PartId,
        /// The face check that went before it, where the policy asks for one.
        #[serde(default)]
        face: Option<FaceEvidence>,
    },
    /// The recorder runs; the candidate gets into position. Optional between start and beep.
    Position {
        /// Which take.
        take_id: TakeId,
    },
    /// The beep sounds: the attempt is consumed.
    Beep {
        /// Which take.
        take_id: TakeId,
        /// Which part records.
        part_id: PartId,
    },
    /// A recorder starts anew within the take.
    ///
    /// Where that is an interruption nobody reported, the policy may end the take instead: the events then hold
    /// no new part.
    OpenPart {
        /// Which take.
        take_id: TakeId,
        /// Id of the new part.
        part_id: PartId,
        /// Why.
        reason: PartReason,
        /// How long nothing was recorded, if the phone or the server knows; unknown is taken as no longer than
        /// allowed, for silence is no interruption.
        #[serde(default)]
        lasted_ms: Option<Millis>,
        /// Where earlier parts ended, if known.
        #[serde(default)]
        previous: Vec<PartEnd>,
    },
    /// The recorder stopped, or its parts' ends became known afterwards.
    FinishTake {
        /// Which take.
        take_id: TakeId,
        /// Where its parts ended.
        parts: Vec<PartEnd>,
    },
    /// The recorder reports that it failed for good.
    FailTake {
        /// Which take.
        take_id: TakeId,
        /// What it said; for the timeline.
        cause: String,
    },
    /// The phone reports an interrupting act.
    Interrupt {
        /// Which take.
        take_id: TakeId,
        /// What happened.
        interruption: Interruption,
    },
    /// The candidate opened the question while filmed, or hid it (K8).
    NoteQuestion {
        /// Which take.
        take_id: TakeId,
        /// Whether it shows from now on.
        shown: bool,
        /// Where in the recording, by the phone's count.
        at_captured_ms: Millis,
    },
    /// The candidate marks the take to be submitted at close, where the policy does that.
    Choose {
        /// Which take.
        take_id: TakeId,
    },
    /// The candidate submits a take for a subject; final.
    Submit {
        /// For which subject.
        subject_id: SubjectId,
        /// Which take.
        take_id: TakeId,
        /// Id of the new submission.
        submission_id: SubmissionId,
    },
    /// The candidate does not take an elective (K7).
    Skip {
        /// Which subject.
        subject_id: SubjectId,
    },
    /// The candidate ends the sitting without the electives not taken (K7).
    Finish,
    /// Time passes.
    Tick,
    /// Staff grant time.
    Grant {
        /// How much, up to [`super::GRANT_MAX`].
        extra_ms: Millis,
        /// Why; for the timeline.
        reason: String,
    },
    /// Staff grant an attempt.
    GrantAttempt {
        /// For which subject.
        subject_id: SubjectId,
        /// Why; for the timeline.
        reason: String,
    },
    /// Staff decide whether what was first sealed after the close counts, of a take of which some was.
    JudgeLate {
        /// Which take.
        take_id: TakeId,
        /// Whether it counts.
        counts: bool,
        /// Why; for the timeline.
        reason: String,
    },
    /// A proctor stops the sitting.
    Suspend {
        /// Why; for the timeline.
        reason: String,
    },
    /// A proctor lets it go on; the time is granted.
    Resume,
    /// Staff open a subject again after the close.
    Reopen {
        /// Which subject.
        subject_id: SubjectId,
        /// Until when.
        until: Timestamp,
        /// Why; for the timeline.
        reason: String,
    },
    /// Staff end the sitting.
    EndByStaff {
        /// Why; for the timeline.
        reason: String,
    },
    /// Somebody signed in on another device, or tried to.
    NoteSignIn {
        /// What that device is known by.
        device: String,
        /// What it met.
        outcome: SignInOutcome,
    },
    /// Staff let another device take the place of the one that drives the sitting.
    ReleaseDevice {
        /// Why; for the timeline.
        reason: String,
    },
    /// The footage side reports on a submission.
    Deliver {
        /// Which submission.
        submission_id: SubmissionId,
        /// What came of it.
        outcome: DeliveryOutcome,
    },
}

/// A face check that let a take begin. The server has seen to it that it was made by this login for this sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaceEvidence {
    /// The check; lets one take begin.
    pub check_id: FaceCheckId,
    /// For which subject it was made.
    pub subject_id: SubjectId,
    /// When.
    pub at: Timestamp,
    /// Whether somebody should look at it afterwards.
    #[serde(default)]
    pub flagged: bool,
}

/// Where a part ends, by the recorder's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartEnd {
    /// Which part.
    pub part_id: PartId,
    /// Its end.
    #[serde(flatten)]
    pub end: End,
}

/// An interrupting act as the phone reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Interruption {
    /// What happened.
    pub act: Act,
    /// Where in the recording it began, by the phone's count.
    pub began_at_captured_ms: Millis,
    /// How long it lasted; `None` while it lasts.
    pub lasted_ms: Option<Millis>,
}
