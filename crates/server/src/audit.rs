//! Who looked at what, who did what: kept for good, shown to those it concerns.

use serde_json::Value;
use yikao_domain::id::SchoolId;
use yikao_store::audit::{self, AuditEntry};

use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::state::App;

/// Notes that `actor` did `action` to a thing of a school.
pub async fn note(
    app: &App,
    actor: &Actor,
    school: SchoolId,
    action: &str,
    subject_kind: &str,
    subject_id: String,
    detail: Value,
) -> Result<(), Problem> {
    let entry = AuditEntry {
        id: app.clock.new_uuid(),
        school_id: Some(school),
        account_id: Some(actor.account),
        action: action.to_owned(),
        subject_kind: subject_kind.to_owned(),
        subject_id,
        at: app.clock.now(),
        detail: detail.to_string(),
    };
    let kept = app.db.write_with(entry, |tx, entry| {
        Box::pin(async move {
            audit::insert(tx, entry);
            Ok(())
        })
    });
    Ok(kept.await?)
}
