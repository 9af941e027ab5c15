//! `GET /me/pictures/{picture}`: one's own picture, as it is kept.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use yikao_domain::id::PictureId;

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::pictures;
use crate::problem::Problem;
use crate::state::App;

/// One's own picture.
#[utoipa::path(get, path = "/me/pictures/{picture}", tag = "pictures",
    params(("picture" = PictureId, Path, description = "One's own picture")),
    responses(
        (status = 200, description = "Upright, without metadata", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such picture of this person", body = crate::problem::ProblemBody),
    ))]
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<PictureId>,
) -> Result<Response, Problem> {
    let mut tx = app.db.reader().await?;
    let found = pictures::find(&app, &mut tx, actor.candidate(), id, &[]).await;
    let found = found.map_err(|_| Problem::not_found())?;
    drop(tx);
    Ok(answer(pictures::read(&app, &found).await?))
}

/// A picture on its way: never cached, never taken for anything else.
pub fn answer(jpeg: bytes::Bytes) -> Response {
    let mut answer = Response::new(Body::from(jpeg));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    answer
}
