//! `GET /enrolments/{enrolment}/tasks/{task}`: one task with its text or its slots (H1, H2).

use axum::extract::State;
use yikao_domain::id::{EnrolmentId, TaskId};

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;
use crate::tasks::{self, OwnTask, TaskView};

/// One task of one's own enrolment.
#[utoipa::path(get, path = "/enrolments/{enrolment}/tasks/{task}", tag = "tasks",
    params(("enrolment" = EnrolmentId, Path, description = "One's own enrolment"),
        ("task" = TaskId, Path, description = "One of its tasks")),
    responses(
        (status = 200, description = "The task", body = TaskView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such enrolment of this candidate, or it has no such task", body = crate::problem::ProblemBody),
    ))]
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path((enrolment, task)): Path<(EnrolmentId, TaskId)>,
) -> Result<axum::Json<TaskView>, Problem> {
    let own = OwnTask::load(&app, actor, enrolment, task).await?;
    Ok(axum::Json(tasks::view(&app, &reader, &own).await?))
}
