//! `POST /takes/{take}/failure`: the recorder failed for good; before the beep the attempt is given back.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, TakeId};
use yikao_domain::sitting::Command;

use super::given;
use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::command;
use crate::sittings::view::SittingView;
use crate::state::App;

/// The recorder failed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FailTake {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// What it said, for the timeline.
    #[schema(max_length = 500)]
    pub cause: String,
}

/// The recorder failed.
#[utoipa::path(post, path = "/takes/{take}/failure", tag = "takes", request_body = FailTake,
    params(("take" = TakeId, Path, description = "One's own take")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such take", body = crate::problem::ProblemBody),
        (status = 409, description = "Not in the take's present state", body = crate::problem::ProblemBody),
        (status = 410, description = "The time is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn failure(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(take_id): Path<TakeId>,
    Json(form): Json<FailTake>,
) -> Result<axum::Json<SittingView>, Problem> {
    let given = given(&app, &actor, take_id, form.command_id).await?;
    let cause = form.cause.chars().take(500).collect();
    let order = Command::FailTake { take_id, cause };
    let done = command::run(&app, given, order, Box::new(|_, _, _, _| ())).await?;
    Ok(axum::Json(command::view(&app, &done.loaded, &reader).await?))
}
