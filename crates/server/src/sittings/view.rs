//! A sitting as the candidate's phone and the console see it: state, texts, and which actions are open.

use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::delivery::Delivery;
use yikao_domain::exam::{ExamRevision, SittingKind, SubjectForm, Terms};
use yikao_domain::id::{
    DeviceId, EnrolmentId, ExamId, MajorId, PartId, SchoolId, SessionId, SittingId, SubjectId, SubjectRunId,
    SubmissionId, TakeId,
};
use yikao_domain::policy::{InterruptionPolicy, MediaProfile};
use yikao_domain::refusal::Refusal;
use yikao_domain::sitting::{Context, LostCause, Outcome, SecondSignIn};
use yikao_domain::standing::FaceMode;
use yikao_domain::time::{Millis, Timestamp};

use super::names::{PhaseName, RunStateName, TakeStateName};
use crate::language::Reader;
use crate::problem::RefusalView;

/// Something with an id and a name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named<T> {
    /// Its id.
    pub id: T,
    /// Its name.
    pub name: String,
}

/// The exam of a sitting or enrolment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExamBrief {
    /// The exam.
    pub id: ExamId,
    /// Its name.
    pub title: String,
    /// Its IANA time zone.
    pub zone: String,
    /// Its own words.
    pub terms: Terms,
}

/// Something that can be done, or why not now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Action {
    /// Its stable name.
    pub name: String,
    /// Whether it would be accepted now.
    pub open: bool,
    /// Why not, where it would not.
    #[schema(required)]
    pub refusal: Option<RefusalView>,
    /// What to know before doing it, where it is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<RefusalView>,
}

impl Action {
    /// An action, closed where there is a refusal.
    pub fn new(name: impl Into<String>, refusal: Option<&Refusal>, reader: &Reader) -> Self {
        let refusal = refusal.map(|refusal| RefusalView::new(refusal, reader));
        Self { name: name.into(), open: refusal.is_none(), refusal, notices: Vec::new() }
    }
}

/// A sitting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SittingView {
    /// The sitting.
    pub id: SittingId,
    /// Rises with every event.
    pub version: u64,
    /// What it counts for.
    pub kind: SittingKind,
    /// Whose enrolment.
    pub enrolment_id: EnrolmentId,
    /// The school.
    pub school: Named<SchoolId>,
    /// The exam.
    pub exam: ExamBrief,
    /// The major.
    pub major: Named<MajorId>,
    /// The session.
    pub session_id: SessionId,
    /// Server time, ms.
    pub server_time: Timestamp,
    /// How far it is.
    pub phase: PhaseView,
    /// The device that drives it, as `/me` names them.
    #[schema(required)]
    pub device_id: Option<DeviceId>,
    /// The latest sign-in on another device during a formal sitting: whoever sits it is told.
    #[schema(required)]
    pub second_sign_in: Option<SecondSignIn>,
    /// Times before the close at which the candidate is warned, ms.
    pub countdown_warnings_ms: Vec<Millis>,
    /// The subjects in their order.
    pub subjects: Vec<SubjectView>,
    /// What can be done with the sitting as a whole.
    pub actions: Vec<Action>,
}

/// How far a sitting is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PhaseView {
    /// Its state.
    pub state: PhaseName,
    /// When the candidate entered, ms.
    #[schema(required)]
    pub entered_at: Option<Timestamp>,
    /// When the clock runs out, ms.
    #[schema(required)]
    pub closes_at: Option<Timestamp>,
    /// How it ended.
    #[schema(required)]
    pub outcome: Option<Outcome>,
    /// Until when footage may arrive, ms.
    #[schema(required)]
    pub deliver_until: Option<Timestamp>,
}

