//! `GET /desk/events`: server-sent events that say when the queue or a conversation has changed.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;

use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::routes::sittings::events::{ALIVE, told};
use crate::state::App;

/// Says when the queue or a conversation has changed.
#[utoipa::path(get, path = "/desk/events", tag = "desk",
    responses(
        (status = 200, description = "Events `review` and `desk_message` with ids", body = String, content_type = "text/event-stream"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
    ))]
pub async fn events(
    State(app): State<App>,
    actor: Actor,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    super::require(&actor)?;
    let changes = told(&app, |changed| changed.kind == "review" || changed.kind == "desk_message");
    Ok(Sse::new(changes).keep_alive(KeepAlive::new().interval(ALIVE)))
}
