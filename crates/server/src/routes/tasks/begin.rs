//! `POST /enrolments/{enrolment}/tasks/{task}/begin`: begins to read.

use axum::extract::State;
use yikao_domain::id::{EnrolmentId, TaskId};

use crate::auth::actor::Actor;
use crate::commands;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::routes::takes::Bare;
use crate::state::App;
use crate::tasks::{self, OwnTask, TaskView};

/// Begins to read a text: its shortest time runs from here, by the server's clock.
#[utoipa::path(post, path = "/enrolments/{enrolment}/tasks/{task}/begin", tag = "tasks", request_body = Bare,
    params(("enrolment" = EnrolmentId, Path, description = "One's own enrolment"),
        ("task" = TaskId, Path, description = "One of its tasks")),
    responses(
        (status = 200, description = "Begun; beginning again changes nothing", body = TaskView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such enrolment of this candidate, or it has no such task", body = crate::problem::ProblemBody),
        (status = 409, description = "Not open, or done in another way", body = crate::problem::ProblemBody),
        (status = 410, description = "The exam or the time for it is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn begin(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path((enrolment, task)): Path<(EnrolmentId, TaskId)>,
    Json(form): Json<Bare>,
) -> Result<axum::Json<TaskView>, Problem> {
    let own = OwnTask::load(&app, actor.clone(), enrolment, task).await?;
    let given = (app.clone(), own.clone());
    let done = commands::once(&app, &actor, "tasks.begin", form.command_id, given, |tx, (app, own)| {
        Box::pin(async move { own.begin(app, tx).await })
    });
    done.await?;
    Ok(axum::Json(tasks::view(&app, &reader, &own).await?))
}
