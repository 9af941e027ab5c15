//! `GET /console/exams/{exam}/live`: server-sent events that say which sitting has changed.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use yikao_domain::id::ExamId;

use super::STAFF;
use crate::auth::actor::Actor;
use crate::exams;
use crate::extract::Path;
use crate::problem::Problem;
use crate::routes::sittings::events::{ALIVE, stream};
use crate::state::App;

/// Says which sitting of an exam has changed.
#[utoipa::path(get, path = "/console/exams/{exam}/live", tag = "console",
    params(("exam" = ExamId, Path, description = "An exam of a school in which one is administrator or proctor")),
    responses(
        (status = 200, description = "Events `sitting` with its id and version", body = String, content_type = "text/event-stream"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such exam of this person's schools", body = crate::problem::ProblemBody),
    ))]
pub async fn live(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ExamId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    exams::load_for(&app, &actor, id, &STAFF).await?;
    let exam = Some(id.to_string());
    let changes = stream(&app, move |changed| changed.kind == "sitting" && changed.exam_id == exam);
    Ok(Sse::new(changes).keep_alive(KeepAlive::new().interval(ALIVE)))
}
