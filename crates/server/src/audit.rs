//! Who looked at what, who did what: kept for good, shown to those it concerns.

use serde_json::{Value, json};
use yikao_domain::id::SchoolId;
use yikao_domain::time::Millis;
use yikao_store::audit::{self, AuditEntry};
use yikao_store::{Page, Tx};

use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::state::App;

/// Pages ask again every few seconds: looks of one person at one thing within this time are one look.
const ONE_LOOK: Millis = Millis::minutes(10);

/// Notes that `actor` looked at a thing of a school, or at a person.
pub async fn looked(
    app: &App,
    actor: &Actor,
    school: impl Into<Option<SchoolId>>,
    action: &str,
    subject_kind: &str,
    subject_id: String,
) -> Result<(), Problem> {
    looked_at(app, actor, school, action, (subject_kind, subject_id), &json!({})).await
}

/// As [`looked`], at a part of the thing that `detail` names: each part is a look of its own.
pub async fn looked_at(
    app: &App,
    actor: &Actor,
    school: impl Into<Option<SchoolId>>,
    action: &str,
    subject: (&str, String),
    detail: &Value,
) -> Result<(), Problem> {
    let (lately, (kind, id)) = (Page { limit: 50, offset: 0 }, subject);
    let found = audit::of_subject(&mut app.db.reader().await?, kind, &id, lately).await?;
    let (since, part) = (app.clock.now() - ONE_LOOK, detail.to_string());
    let is_same = |entry: &AuditEntry| {
        entry.account_id == Some(actor.account) && entry.action == action && entry.detail == part
    };
    if found.iter().any(|entry| entry.at > since && is_same(entry)) {
        return Ok(());
    }
    note(app, actor, school, action, kind, id, detail).await
}

/// Notes that `actor` did `action`, which wrote nothing itself, to a thing of a school, or to a person. What writes
/// something keeps its [`line()`] in the same transaction.
pub async fn note(
    app: &App,
    actor: &Actor,
    school: impl Into<Option<SchoolId>>,
    action: &str,
    subject_kind: &str,
    subject_id: String,
    detail: &Value,
) -> Result<(), Problem> {
    let mut entry = line(app, actor, school.into(), action, subject_kind, detail);
    entry.subject_id = subject_id;
    let kept = app.db.write_with(entry, |tx, entry| {
        Box::pin(async move {
            audit::insert(tx, entry);
            Ok(())
        })
    });
    Ok(kept.await?)
}

/// Who does what to a kind of thing, to be kept with the action by [`keep`] in its transaction: no action without
/// its line, no line without its action.
pub fn line(
    app: &App,
    actor: &Actor,
    school: Option<SchoolId>,
    action: &str,
    subject_kind: &str,
    detail: &Value,
) -> AuditEntry {
    AuditEntry {
        id: app.clock.new_uuid(),
        school_id: school,
        account_id: Some(actor.account),
        action: action.to_owned(),
        subject_kind: subject_kind.to_owned(),
        subject_id: String::new(),
        at: app.clock.now(),
        detail: detail.to_string(),
    }
}

/// Keeps a line with the action that it tells of, once the thing it was done to is known.
pub fn keep(tx: &mut Tx, line: &AuditEntry, subject: &impl ToString) {
    audit::insert(tx, &AuditEntry { subject_id: subject.to_string(), ..line.clone() });
}
