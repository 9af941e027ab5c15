//! `POST /console/exams/{exam}/roster-imports`: a preview becomes the list. Who is no longer on it is removed;
//! who has confirmed stays confirmed.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use yikao_domain::exam::ExamState;
use yikao_domain::id::{AccountId, CommandId, ExamId, RosterEntryId, RosterPreviewId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::roster::{self as rules, Row};
use yikao_store::audit::AuditEntry;
use yikao_store::roster::{self, RosterEntry, RosterImport, RosterPreview};
use yikao_store::{StoreError, Tx, exam};

use super::preview::context;
use crate::auth::actor::{Actor, SchoolRole};
use crate::extract::{Json, Path};
use crate::identities::number_hash;
use crate::keyring::KeyError;
use crate::problem::Problem;
use crate::rosters::Place;
use crate::state::App;
use crate::{audit, commands, exams, rosters};

/// Imports a preview.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Which preview.
    pub preview_id: RosterPreviewId,
}

/// What an import did.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    /// How many people are on the list now.
    pub imported: u64,
    /// Of these, how many are new.
    pub added: u64,
    /// Of these, how many have changed.
    pub changed: u64,
    /// How many are no longer on it.
    pub removed: u64,
}

/// Makes a preview the list of its major.
#[utoipa::path(post, path = "/console/exams/{exam}/roster-imports", tag = "roster", request_body = Import,
    params(("exam" = ExamId, Path, description = "An exam of a school in which one is an administrator")),
    responses(
        (status = 201, description = "Imported", body = Imported),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such exam of this person's schools", body = crate::problem::ProblemBody),
        (status = 410, description = "The preview has expired or was imported, or the exam is closed", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed, or nothing in the file can be imported", body = crate::problem::ProblemBody),
    ))]
pub async fn import(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ExamId>,
    Json(form): Json<Import>,
) -> Result<(StatusCode, axum::Json<Imported>), Problem> {
    let school = exams::load_for(&app, &actor, id, &[SchoolRole::Admin]).await?.school_id;
    let importing = Importing {
        app: app.clone(),
        exam: id,
        preview: form.preview_id,
        import: app.clock.new_uuid(),
        by: actor.account,
        line: audit::line(&app, &actor, Some(school), "roster.imported", "exam", &json!({})),
    };
    let done = commands::once(&app, &actor, "roster.import", form.command_id, importing, |tx, importing| {
        Box::pin(async move { importing.run(tx).await })
    });
    let done: Imported = done.await?;
    Ok((StatusCode::CREATED, axum::Json(done)))
}

struct Importing {
    app: App,
    exam: ExamId,
    preview: RosterPreviewId,
    import: Uuid,
    by: AccountId,
    line: AuditEntry,
}

/// What a list's next state is made of.
struct Next {
    put: Vec<RosterEntry>,
    added: u64,
    gone: Vec<RosterEntryId>,
}

impl Importing {
    async fn run(&self, tx: &mut Tx) -> commands::Outcome<Imported> {
        let found = exam::get(tx, self.exam).await?.ok_or(StoreError::NotFound)?;
        if found.state == ExamState::Closed {
            return Ok(Err(RefusalCode::ExamClosed.into()));
        }
        let preview = roster::preview(tx, self.preview, self.app.clock.now()).await?;
        let Some(preview) = preview.filter(|preview| preview.exam_id == self.exam) else {
            return Ok(Err(RefusalCode::RosterPreviewOver.into()));
        };
        let rows = self.rows(&preview).map_err(|e| unreadable(&e))?;
        if rows.is_empty() {
            return Ok(Err(RefusalCode::RosterFileEmpty.into()));
        }
        let old = roster::of_major(tx, self.exam, preview.major_id).await?;
        let next = self.next(&preview, old, &rows).map_err(|e| unreadable(&e))?;
        // Two imports at once would both begin from the same list: the exam's version lets one go first.
        exam::save(tx, &found);
        let at = self.app.clock.now();
        roster::remove(tx, &next.gone, at);
        roster::put(tx, &next.put);
        roster::delete_preview(tx, self.preview);
        let done = Imported {
            imported: rows.len() as u64,
            added: next.added,
            changed: next.put.len() as u64 - next.added,
            removed: next.gone.len() as u64,
        };
        roster::insert_import(tx, &self.note(&preview, &done));
        let detail = json!({ "added": done.added, "changed": done.changed, "removed": done.removed });
        audit::keep(tx, &AuditEntry { detail: detail.to_string(), ..self.line.clone() }, &self.exam);
        Ok(Ok(done))
    }

    fn rows(&self, preview: &RosterPreview) -> Result<Vec<Row>, KeyError> {
        let plain = self.app.keys.open(&preview.kid, &context(preview.id), &preview.cipher)?;
        Ok(serde_json::from_slice(&plain)?)
    }

    /// Somebody who is on the list already keeps their entry, which enrolments point to.
    fn next(&self, preview: &RosterPreview, old: Vec<RosterEntry>, rows: &[Row]) -> Result<Next, KeyError> {
        let key = |entry: RosterEntry| ((entry.document_type.clone(), entry.number_hash.clone()), entry);
        let mut before: HashMap<(String, String), RosterEntry> = old.into_iter().map(key).collect();
        let place = Place {
            school_id: preview.school_id,
            exam_id: preview.exam_id,
            major_id: preview.major_id,
            import_id: Some(self.import),
            at: self.app.clock.now(),
        };
        let mut next = Next { put: Vec::new(), added: 0, gone: Vec::new() };
        for row in rows {
            let hash = number_hash(&self.app, &row.document_number);
            let known = before.remove(&(row.document_type.code().to_owned(), hash));
            let id = match known {
                Some(entry) if self.is_same(&entry, row)? => continue,
                Some(entry) => entry.id,
                None => {
                    next.added += 1;
                    RosterEntryId::from_uuid(self.app.clock.new_uuid())
                }
            };
            next.put.push(rosters::close(&self.app, id, &place, row)?);
        }
        next.gone = before.into_values().map(|entry| entry.id).collect();
        Ok(next)
    }

    fn is_same(&self, entry: &RosterEntry, row: &Row) -> Result<bool, KeyError> {
        let before = rosters::row(&self.app, entry)?;
        // The rule takes what differs in spelling only for the same; the list takes over the new spelling.
        Ok(before.name == row.name && rules::diff([&before], [row]).unchanged == 1)
    }

    fn note(&self, preview: &RosterPreview, done: &Imported) -> RosterImport {
        RosterImport {
            id: self.import,
            school_id: preview.school_id,
            exam_id: preview.exam_id,
            major_id: preview.major_id,
            imported_by: self.by,
            imported_at: self.app.clock.now(),
            added: done.added,
            changed: done.changed,
            removed: done.removed,
        }
    }
}

fn unreadable(error: &KeyError) -> StoreError {
    StoreError::Unreadable { what: "roster", why: error.to_string() }
}
