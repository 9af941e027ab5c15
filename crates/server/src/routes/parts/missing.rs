//! `GET /parts/{part}/missing`: what has arrived, asked after any break.

use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yikao_domain::id::PartId;

use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::routes::parts::capability_of;
use crate::state::App;

/// How far the phone has recorded.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The last segment on the phone; what is missing is counted up to here.
    #[param(minimum = 0)]
    last: Option<u32>,
}

/// What has arrived of a part.
#[derive(Debug, Serialize, ToSchema)]
pub struct Arrived {
    /// Intervals of indexes that are durable, both ends included.
    pub received: Vec<(u64, u64)>,
    /// Intervals that are not, up to `last`.
    pub missing: Vec<(u64, u64)>,
    /// Everything up to here is durable.
    pub safe_through: u64,
}

/// What has arrived of a part.
#[utoipa::path(get, path = "/parts/{part}/missing", tag = "footage",
    params(("part" = PartId, Path, description = "The part"), Asked),
    responses(
        (status = 200, description = "What has arrived", body = Arrived),
        (status = 401, description = "No capability, or an expired one", body = crate::problem::ProblemBody),
        (status = 404, description = "No such part", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ),
    security(("capability" = [])))]
pub async fn missing(
    State(app): State<App>,
    Path(part): Path<PartId>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Arrived>, Problem> {
    capability_of(&app, &headers, part)?;
    let indexes = app.footage.kept(&app, part).await?;
    let last = asked.last.map_or_else(|| indexes.last().unwrap_or_default(), u64::from);
    Ok(axum::Json(Arrived {
        received: indexes.intervals().to_vec(),
        missing: indexes.missing(last),
        safe_through: indexes.safe_through(),
    }))
}
