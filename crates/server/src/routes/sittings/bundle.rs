//! `GET /console/sittings/{sitting}/bundle`: a sitting's evidence for `yikao verify` (NEW19).

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::json;
use yikao_domain::id::SittingId;

use crate::auth::actor::{Actor, SchoolRole};
use crate::extract::Path;
use crate::problem::Problem;
use crate::sittings::command;
use crate::state::App;
use crate::{audit, bundle};

/// A sitting's evidence as a tar archive: events, seals, signed words, and the original footage.
#[utoipa::path(get, path = "/console/sittings/{sitting}/bundle", tag = "console",
    params(("sitting" = SittingId, Path, description = "A sitting of a school one administers or proctors")),
    responses(
        (status = 200, description = "The archive", body = Vec<u8>, content_type = "application/x-tar"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting", body = crate::problem::ProblemBody),
    ))]
pub async fn bundle(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<SittingId>,
) -> Result<impl IntoResponse, Problem> {
    let loaded = command::load(&app, &mut app.db.reader().await?, id).await?;
    let loaded = loaded.ok_or_else(Problem::not_found)?;
    let school = loaded.row.school_id;
    actor.require(school, &[SchoolRole::Admin, SchoolRole::Proctor])?;
    audit::note(&app, &actor, school, "sitting.exported", "sitting", id.to_string(), &json!({})).await?;
    let pieces = bundle::stream(&app, &loaded).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-tar".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"yikao-{id}.tar\"")),
    ];
    Ok((headers, Body::from_stream(pieces)))
}
