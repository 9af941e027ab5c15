//! `POST /takes/{take}/beep`: the candidate is in position, the recorder runs; the attempt is consumed (L1).

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, PartId, TakeId};
use yikao_domain::sitting::Command;

use super::given;
use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::command;
use crate::sittings::view::SittingView;
use crate::state::App;

/// The beep sounds: the attempt is consumed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Beep {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Which part records.
    pub part_id: PartId,
}

/// The beep sounds: the attempt is consumed.
#[utoipa::path(post, path = "/takes/{take}/beep", tag = "takes", request_body = Beep,
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
pub async fn beep(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(take_id): Path<TakeId>,
    Json(form): Json<Beep>,
) -> Result<axum::Json<SittingView>, Problem> {
    let given = given(&app, &actor, take_id, form.command_id).await?;
    let order = Command::Beep { take_id, part_id: form.part_id };
    let done = command::run(&app, given, order, Box::new(|_, _, _, _| ())).await?;
    Ok(axum::Json(command::view(&app, &done.loaded, &reader).await?))
}
