//! Enrolments as a candidate sees them: what for, by which rules, and which sessions can be entered.

use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::exam::{Major, RevisionBody, Session, SittingKind, Subject, SubjectForm, Support, Terms};
use yikao_domain::id::{EnrolmentId, ExamId, MajorId, SchoolId, SessionId, SittingId, SubjectId};
use yikao_domain::policy::Policy;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::sitting::Phase;
use yikao_domain::time::Timestamp;
use yikao_store::enrolment::Enrolment;
use yikao_store::exam::Exam;
use yikao_store::sitting::SittingRow;
use yikao_store::task::{self, TaskRow};
use yikao_store::{Tx, exam, sitting};

use crate::language::Reader;
use crate::problem::Problem;
use crate::revisions::Known;
use crate::sittings::command;
use crate::sittings::view::{Action, Named};
use crate::state::App;
use crate::tasks::{self, TaskBrief, progress_of};

/// A confirmed enrolment.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentView {
    /// The enrolment.
    pub id: EnrolmentId,
    /// For which exam.
    pub exam: EnrolmentExam,
    /// With which school.
    pub school: Named<SchoolId>,
    /// For which major.
    pub major: MajorBrief,
    /// The major's subjects in their order.
    pub subjects: Vec<SubjectBrief>,
    /// What is to be done before (考前任务).
    pub tasks: Vec<TaskBrief>,
    /// When it can be sat.
    pub sessions: Vec<SessionView>,
    /// The rules of the major as a whole; a subject may have stricter ones of its own.
    pub policy: Policy,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// The exam of an enrolment.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentExam {
    /// The exam.
    pub id: ExamId,
    /// Its name.
    pub title: String,
    /// Its IANA time zone.
    pub zone: String,
    /// Its own words.
    pub terms: Terms,
    /// Where to ask.
    pub support: Support,
}

/// A major.
#[derive(Debug, Serialize, ToSchema)]
pub struct MajorBrief {
    /// The major.
    pub id: MajorId,
    /// Its name.
    pub name: String,
    /// Notes for candidates (注意事项).
    pub notes: String,
}

/// A subject.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectBrief {
    /// The subject.
    pub id: SubjectId,
    /// Its name.
    pub name: String,
    /// What is handed in.
    pub form: SubjectForm,
    /// 必考; otherwise 选考.
    pub compulsory: bool,
    /// 考试内容.
    pub content: String,
    /// 拍摄要求.
    pub requirements: String,
    /// 注意事项.
    pub notes: String,
}

/// A session and the candidate's own sitting in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// The session.
    pub id: SessionId,
    /// What it counts for.
    pub kind: SittingKind,
    /// Its name.
    pub title: String,
    /// From when it can be entered, ms.
    pub opens_at: Timestamp,
    /// The window's end, ms.
    pub closes_at: Timestamp,
    /// Latest moment to enter, ms.
    #[schema(required)]
    pub latest_entry_at: Option<Timestamp>,
    /// The candidate's sitting, once entered.
    #[schema(required)]
    pub sitting_id: Option<SittingId>,
    /// `enter`: for the first time, or again while the sitting is not over.
    pub actions: Vec<Action>,
}

impl From<&Major> for MajorBrief {
    fn from(major: &Major) -> Self {
        Self { id: major.id, name: major.name.clone(), notes: major.notes.clone() }
    }
}

impl From<&Subject> for SubjectBrief {
    fn from(subject: &Subject) -> Self {
        Self {
            id: subject.id,
            name: subject.name.clone(),
            form: subject.form,
            compulsory: subject.compulsory,
            content: subject.content.clone(),
            requirements: subject.requirements.clone(),
            notes: subject.notes.clone(),
        }
    }
}

