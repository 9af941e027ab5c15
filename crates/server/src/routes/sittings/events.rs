//! `GET /sittings/{sitting}/events`: server-sent events that say when to look again.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use yikao_domain::id::SittingId;
use yikao_store::Changed;

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::problem::Problem;
use crate::sittings::command;
use crate::state::App;

/// How often an idle connection is kept alive.
pub const ALIVE: Duration = Duration::from_secs(15);

/// Says when one's own sitting has changed.
#[utoipa::path(get, path = "/sittings/{sitting}/events", tag = "sittings",
    params(("sitting" = SittingId, Path, description = "One's own sitting")),
    responses(
        (status = 200, description = "Events `sitting` with the new version", body = String, content_type = "text/event-stream"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this candidate", body = crate::problem::ProblemBody),
    ))]
pub async fn events(
    State(app): State<App>,
    actor: Actor,
    Path(sitting): Path<SittingId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    command::load_own(&app, sitting, actor.candidate()).await?;
    let id = sitting.to_string();
    let changes = stream(&app, move |changed| changed.kind == "sitting" && changed.id == id);
    Ok(Sse::new(changes).keep_alive(KeepAlive::new().interval(ALIVE)))
}

/// Changes that `concerns` picks, each as an event named after its kind: a hint to look again.
pub fn told<F>(app: &App, concerns: F) -> impl Stream<Item = Result<Event, Infallible>> + use<F>
where
    F: Fn(&Changed) -> bool + Send + 'static,
{
    let state = (app.clone(), app.db.subscribe(), concerns);
    futures_util::stream::unfold(state, |(app, mut changes, concerns)| async move {
        loop {
            let (kind, id) = match changes.recv().await {
                Ok(changed) if concerns(&changed) => (changed.kind, changed.id),
                Ok(_) => continue,
                // Some were missed: whoever listens should look.
                Err(RecvError::Lagged(_)) => ("missed".to_owned(), String::new()),
                Err(RecvError::Closed) => return None,
            };
            let body = json!({ "id": id, "server_time": app.clock.now() });
            return Some((Ok(Event::default().event(kind).data(body.to_string())), (app, changes, concerns)));
        }
    })
}

/// Changes that `concerns` picks, as events that carry ids and versions only.
pub fn stream<F>(app: &App, concerns: F) -> impl Stream<Item = Result<Event, Infallible>> + use<F>
where
    F: Fn(&Changed) -> bool + Send + 'static,
{
    let state = (app.clone(), app.db.subscribe(), concerns);
    futures_util::stream::unfold(state, |(app, mut changes, concerns)| async move {
        loop {
            let body = match changes.recv().await {
                Ok(changed) if concerns(&changed) => {
                    json!({ "sitting_id": changed.id, "version": changed.version, "server_time": app.clock.now() })
                }
                Ok(_) => continue,
                // Some were missed: whoever listens should look.
                Err(RecvError::Lagged(_)) => json!({ "server_time": app.clock.now() }),
                Err(RecvError::Closed) => return None,
            };
            let event = Event::default().event("sitting").data(body.to_string());
            return Some((Ok(event), (app, changes, concerns)));
        }
    })
}
