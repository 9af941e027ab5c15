//! `POST /enrolments/{enrolment}/tasks/{task}/booking`: books a slot (约考, H4).

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, EnrolmentId, SlotId, TaskId};

use crate::auth::actor::Actor;
use crate::commands;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;
use crate::tasks::{self, OwnTask, TaskView};

/// Books a slot.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookSlot {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Which slot.
    pub slot_id: SlotId,
}

/// Books a slot. Of two who ask for its last place at once one gets it.
#[utoipa::path(post, path = "/enrolments/{enrolment}/tasks/{task}/booking", tag = "tasks", request_body = BookSlot,
    params(("enrolment" = EnrolmentId, Path, description = "One's own enrolment"),
        ("task" = TaskId, Path, description = "One of its tasks")),
    responses(
        (status = 200, description = "Booked; booking it again changes nothing", body = TaskView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such enrolment of this candidate, or it has no such task or slot", body = crate::problem::ProblemBody),
        (status = 409, description = "Not open yet, full, or another slot is booked for good", body = crate::problem::ProblemBody),
        (status = 410, description = "The exam or the time for it is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn book(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path((enrolment, task)): Path<(EnrolmentId, TaskId)>,
    Json(form): Json<BookSlot>,
) -> Result<axum::Json<TaskView>, Problem> {
    let own = OwnTask::load(&app, actor.clone(), enrolment, task).await?;
    let given = (app.clone(), own.clone(), form.slot_id);
    let done = commands::once(&app, &actor, "tasks.book", form.command_id, given, |tx, (app, own, slot)| {
        Box::pin(async move { own.book(app, tx, *slot).await })
    });
    done.await?;
    Ok(axum::Json(tasks::view(&app, &reader, &own).await?))
}
