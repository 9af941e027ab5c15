//! `GET /desk/reviews/{review}/pictures/{picture}`: a picture that a review is about; each look is logged.

use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yikao_domain::id::{PictureId, ReviewId};
use yikao_store::review;

use crate::audit;
use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::identities::key_of;
use crate::pictures;
use crate::problem::Problem;
use crate::reviews;
use crate::routes::pictures::show::answer;
use crate::state::App;

/// A picture that a review is about.
#[utoipa::path(get, path = "/desk/reviews/{review}/pictures/{picture}", tag = "desk",
    params(
        ("review" = ReviewId, Path, description = "A review"),
        ("picture" = PictureId, Path, description = "One of the pictures in its facts"),
    ),
    responses(
        (status = 200, description = "Upright, without metadata", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review, or no such picture of it", body = crate::problem::ProblemBody),
    ))]
pub async fn picture(
    State(app): State<App>,
    actor: Actor,
    Path((id, picture)): Path<(ReviewId, PictureId)>,
) -> Result<Response, Problem> {
    super::require(&actor)?;
    let mut tx = app.db.reader().await?;
    let row = review::get(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    super::require_for(&actor, row.kind)?;
    let facts = reviews::facts_of(&key_of(&app, &mut tx, row.candidate_id).await?, &row)?;
    if !facts.pictures.iter().any(|one| one.id == picture.to_string()) {
        return Err(Problem::not_found());
    }
    let found = pictures::find(&app, &mut tx, row.candidate_id, picture, &[]).await;
    let found = found.map_err(|_| Problem::not_found())?;
    drop(tx);
    let which = json!({ "picture": picture });
    audit::looked_at(&app, &actor, None, "review.picture", ("review", id.to_string()), &which).await?;
    Ok(answer(pictures::read(&app, &found).await?))
}
