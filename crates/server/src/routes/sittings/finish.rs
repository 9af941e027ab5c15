//! `POST /sittings/{sitting}/finish`: ends the sitting without the electives that were not taken (K7).

use axum::extract::State;
use yikao_domain::id::SittingId;
use yikao_domain::sitting::Command;

use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::routes::takes::Bare;
use crate::sittings::command::{self, Given};
use crate::sittings::view::SittingView;
use crate::state::App;

/// Ends the sitting without the electives that were not taken.
#[utoipa::path(post, path = "/sittings/{sitting}/finish", tag = "sittings", request_body = Bare,
    params(("sitting" = SittingId, Path, description = "One's own sitting")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this candidate", body = crate::problem::ProblemBody),
        (status = 409, description = "A compulsory subject is missing …", body = crate::problem::ProblemBody),
        (status = 410, description = "It is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn finish(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<Bare>,
) -> Result<axum::Json<SittingView>, Problem> {
    command::load_own(&app, sitting, actor.candidate()).await?;
    let given = Given {
        sitting,
        command_id: Some(form.command_id),
        actor: actor.signature(),
        device: Some(actor.device),
    };
    let done = command::run(&app, given, Command::Finish, Box::new(|_, _, _, _| ())).await?;
    Ok(axum::Json(command::view(&app, &done.loaded, &reader).await?))
}
