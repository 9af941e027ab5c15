//! `GET /exams/{exam}`: what somebody with the link of an open exam sees, signed in or not.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::exam::{ExamState, Session, SittingKind, Support, Terms};
use yikao_domain::id::{ExamId, MajorId, SchoolId, SessionId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::time::Timestamp;
use yikao_store::exam;

use crate::extract::Path;
use crate::problem::Problem;
use crate::sittings::view::Named;
use crate::state::App;

/// An open exam.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExamSummary {
    /// The exam.
    pub id: ExamId,
    /// Its name.
    pub title: String,
    /// IANA time zone in which its times are shown.
    pub zone: String,
    /// The school.
    pub school: Named<SchoolId>,
    /// Its majors.
    pub majors: Vec<Named<MajorId>>,
    /// When it can be sat.
    pub sessions: Vec<SessionBrief>,
    /// Its own words.
    pub terms: Terms,
    /// Where to ask.
    pub support: Support,
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionBrief {
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
}

impl From<&Session> for SessionBrief {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id,
            kind: session.kind,
            title: session.title.clone(),
            opens_at: session.opens_at,
            closes_at: session.closes_at,
            latest_entry_at: session.latest_entry_at,
        }
    }
}

/// An open exam, by its link.
#[utoipa::path(get, path = "/exams/{exam}", tag = "exams",
    params(("exam" = ExamId, Path, description = "The exam")),
    responses(
        (status = 200, description = "An open exam", body = ExamSummary),
        (status = 404, description = "No such exam, or not open yet", body = crate::problem::ProblemBody),
        (status = 410, description = "The exam is over", body = crate::problem::ProblemBody),
    ))]
pub async fn summary(
    State(app): State<App>,
    Path(id): Path<ExamId>,
) -> Result<axum::Json<ExamSummary>, Problem> {
    let mut tx = app.db.reader().await?;
    let found = exam::get(&mut tx, id).await?;
    // What is not open yet is the school's own business.
    let found = found.filter(|exam| exam.state != ExamState::Draft);
    let found = found.ok_or_else(|| Problem::new(RefusalCode::ExamNotFound))?;
    found.state.require_open()?;
    let revision = found.current_revision_id.ok_or_else(Problem::not_found)?;
    let known = app.revisions.get(&mut tx, revision).await?;
    let body = &known.revision.body;
    Ok(axum::Json(ExamSummary {
        id,
        title: body.title.clone(),
        zone: body.zone.clone(),
        school: known.school.clone(),
        majors: body.majors.iter().map(|major| Named { id: major.id, name: major.name.clone() }).collect(),
        sessions: body.sessions.iter().map(SessionBrief::from).collect(),
        terms: body.terms.clone(),
        support: body.support.clone(),
    }))
}