/// The view of an enrolment for the candidate whose it is.
pub async fn view(app: &App, reader: &Reader, enrolment: &Enrolment) -> Result<EnrolmentView, Problem> {
    let mut tx = app.db.reader().await?;
    let exam = exam::get(&mut tx, enrolment.exam_id).await?.ok_or_else(Problem::not_found)?;
    let current = exam.current_revision_id.unwrap_or(enrolment.revision_id);
    let mut known = app.revisions.get(&mut tx, current).await?;
    if known.revision.body.major(enrolment.major_id).is_none() {
        // The major is gone from the exam: what the candidate had confirmed is still shown.
        known = app.revisions.get(&mut tx, enrolment.revision_id).await?;
    }
    let sittings = sitting::of_enrolment(&mut tx, enrolment.id).await?;
    let body = &known.revision.body;
    let major = body.major(enrolment.major_id).ok_or_else(Problem::not_found)?;
    let reader = reader.within(body);
    let now = app.clock.now();
    let done = task::of_enrolment(&mut tx, enrolment.id).await?;
    let gates = Gates { body, major: major.id, done: &done };
    let mut sessions = Vec::new();
    for session in body.sessions_of(major.id) {
        let own = sittings.iter().find(|row| row.session_id == session.id);
        let refusal = match own {
            Some(row) => over(row)?,
            None => entry(&mut tx, &exam, session, &gates, now).await?,
        };
        sessions.push(session_view(session, own, refusal.as_ref(), &reader));
    }
    Ok(EnrolmentView {
        id: enrolment.id,
        exam: exam_of(&known),
        school: known.school.clone(),
        major: major.into(),
        subjects: major.subjects.iter().map(SubjectBrief::from).collect(),
        tasks: body
            .tasks_of(major.id)
            .map(|task| tasks::brief(task, progress_of(&done, task.id).as_ref(), &reader, now))
            .collect(),
        sessions,
        policy: body.resolve_major(major).policy,
        server_time: now,
    })
}

fn exam_of(known: &Known) -> EnrolmentExam {
    let body = &known.revision.body;
    EnrolmentExam {
        id: known.revision.exam_id,
        title: body.title.clone(),
        zone: body.zone.clone(),
        terms: body.terms.clone(),
        support: body.support.clone(),
    }
}

fn session_view(
    session: &Session,
    own: Option<&SittingRow>,
    refusal: Option<&Refusal>,
    reader: &Reader,
) -> SessionView {
    SessionView {
        id: session.id,
        kind: session.kind,
        title: session.title.clone(),
        opens_at: session.opens_at,
        closes_at: session.closes_at,
        latest_entry_at: session.latest_entry_at,
        sitting_id: own.map(|row| row.id),
        actions: vec![Action::new("enter", refusal, reader)],
    }
}

/// Why a sitting cannot be gone on with.
fn over(row: &SittingRow) -> Result<Option<Refusal>, Problem> {
    let sitting = command::read(row)?;
    Ok(match sitting.phase {
        Phase::Closed { closed_at, .. } => {
            Some(Refusal::new(RefusalCode::SittingClosed).at("closed_at", closed_at))
        }
        _ => None,
    })
}

/// What was done of the tasks before.
struct Gates<'a> {
    body: &'a RevisionBody,
    major: MajorId,
    done: &'a [TaskRow],
}

/// Why a session cannot be entered for the first time.
async fn entry(
    tx: &mut Tx,
    exam: &Exam,
    session: &Session,
    gates: &Gates<'_>,
    now: Timestamp,
) -> Result<Option<Refusal>, Problem> {
    let tasks = || tasks::entry(gates.body, gates.major, session, gates.done, now);
    if let Err(refusal) = exam.state.require_open().and_then(|()| session.entry(now)).and_then(|()| tasks()) {
        return Ok(Some(refusal));
    }
    if session.capacity.is_none() {
        return Ok(None);
    }
    let taken = u32::try_from(sitting::entered(tx, session.id).await?).unwrap_or(u32::MAX);
    Ok(session.seat(taken).err())
}
