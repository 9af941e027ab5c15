//! A candidate asks for a person to look, gives what was asked for, or takes the question back.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, PictureId, ReviewId, SittingId};
use yikao_domain::review::{Command, ReviewKind};
use yikao_store::{Tx, review};

use super::list::{MyDesk, own};
use crate::auth::actor::Actor;
use crate::commands::{self, Outcome};
use crate::extract::{Json, Path};
use crate::faces;
use crate::language::Reader;
use crate::pictures;
use crate::problem::Problem;
use crate::reviews::{self, Prepared};
use crate::routes::takes::Bare;
use crate::state::App;

/// Asks for a person to look at one's face.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskDesk {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// In which sitting it came up, if in one.
    #[serde(default)]
    pub sitting_id: Option<SittingId>,
    /// What the person at the desk should know.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: String,
    /// Pictures of oneself as one is now; the desk holds them beside the document's.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub pictures: Vec<PictureId>,
}

/// Gives what the desk asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveMore {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// What one says.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: String,
    /// Pictures of one's own that were asked for.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub pictures: Vec<PictureId>,
}

/// Asks for a person to look at one's face (F7). Asked again while one looks, it is the same review.
#[utoipa::path(post, path = "/me/reviews", tag = "reviews", request_body = AskDesk,
    responses(
        (status = 201, description = "The desk is asked", body = MyDesk),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this candidate", body = crate::problem::ProblemBody),
        (status = 409, description = "Nothing to be looked at, or it is asked already", body = crate::problem::ProblemBody),
        (status = 410, description = "A picture was not used in time", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn ask(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Json(form): Json<AskDesk>,
) -> Result<(StatusCode, axum::Json<MyDesk>), Problem> {
    if let Some(sitting) = form.sitting_id {
        crate::sittings::command::load_own(&app, sitting, actor.candidate()).await?;
    }
    let said = reviews::proven(&app, actor.candidate(), form.note, &form.pictures).await?;
    let facts = faces::facts(&app, &actor, said).await?;
    let prepared =
        reviews::prepare(&app, actor.candidate(), ReviewKind::Face, "", form.sitting_id, &facts).await?;
    let shown = facts.pictures.iter().filter_map(|one| one.id.parse().ok()).collect();
    let asking = Asking { app: app.clone(), actor: actor.clone(), prepared, pictures: shown };
    commands::once(&app, &actor, "reviews.ask", form.command_id, asking, |tx, asking| {
        Box::pin(async move { asking.ask(tx).await })
    })
    .await?;
    Ok((StatusCode::CREATED, axum::Json(own(&app, &actor, &reader).await?)))
}

/// A question on its way.
struct Asking {
    app: App,
    actor: Actor,
    prepared: Prepared,
    pictures: Vec<PictureId>,
}

impl Asking {
    async fn ask(&self, tx: &mut Tx) -> Outcome<ReviewId> {
        let (standing, _) = faces::standing(tx, self.actor.account).await?;
        if let Err(refusal) = standing.may_ask_desk(self.app.clock.now()) {
            return Ok(Err(refusal));
        }
        if let Err(refusal) = pictures::keep(tx, self.actor.candidate(), &self.pictures).await? {
            return Ok(Err(refusal));
        }
        Ok(Ok(reviews::open(&self.app, tx, &self.prepared).await?))
    }
}

/// Gives what the desk asked for; the service clock begins again.
#[utoipa::path(post, path = "/me/reviews/{review}/answer", tag = "reviews", request_body = GiveMore,
    params(("review" = ReviewId, Path, description = "One's own review")),
    responses(
        (status = 200, description = "The desk has it", body = MyDesk),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review of this candidate", body = crate::problem::ProblemBody),
        (status = 409, description = "Nothing was asked for, or it is over", body = crate::problem::ProblemBody),
        (status = 410, description = "A picture was not used in time", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn answer(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ReviewId>,
    Json(form): Json<GiveMore>,
) -> Result<axum::Json<MyDesk>, Problem> {
    require_own(&app, &actor, id).await?;
    if form.note.trim().is_empty() {
        return Err(Problem::field("note", "empty"));
    }
    let add = reviews::proven(&app, actor.candidate(), form.note, &form.pictures).await?;
    let command = Command::GiveMore { due_at: app.desk.due(app.clock.now()) };
    reviews::give(&app, &actor, id, form.command_id, command, Some(add)).await?;
    Ok(axum::Json(own(&app, &actor, &reader).await?))
}

/// Takes a question back.
#[utoipa::path(post, path = "/me/reviews/{review}/cancellation", tag = "reviews", request_body = Bare,
    params(("review" = ReviewId, Path, description = "One's own review")),
    responses(
        (status = 200, description = "Nobody looks any more", body = MyDesk),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such review of this candidate", body = crate::problem::ProblemBody),
        (status = 409, description = "It is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn cancel(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ReviewId>,
    Json(form): Json<Bare>,
) -> Result<axum::Json<MyDesk>, Problem> {
    require_own(&app, &actor, id).await?;
    let command = Command::Cancel { by: None, reason: String::new() };
    reviews::give(&app, &actor, id, form.command_id, command, None).await?;
    Ok(axum::Json(own(&app, &actor, &reader).await?))
}

/// To others one's review does not exist.
async fn require_own(app: &App, actor: &Actor, id: ReviewId) -> Result<(), Problem> {
    let row = review::get(&mut app.db.reader().await?, id).await?;
    let own = row.is_some_and(|row| row.candidate_id == actor.candidate());
    if own { Ok(()) } else { Err(Problem::not_found()) }
}
