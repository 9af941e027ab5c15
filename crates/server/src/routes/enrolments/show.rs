//! `GET /enrolments/{enrolment}`: one's own enrolment, and which of its sessions can be entered.

use axum::extract::State;
use yikao_domain::id::EnrolmentId;
use yikao_store::enrolment;

use crate::auth::actor::Actor;
use crate::enrolments::{self, EnrolmentView};
use crate::extract::Path;
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;

/// One's own enrolment.
#[utoipa::path(get, path = "/enrolments/{enrolment}", tag = "enrolments",
    params(("enrolment" = EnrolmentId, Path, description = "One's own enrolment")),
    responses(
        (status = 200, description = "The enrolment", body = EnrolmentView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such enrolment of this candidate", body = crate::problem::ProblemBody),
    ))]
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<EnrolmentId>,
) -> Result<axum::Json<EnrolmentView>, Problem> {
    let found = enrolment::get(&mut app.db.reader().await?, id).await?;
    let found =
        found.filter(|found| found.candidate_id == actor.candidate()).ok_or_else(Problem::not_found)?;
    Ok(axum::Json(enrolments::view(&app, &reader, &found).await?))
}
