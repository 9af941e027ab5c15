//! What agents do with a review: take it, put it back, decide it, ask for more, end it.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, ReviewId};
use yikao_domain::review::{Command, Verdict};
use yikao_store::review;

use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::reviews;
use crate::reviews::view::{self, DeskReviewDetail};
use crate::routes::takes::Bare;
use crate::state::App;

/// The longest text, in characters.
const WORDS_MAX: usize = 1000;

/// Decides a review.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// What.
    pub verdict: Verdict,
    /// Why; the candidate reads it. A refusal cannot do without.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub reason: String,
}

/// An order with words that the candidate reads.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithWords {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// What the candidate reads.
    #[schema(min_length = 1, max_length = 1000)]
    pub words: String,
}

async fn give(
    app: &App,
    actor: &Actor,
    reader: &Reader,
    id: ReviewId,
    command_id: CommandId,
    command: Command,
) -> Result<axum::Json<DeskReviewDetail>, Problem> {
    super::require(actor)?;
    let row = review::get(&mut app.db.reader().await?, id).await?.ok_or_else(Problem::not_found)?;
    super::require_for(actor, row.kind)?;
    reviews::give(app, actor, id, command_id, command, None).await?;
    let row = review::get(&mut app.db.reader().await?, id).await?.ok_or_else(Problem::not_found)?;
    Ok(axum::Json(view::detail(app, actor, reader, &row).await?))
}

/// What an agent writes; too much of it is refused.
pub fn short(words: String) -> Result<String, Problem> {
    if words.chars().count() > WORDS_MAX {
        return Err(Problem::field("words", "too long"));
    }
    Ok(words)
}

/// Takes a review; of two who do so at once the second is told who was first.
#[utoipa::path(post, path = "/desk/reviews/{review}/claim", tag = "desk", request_body = Bare,
    params(("review" = ReviewId, Path, description = "A review")),
    responses(
        (status = 200, description = "The review as it stands", body = DeskReviewDetail),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review", body = crate::problem::ProblemBody),
        (status = 409, description = "Somebody has it, or it is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed, or nothing said where something must be", body = crate::problem::ProblemBody),
    ))]
pub async fn claim(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ReviewId>,
    Json(form): Json<Bare>,
) -> Result<axum::Json<DeskReviewDetail>, Problem> {
    let command = Command::Claim { by: actor.account };
    give(&app, &actor, &reader, id, form.command_id, command).await
}

/// Puts a review back.
#[utoipa::path(post, path = "/desk/reviews/{review}/release", tag = "desk", request_body = Bare,
    params(("review" = ReviewId, Path, description = "A review")),
    responses(
        (status = 200, description = "The review as it stands", body = DeskReviewDetail),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review", body = crate::problem::ProblemBody),
        (status = 409, description = "Somebody else has it, or it is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed, or nothing said where something must be", body = crate::problem::ProblemBody),
    ))]
pub async fn release(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ReviewId>,
    Json(form): Json<Bare>,
) -> Result<axum::Json<DeskReviewDetail>, Problem> {
    let command = Command::Release { by: actor.account };
    give(&app, &actor, &reader, id, form.command_id, command).await
}

/// Decides a review; with four eyes the second person who says the same does.
#[utoipa::path(post, path = "/desk/reviews/{review}/decision", tag = "desk", request_body = Decide,
    params(("review" = ReviewId, Path, description = "A review")),
    responses(
        (status = 200, description = "The review as it stands", body = DeskReviewDetail),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review", body = crate::problem::ProblemBody),
        (status = 409, description = "Not taken, or over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed, or nothing said where something must be", body = crate::problem::ProblemBody),
    ))]
pub async fn decide(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ReviewId>,
    Json(form): Json<Decide>,
) -> Result<axum::Json<DeskReviewDetail>, Problem> {
    let command = Command::Decide { by: actor.account, verdict: form.verdict, reason: short(form.reason)? };
    give(&app, &actor, &reader, id, form.command_id, command).await
}

/// Asks the candidate for more; the service clock rests until they answer.
#[utoipa::path(post, path = "/desk/reviews/{review}/question", tag = "desk", request_body = WithWords,
    params(("review" = ReviewId, Path, description = "A review")),
    responses(
        (status = 200, description = "The review as it stands", body = DeskReviewDetail),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review", body = crate::problem::ProblemBody),
        (status = 409, description = "Not taken, or over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed, or nothing said where something must be", body = crate::problem::ProblemBody),
    ))]
pub async fn ask(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ReviewId>,
    Json(form): Json<WithWords>,
) -> Result<axum::Json<DeskReviewDetail>, Problem> {
    let command = Command::AskForMore { by: actor.account, what: short(form.words)? };
    give(&app, &actor, &reader, id, form.command_id, command).await
}

/// Ends a review whose answer nobody needs any more (E3).
#[utoipa::path(post, path = "/desk/reviews/{review}/cancellation", tag = "desk", request_body = WithWords,
    params(("review" = ReviewId, Path, description = "A review")),
    responses(
        (status = 200, description = "The review as it stands", body = DeskReviewDetail),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review", body = crate::problem::ProblemBody),
        (status = 409, description = "It is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed, or nothing said where something must be", body = crate::problem::ProblemBody),
    ))]
pub async fn cancel(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ReviewId>,
    Json(form): Json<WithWords>,
) -> Result<axum::Json<DeskReviewDetail>, Problem> {
    let command = Command::Cancel { by: Some(actor.account), reason: short(form.words)? };
    give(&app, &actor, &reader, id, form.command_id, command).await
}
