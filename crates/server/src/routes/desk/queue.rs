//! `GET /desk/reviews`: what waits for the desk, candidates in an open formal sitting first.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yikao_domain::review::ReviewKind;
use yikao_domain::time::Timestamp;
use yikao_store::Page;
use yikao_store::review::{self, ReviewFilter};

use crate::audit;
use crate::auth::actor::Actor;
use crate::extract::Query;
use crate::problem::Problem;
use crate::reviews::view::{self, DeskReview};
use crate::state::App;

/// Reviews on a page.
const PAGE: u32 = 50;

/// Which reviews.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `open`, `claimed`, `need_more`; `over` for those that are; by default all that are not over.
    #[serde(default)]
    pub state: String,
    /// Only about this.
    pub kind: Option<ReviewKind>,
    /// Only those that one has oneself.
    #[serde(default)]
    pub mine: bool,
    /// From 1.
    pub page: Option<u32>,
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewPage {
    /// The reviews: open formal sittings first, then what is due first.
    pub items: Vec<DeskReview>,
    /// Of so many.
    pub total: u64,
    /// Whether the desk's working time runs.
    pub desk_open: bool,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// What waits for the desk.
#[utoipa::path(get, path = "/desk/reviews", tag = "desk", params(Asked),
    responses(
        (status = 200, description = "A page of the queue", body = ReviewPage),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 422, description = "No such page", body = crate::problem::ProblemBody),
    ))]
pub async fn queue(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<ReviewPage>, Problem> {
    super::require(&actor)?;
    let offset = asked.page.unwrap_or(1).saturating_sub(1).saturating_mul(PAGE);
    let over = asked.state == "over";
    let filter = ReviewFilter {
        kind: asked.kind,
        status: Some(asked.state).filter(|state| !over && !state.is_empty()),
        claimed_by: asked.mine.then_some(actor.account),
        candidate: None,
        closed: over,
    };
    let found = {
        let mut tx = app.db.reader().await?;
        review::queue(&mut tx, &filter, Page { limit: PAGE, offset }).await?
    };
    let mut items = Vec::with_capacity(found.items.len());
    for queued in found.items {
        items.push(view::queued(&app, &actor, &queued).await?);
    }
    audit::looked(&app, &actor, None, "desk.queue", "desk", "reviews".to_owned()).await?;
    let now = app.clock.now();
    let desk_open = app.desk.is_open(now);
    Ok(axum::Json(ReviewPage { items, total: found.total, desk_open, server_time: now }))
}
