//! `GET /desk/audit`: who at the desk did or looked at what.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use yikao_domain::id::AccountId;
use yikao_domain::time::Timestamp;
use yikao_store::{Page, audit};

use crate::auth::actor::Actor;
use crate::extract::Query;
use crate::problem::Problem;
use crate::reviews::colleague;
use crate::state::App;

/// Entries on a page.
const PAGE: u32 = 100;

/// Which entries.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Only about the review or candidate of this id.
    pub subject: Option<String>,
    /// Only by this member of staff.
    pub by: Option<AccountId>,
    /// From 1.
    pub page: Option<u32>,
}

/// Something somebody at the desk did.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskAuditEntry {
    /// When, ms.
    pub at: Timestamp,
    /// Who, as colleagues know them; empty where the platform did it.
    pub who: String,
    /// What: `review.looked`, `review.decided`, `desk.candidate` …
    pub action: String,
    /// The kind of thing.
    pub subject_kind: String,
    /// Its id.
    pub subject_id: String,
    /// More.
    pub detail: Value,
}

/// Who at the desk did or looked at what, newest first.
#[utoipa::path(get, path = "/desk/audit", tag = "desk", params(Asked),
    responses(
        (status = 200, description = "Entries, newest first", body = Vec<DeskAuditEntry>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 422, description = "No such page", body = crate::problem::ProblemBody),
    ))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Vec<DeskAuditEntry>>, Problem> {
    super::require(&actor)?;
    let offset = asked.page.unwrap_or(1).saturating_sub(1).saturating_mul(PAGE);
    let page = Page { limit: PAGE, offset };
    let mut tx = app.db.reader().await?;
    let mut entries = Vec::new();
    for entry in audit::of_desk(&mut tx, asked.subject.as_deref(), asked.by, page).await? {
        let who = match entry.account_id {
            Some(who) => colleague(&app, &mut tx, who).await?,
            None => String::new(),
        };
        entries.push(DeskAuditEntry {
            at: entry.at,
            who,
            action: entry.action,
            subject_kind: entry.subject_kind,
            subject_id: entry.subject_id,
            detail: serde_json::from_str(&entry.detail).unwrap_or_default(),
        });
    }
    Ok(axum::Json(entries))
}
