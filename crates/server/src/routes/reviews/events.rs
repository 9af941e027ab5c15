//! `GET /me/events`: server-sent events that say when one's standing, a review or a message has changed.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;

use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::routes::sittings::events::{ALIVE, told};
use crate::state::App;

/// Says when one's standing, a review or a message has changed.
#[utoipa::path(get, path = "/me/events", tag = "reviews",
    responses(
        (status = 200, description = "Events `candidate`", body = String, content_type = "text/event-stream"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    ))]
pub async fn events(
    State(app): State<App>,
    actor: Actor,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let id = actor.candidate().to_string();
    let changes = told(&app, move |changed| changed.kind == "candidate" && changed.id == id);
    Ok(Sse::new(changes).keep_alive(KeepAlive::new().interval(ALIVE)))
}
