//! `POST /takes/{take}/interruptions`: something came between; the exam's policy says what it costs (M2).

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, TakeId};
use yikao_domain::policy::Act;
use yikao_domain::sitting::{Command, Interruption};
use yikao_domain::time::Millis;

use super::given;
use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::command;
use crate::sittings::view::SittingView;
use crate::state::App;

/// Something interrupted the recording.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportInterruption {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// What happened.
    pub act: Act,
    /// Where in the recording it began, by the phone's count, ms.
    pub began_at_captured_ms: Millis,
    /// How long it lasted, ms; absent while it lasts.
    #[serde(default)]
    pub lasted_ms: Option<Millis>,
}

/// Something interrupted the recording.
#[utoipa::path(post, path = "/takes/{take}/interruptions", tag = "takes", request_body = ReportInterruption,
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
pub async fn interruption(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(take_id): Path<TakeId>,
    Json(form): Json<ReportInterruption>,
) -> Result<axum::Json<SittingView>, Problem> {
    let given = given(&app, &actor, take_id, form.command_id).await?;
    let interruption = Interruption {
        act: form.act,
        began_at_captured_ms: form.began_at_captured_ms,
        lasted_ms: form.lasted_ms,
    };
    let order = Command::Interrupt { take_id, interruption };
    let done = command::run(&app, given, order, Box::new(|_, _, _, _| ())).await?;
    Ok(axum::Json(command::view(&app, &done.loaded, &reader).await?))
}