/// A sitting's run through one subject.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubjectView {
    /// The subject.
    pub subject_id: SubjectId,
    /// The run.
    pub run_id: SubjectRunId,
    /// Its name.
    pub name: String,
    /// What is handed in.
    pub form: SubjectForm,
    /// Compulsory (必考) or elective (选考).
    pub compulsory: bool,
    /// How a face is checked before each take.
    pub face: FaceMode,
    /// 考试内容.
    pub content: String,
    /// 拍摄要求.
    pub requirements: String,
    /// 注意事项.
    pub notes: String,
    /// What is asked, where the session has a paper for it.
    #[schema(required)]
    pub paper: Option<PaperView>,
    /// How far it is.
    pub state: RunStateName,
    /// The subject's own close, ms.
    #[schema(required)]
    pub closes_at: Option<Timestamp>,
    /// The longest a take may run, ms.
    pub take_max_ms: Millis,
    /// Shorter takes are warned about, ms.
    #[schema(required)]
    pub take_min_ms: Option<Millis>,
    /// Time to get into position, ms.
    pub position_ms: Millis,
    /// Whether a take may be ended early.
    pub early_stop: bool,
    /// How often a picture is compared while a take is recorded, ms; absent where none is (F10).
    #[schema(required)]
    pub face_within_ms: Option<Millis>,
    /// Picture and sound to record.
    pub media: MediaProfile,
    /// What interruptions cost.
    pub interruption: InterruptionPolicy,
    /// How many attempts there are.
    pub attempts: AttemptsView,
    /// The takes.
    pub takes: Vec<TakeView>,
    /// The take marked for the close.
    #[schema(required)]
    pub chosen_take_id: Option<TakeId>,
    /// What was submitted.
    #[schema(required)]
    pub submission: Option<SubmissionView>,
    /// What can be done.
    pub actions: Vec<Action>,
}

/// A subject's paper, without what it asks.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct PaperView {
    /// How many questions a candidate has.
    pub questions: u32,
    /// Whether they are drawn from more.
    pub drawn: bool,
    /// How long it is read before a take may begin, ms.
    pub read_ms: Millis,
    /// When the candidate opened it, ms.
    #[schema(required)]
    pub opened_at: Option<Timestamp>,
    /// From when a take may begin, once it is open, ms.
    #[schema(required)]
    pub answer_from: Option<Timestamp>,
}

/// Attempts at a subject.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct AttemptsView {
    /// Allowed, granted ones included.
    pub allowed: u32,
    /// Used or reserved.
    pub used: u32,
    /// Left.
    pub left: u32,
}

/// A take.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TakeView {
    /// The take.
    pub id: TakeId,
    /// Counted from 1 within the subject.
    pub number: u32,
    /// How far it is.
    pub state: TakeStateName,
    /// If it does not go on until here, the interruption's effect comes, ms.
    #[schema(required)]
    pub grace_until: Option<Timestamp>,
    /// The beep, ms.
    #[schema(required)]
    pub beep_at: Option<Timestamp>,
    /// The longest it may run, ms.
    #[schema(required)]
    pub max_ends_at: Option<Timestamp>,
    /// When it ended, ms.
    #[schema(required)]
    pub finished_at: Option<Timestamp>,
    /// Recorded length, ms.
    #[schema(required)]
    pub duration_ms: Option<Millis>,
    /// Why it was lost.
    #[schema(required)]
    pub lost_cause: Option<LostCause>,
    /// How often it was interrupted.
    pub interruptions: u32,
    /// The runs of the recorder.
    pub parts: Vec<PartView>,
    /// What can be done.
    pub actions: Vec<Action>,
}

/// A part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartView {
    /// The part.
    pub id: PartId,
    /// Counted from 1 within the take.
    pub number: u32,
    /// Its last segment, once known.
    #[schema(required)]
    pub last_index: Option<u64>,
    /// Segments that have arrived.
    pub received: u64,
    /// Whether all have arrived.
    pub complete: bool,
    /// Recorded length, ms.
    #[schema(required)]
    pub duration_ms: Option<Millis>,
}

/// A submission that stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubmissionView {
    /// The submission.
    pub id: SubmissionId,
    /// Counted from 1; staff re-opening makes the next.
    pub revision: u32,
    /// The chosen take.
    pub take_id: TakeId,
    /// When, ms.
    pub submitted_at: Timestamp,
    /// How far its footage has come.
    pub delivery: Delivery,
}

/// How many segments of a part have arrived: from the log or the database.
pub type Received = std::collections::HashMap<PartId, u64>;

/// What a view is made from.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The school.
    pub school: &'a Named<SchoolId>,
    /// The revision that the sitting is pinned to.
    pub revision: &'a ExamRevision,
    /// The session's rules.
    pub context: &'a Context,
    /// Segments that have arrived, by part.
    pub received: &'a Received,
    /// Who reads.
    pub reader: &'a Reader,
    /// Server time.
    pub now: Timestamp,
}
