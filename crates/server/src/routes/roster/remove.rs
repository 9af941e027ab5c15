//! `DELETE /console/roster-entries/{entry}`: takes somebody off a list. Who has confirmed stays confirmed.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use yikao_domain::id::RosterEntryId;
use yikao_store::roster;

use crate::audit;
use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::problem::Problem;
use crate::state::App;

/// Takes an entry off its list.
#[utoipa::path(delete, path = "/console/roster-entries/{entry}", tag = "roster",
    params(("entry" = RosterEntryId, Path, description = "An entry of a school in which one is an administrator")),
    responses(
        (status = 204, description = "It is off the list"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such entry of this person's schools", body = crate::problem::ProblemBody),
    ))]
pub async fn remove(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<RosterEntryId>,
) -> Result<StatusCode, Problem> {
    let found = super::entry_for(&app, &actor, id).await?;
    let at = app.clock.now();
    let line = audit::line(&app, &actor, Some(found.school_id), "roster.removed", "roster_entry", &json!({}));
    let done = app.db.write_with(line, move |tx, line| {
        Box::pin(async move {
            roster::remove(tx, &[id], at);
            audit::keep(tx, line, &id);
            Ok(())
        })
    });
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}
