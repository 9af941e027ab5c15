//! `GET /sittings/{sitting}`: one's own sitting as it stands.

use axum::extract::State;
use yikao_domain::id::SittingId;

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::command;
use crate::sittings::view::SittingView;
use crate::state::App;

/// One's own sitting.
#[utoipa::path(get, path = "/sittings/{sitting}", tag = "sittings",
    params(("sitting" = SittingId, Path, description = "One's own sitting")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this candidate", body = crate::problem::ProblemBody),
    ))]
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
) -> Result<axum::Json<SittingView>, Problem> {
    let loaded = command::load_own(&app, sitting, actor.candidate()).await?;
    Ok(axum::Json(command::view(&app, &loaded, &reader).await?))
}
