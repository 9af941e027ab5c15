//! `GET /console/exams/{exam}`: an exam as the console edits it.

use axum::extract::State;
use yikao_domain::id::ExamId;

use crate::auth::actor::Actor;
use crate::exams::{self, ExamView, READERS};
use crate::extract::Path;
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;

/// An exam of one's own school.
#[utoipa::path(get, path = "/console/exams/{exam}", tag = "exams",
    params(("exam" = ExamId, Path, description = "An exam of a school in which one has a role")),
    responses(
        (status = 200, description = "The newest revision, resolved and checked", body = ExamView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such exam of this person's schools", body = crate::problem::ProblemBody),
    ))]
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ExamId>,
) -> Result<axum::Json<ExamView>, Problem> {
    exams::load_for(&app, &actor, id, &READERS).await?;
    Ok(axum::Json(exams::view(&app, &actor, &reader, id).await?))
}
