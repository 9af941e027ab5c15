//! `GET /schools/{school}/exams`: a school's exams, and how many people are where in each.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::exam::ExamState;
use yikao_domain::id::{ExamId, SchoolId};
use yikao_domain::time::Timestamp;
use yikao_store::roster::RosterFilter;
use yikao_store::{Page, Tx, enrolment, exam, roster, sitting};

use crate::auth::actor::Actor;
use crate::exams::{self, READERS};
use crate::extract::Path;
use crate::problem::Problem;
use crate::state::App;

/// An exam in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExamRow {
    /// The exam.
    pub id: ExamId,
    /// Its name.
    pub title: String,
    /// How far it is.
    pub state: ExamState,
    /// IANA time zone in which its times are shown.
    pub zone: String,
    /// When its first session opens, ms.
    pub opens_at: Timestamp,
    /// When its last session closes, ms.
    pub closes_at: Timestamp,
    /// How many people are where.
    pub counts: ExamCounts,
}

/// How many people are where in an exam.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExamCounts {
    /// On its lists.
    pub roster: u64,
    /// Confirmed.
    pub enrolments: u64,
    /// Sittings of any kind.
    pub sittings: u64,
    /// Sittings that are not over.
    pub sitting_now: u64,
    /// Sittings with something submitted.
    pub submitted: u64,
}

/// A school's exams, newest first.
#[utoipa::path(get, path = "/schools/{school}/exams", tag = "exams",
    params(("school" = SchoolId, Path, description = "A school in which one has a role")),
    responses(
        (status = 200, description = "Exams, newest first", body = Vec<ExamRow>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such school of this person", body = crate::problem::ProblemBody),
    ))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    Path(school): Path<SchoolId>,
) -> Result<axum::Json<Vec<ExamRow>>, Problem> {
    actor.require(school, &READERS)?;
    let mut tx = app.db.reader().await?;
    let mut rows = Vec::new();
    for exam in exam::of_school(&mut tx, school).await? {
        let zone = exams::current(&mut tx, &exam).await?.body.zone;
        let counts = counts(&mut tx, exam.id).await?;
        let exam::Exam { id, title, state, opens_at, closes_at, .. } = exam;
        rows.push(ExamRow { id, title, state, zone, opens_at, closes_at, counts });
    }
    Ok(axum::Json(rows))
}

async fn counts(tx: &mut Tx, id: ExamId) -> Result<ExamCounts, Problem> {
    let none = Page { limit: 0, offset: 0 };
    let roster = roster::page(tx, id, &RosterFilter::default(), none).await?.total;
    let enrolments = enrolment::count(tx, id).await?;
    let sitting::SittingCounts { sittings, sitting_now, submitted } = sitting::counts(tx, id).await?;
    Ok(ExamCounts { roster, enrolments, sittings, sitting_now, submitted })
}
