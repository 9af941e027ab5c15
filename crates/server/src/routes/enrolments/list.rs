//! `GET /me/enrolments`: what one is confirmed for, and the lists that one is on (G2).

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::enrolment as rules;
use yikao_domain::exam::ExamState;
use yikao_domain::id::ExamId;
use yikao_domain::roster::Identity;
use yikao_store::enrolment;
use yikao_store::roster::RosterEntry;
use yikao_store::{Tx, exam};

use crate::auth::actor::Actor;
use crate::enrolments::{self, EnrolmentView, MajorBrief, SubjectBrief};
use crate::language::Reader;
use crate::problem::Problem;
use crate::routes::exams::summary::SessionBrief;
use crate::sittings::view::Action;
use crate::state::App;
use crate::{identities, rosters};

/// What a candidate is confirmed for, and what they may confirm.
#[derive(Debug, Serialize, ToSchema)]
pub struct Enrolments {
    /// Open exams whose lists have one's document number.
    pub pending: Vec<PendingEnrolment>,
    /// Confirmed, newest first.
    pub confirmed: Vec<EnrolmentView>,
}

/// A major that one may confirm for.
#[derive(Debug, Serialize, ToSchema)]
pub struct PendingEnrolment {
    /// The exam.
    pub exam: PendingExam,
    /// The major.
    pub major: MajorBrief,
    /// When it can be sat.
    pub sessions: Vec<SessionBrief>,
    /// Its subjects.
    pub subjects: Vec<SubjectBrief>,
    /// `confirm`.
    pub actions: Vec<Action>,
}

/// An exam that one may confirm for.
#[derive(Debug, Serialize, ToSchema)]
pub struct PendingExam {
    /// The exam.
    pub id: ExamId,
    /// Its name.
    pub title: String,
    /// The school's name.
    pub school_name: String,
    /// Its IANA time zone.
    pub zone: String,
}

/// What one is confirmed for, and what one may confirm.
#[utoipa::path(get, path = "/me/enrolments", tag = "enrolments", responses(
    (status = 200, description = "Without an identity nothing is pending", body = Enrolments),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
) -> Result<axum::Json<Enrolments>, Problem> {
    let candidate = actor.candidate();
    let rows = enrolment::of_candidate(&mut app.db.reader().await?, candidate).await?;
    let mut confirmed = Vec::new();
    for row in rows {
        confirmed.push(enrolments::view(&app, &reader, &row).await?);
    }
    let mut pending = Vec::new();
    if let Some(who) = identities::of(&app, candidate).await? {
        let entries = rosters::pending(&app, candidate, &who).await?;
        let mut tx = app.db.reader().await?;
        for entry in entries {
            pending.extend(one(&app, &mut tx, &reader, &entry, &who).await?);
        }
    }
    Ok(axum::Json(Enrolments { pending, confirmed }))
}

/// `None` where the list is of a major that the exam has no more.
async fn one(
    app: &App,
    tx: &mut Tx,
    reader: &Reader,
    entry: &RosterEntry,
    who: &Identity,
) -> Result<Option<PendingEnrolment>, Problem> {
    let Some(exam) = exam::get(tx, entry.exam_id).await? else { return Ok(None) };
    let Some(revision) = exam.current_revision_id else { return Ok(None) };
    let known = app.revisions.get(tx, revision).await?;
    let body = &known.revision.body;
    let Some(major) = body.major(entry.major_id) else { return Ok(None) };
    let entries = rosters::of_identity(app, tx, exam.id, major.id, who).await?;
    let request = rules::Request {
        state: ExamState::Open,
        body,
        major_id: major.id,
        identity: Some(who),
        existing: None,
        entries: &entries,
    };
    let refusal = rules::confirm(&request).err();
    Ok(Some(PendingEnrolment {
        exam: PendingExam {
            id: exam.id,
            title: body.title.clone(),
            school_name: known.school.name.clone(),
            zone: body.zone.clone(),
        },
        major: major.into(),
        sessions: body.sessions_of(major.id).map(SessionBrief::from).collect(),
        subjects: major.subjects.iter().map(SubjectBrief::from).collect(),
        actions: vec![Action::new("confirm", refusal.as_ref(), &reader.within(body))],
    }))
}
