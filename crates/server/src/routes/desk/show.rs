//! `GET /desk/reviews/{review}`: everything that a decision needs, side by side.

use axum::extract::State;
use yikao_domain::id::ReviewId;
use yikao_store::review;

use crate::audit;
use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::language::Reader;
use crate::problem::Problem;
use crate::reviews::view::{self, DeskReviewDetail};
use crate::state::App;

/// A review with what it is about.
#[utoipa::path(get, path = "/desk/reviews/{review}", tag = "desk",
    params(("review" = ReviewId, Path, description = "A review")),
    responses(
        (status = 200, description = "The review, what it is about, and what was done", body = DeskReviewDetail),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review", body = crate::problem::ProblemBody),
    ))]
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ReviewId>,
) -> Result<axum::Json<DeskReviewDetail>, Problem> {
    super::require(&actor)?;
    let row = review::get(&mut app.db.reader().await?, id).await?.ok_or_else(Problem::not_found)?;
    super::require_for(&actor, row.kind)?;
    audit::looked(&app, &actor, None, "review.looked", "review", id.to_string()).await?;
    Ok(axum::Json(view::detail(&app, &actor, &reader, &row).await?))
}
