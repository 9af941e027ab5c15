//! `POST /takes/{take}/question-views`: the question was opened or hidden while filmed, for the reviewers' timeline (K8).

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, TakeId};
use yikao_domain::sitting::Command;
use yikao_domain::time::Millis;

use super::given;
use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::sittings::command;
use crate::state::App;

/// The question was opened or hidden.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteQuestion {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Whether it shows from now on.
    pub shown: bool,
    /// Where in the recording, by the phone's count, ms.
    pub at_captured_ms: Millis,
}

/// The question was opened or hidden while filmed.
#[utoipa::path(post, path = "/takes/{take}/question-views", tag = "takes", request_body = NoteQuestion,
    params(("take" = TakeId, Path, description = "One's own take")),
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such take", body = crate::problem::ProblemBody),
        (status = 409, description = "The take is over, or its subject has no open paper", body = crate::problem::ProblemBody),
        (status = 410, description = "The time is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn note(
    State(app): State<App>,
    actor: Actor,
    Path(take_id): Path<TakeId>,
    Json(form): Json<NoteQuestion>,
) -> Result<StatusCode, Problem> {
    let given = given(&app, &actor, take_id, form.command_id).await?;
    let order = Command::NoteQuestion { take_id, shown: form.shown, at_captured_ms: form.at_captured_ms };
    command::run(&app, given, order, Box::new(|_, _, _, _| ())).await?;
    Ok(StatusCode::NO_CONTENT)
}
