//! `PUT /me/pictures/{picture}`: sends a picture of oneself or one's document.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header;
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use tokio::time::timeout;
use utoipa::IntoParams;
use yikao_domain::consent::ConsentKind;
use yikao_domain::id::PictureId;
use yikao_domain::identity::PictureKind;
use yikao_domain::refusal::{Refusal, RefusalCode};

use crate::auth::actor::Actor;
use crate::consents;
use crate::extract::{Path, Query};
use crate::language::Reader;
use crate::pictures::{self, MAX_BYTES, PictureView};
use crate::problem::Problem;
use crate::state::App;

/// How long somebody waits for their turn to send.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long sending may take: a slow phone must not keep the others from it.
const SENDING: Duration = Duration::from_mins(2);

/// What a picture is to show.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Shows {
    /// What it is to show: what is looked for depends on it.
    pub kind: PictureKind,
}

/// Sends a picture. It is looked at before it is kept: what is refused leaves nothing behind.
#[utoipa::path(put, path = "/me/pictures/{picture}", tag = "pictures",
    params(("picture" = PictureId, Path, description = "Made by the client: sent again, it is the same picture"), Shows),
    request_body(content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/heic"),
    ), description = "The file as it is, at most 20 MB"),
    responses(
        (status = 200, description = "It is kept until it is used, or for a day", body = PictureView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps, or without the consent for faces", body = crate::problem::ProblemBody),
        (status = 404, description = "The id is another picture's", body = crate::problem::ProblemBody),
        (status = 409, description = "Too many pictures wait to be used", body = crate::problem::ProblemBody),
        (status = 410, description = "It was dropped while it was sent", body = crate::problem::ProblemBody),
        (status = 413, description = "Larger than 20 MB", body = crate::problem::ProblemBody),
        (status = 422, description = "Not a picture, or not of what it is to show: the code says which", body = crate::problem::ProblemBody),
        (status = 429, description = "Too often, or too many at once", body = crate::problem::ProblemBody),
        (status = 500, description = "Pictures cannot be looked at here", body = crate::problem::ProblemBody),
    ))]
pub async fn put(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<PictureId>,
    Query(shows): Query<Shows>,
    request: Request,
) -> Result<axum::Json<PictureView>, Problem> {
    app.limits.pictures.take(&actor.account).map_err(Problem::too_often)?;
    let agreed = if shows.kind.is_of_face() {
        Some(consents::require(&app, actor.candidate(), ConsentKind::Faces).await?)
    } else {
        None
    };
    let too_large =
        || Problem::from(Refusal::new(RefusalCode::PictureTooLarge).with("limit_bytes", MAX_BYTES));
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > MAX_BYTES) {
        return Err(too_large());
    }
    let _turn = timeout(PATIENCE, app.uploads.acquire()).await.map_err(|_| Problem::too_often(PATIENCE))?;
    let body = timeout(SENDING, Limited::new(request.into_body(), MAX_BYTES).collect()).await;
    let body = body.map_err(|_| Problem::field("body", "took too long"))?;
    let bytes = body.map_err(|_| too_large())?.to_bytes();
    let row = pictures::receive(&app, actor.candidate(), id, shows.kind, agreed, bytes).await?;
    Ok(axum::Json(pictures::view(&app, &reader, &row).await?))
}
