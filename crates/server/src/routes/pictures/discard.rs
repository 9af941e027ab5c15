//! `DELETE /me/pictures/{picture}`: a picture that was not used goes at once.

use axum::extract::State;
use axum::http::StatusCode;
use yikao_domain::id::PictureId;
use yikao_store::picture;

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::pictures;
use crate::problem::Problem;
use crate::state::App;

/// Takes back a picture that nothing needs.
#[utoipa::path(delete, path = "/me/pictures/{picture}", tag = "pictures",
    params(("picture" = PictureId, Path, description = "One's own picture, not used yet")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such picture, or something needs it", body = crate::problem::ProblemBody),
    ))]
pub async fn discard(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<PictureId>,
) -> Result<StatusCode, Problem> {
    let (candidate, now) = (actor.candidate(), app.clock.now());
    let gone =
        app.db.write(move |tx| Box::pin(async move { picture::discard(tx, candidate, id, now).await }));
    if !gone.await? {
        return Err(Problem::not_found());
    }
    pictures::purge(&app).await?;
    Ok(StatusCode::NO_CONTENT)
}
