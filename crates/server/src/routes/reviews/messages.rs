//! `/me/messages`: a candidate and the desk write to each other.

use axum::extract::State;
use axum::http::StatusCode;

use crate::auth::actor::Actor;
use crate::desk_messages::{self, DeskMessageView, WriteMessage};
use crate::extract::Json;
use crate::problem::Problem;
use crate::state::App;

/// One's messages with the desk, oldest first.
#[utoipa::path(get, path = "/me/messages", tag = "reviews",
    responses(
        (status = 200, description = "Messages, oldest first", body = Vec<DeskMessageView>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    ))]
pub async fn list(State(app): State<App>, actor: Actor) -> Result<axum::Json<Vec<DeskMessageView>>, Problem> {
    Ok(axum::Json(desk_messages::list(&app, actor.candidate(), false).await?))
}

/// Writes to the desk.
#[utoipa::path(post, path = "/me/messages", tag = "reviews", request_body = WriteMessage,
    responses(
        (status = 201, description = "The desk has it", body = Vec<DeskMessageView>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review of this candidate", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
        (status = 429, description = "Too often", body = crate::problem::ProblemBody),
    ))]
pub async fn write(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<WriteMessage>,
) -> Result<(StatusCode, axum::Json<Vec<DeskMessageView>>), Problem> {
    desk_messages::write(&app, &actor, actor.candidate(), false, form).await?;
    Ok((StatusCode::CREATED, axum::Json(desk_messages::list(&app, actor.candidate(), false).await?)))
}
