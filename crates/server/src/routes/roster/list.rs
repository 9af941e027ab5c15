//! `GET /console/exams/{exam}/roster`: who is on the lists of an exam, found by whole name or number.

use std::collections::HashMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yikao_domain::document::{DocumentType, half_width, mask, normalise_number};
use yikao_domain::exam::RevisionBody;
use yikao_domain::id::{ExamId, MajorId, RosterEntryId};
use yikao_domain::time::Timestamp;
use yikao_store::enrolment::{self, Enrolment};
use yikao_store::roster::{self, RosterEntry, RosterFilter};
use yikao_store::task::{self, TaskRow};
use yikao_store::{Page, Tx};

use super::READERS;
use crate::auth::actor::Actor;
use crate::extract::{Path, Query};
use crate::identities::{name_hash, number_hash};
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::view::Named;
use crate::state::App;
use crate::{audit, exams, rosters};

/// Entries on a page.
const PAGE: u32 = 50;

/// Which entries.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// A whole name or document number; these are stored as hashes, so parts of them cannot be found.
    #[serde(default)]
    pub q: String,
    /// Only of this major.
    pub major: Option<MajorId>,
    /// From 1.
    pub page: Option<u32>,
}

/// Somebody on a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// The entry.
    pub id: RosterEntryId,
    /// Name.
    pub name: String,
    /// The document.
    #[schema(value_type = DocumentType)]
    pub document_type: String,
    /// Document number, with its middle hidden.
    pub document_number_masked: String,
    /// Province of the examination.
    pub province: String,
    /// For which major.
    pub major: Named<MajorId>,
    /// When they confirmed, ms.
    #[schema(required)]
    pub enrolled_at: Option<Timestamp>,
    /// The names of what they still have to do before the exam; none where they have not confirmed, or nothing is to be
    /// done.
    #[schema(required)]
    pub open_tasks: Option<Vec<String>>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryPage {
    /// The entries.
    pub items: Vec<EntryView>,
    /// Of so many.
    pub total: u64,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// Who is on an exam's lists.
#[utoipa::path(get, path = "/console/exams/{exam}/roster", tag = "roster",
    params(("exam" = ExamId, Path, description = "An exam of a school in which one is administrator or proctor"), Asked),
    responses(
        (status = 200, description = "A page of entries", body = EntryPage),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such exam of this person's schools", body = crate::problem::ProblemBody),
        (status = 422, description = "No such page or major", body = crate::problem::ProblemBody),
    ))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ExamId>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<EntryPage>, Problem> {
    let exam = exams::load_for(&app, &actor, id, &READERS).await?;
    let offset = asked.page.unwrap_or(1).saturating_sub(1).saturating_mul(PAGE);
    let page = Page { limit: PAGE, offset };
    let mut tx = app.db.reader().await?;
    let body = exams::current(&mut tx, &exam).await?.body;
    let found = roster::page(&mut tx, id, &filter(&app, &asked), page).await?;
    let items = views(&app, &mut tx, &reader, &body, &found.items).await?;
    drop(tx);
    audit::looked(&app, &actor, exam.school_id, "roster.read", "exam", id.to_string()).await?;
    Ok(axum::Json(EntryPage { items, total: found.total, server_time: app.clock.now() }))
}

/// A number has digits in it, a name has none.
fn filter(app: &App, asked: &Asked) -> RosterFilter {
    let mut filter = RosterFilter { major: asked.major, ..RosterFilter::default() };
    let text = half_width(asked.q.trim());
    if text.chars().any(|c| c.is_ascii_digit()) {
        filter.number_hash = Some(number_hash(app, &normalise_number(&text)));
    } else if !text.is_empty() {
        filter.name_hash = Some(name_hash(app, &text));
    }
    filter
}

/// Entries of one exam, with the names of their majors in `body`.
pub async fn views(
    app: &App,
    tx: &mut Tx,
    reader: &Reader,
    body: &RevisionBody,
    entries: &[RosterEntry],
) -> Result<Vec<EntryView>, Problem> {
    let Some(exam) = entries.first().map(|entry| entry.exam_id) else { return Ok(Vec::new()) };
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let enrolled = enrolment::of_entries(tx, exam, &ids).await?;
    let done = done(tx, body, &enrolled).await?;
    let enrolled: HashMap<_, _> = enrolled.iter().map(|row| (row.roster_entry_id, row)).collect();
    let view = |entry: &RosterEntry| {
        let plain = rosters::open(app, entry)?;
        let name = body.major(entry.major_id).map(|major| major.name.clone()).unwrap_or_default();
        let enrolment = enrolled.get(&Some(entry.id));
        Ok(EntryView {
            id: entry.id,
            name: plain.name,
            document_type: entry.document_type.clone(),
            document_number_masked: mask(&plain.number),
            province: entry.province.clone(),
            major: Named { id: entry.major_id, name },
            enrolled_at: enrolment.map(|row| row.confirmed_at),
            open_tasks: enrolment.and_then(|row| open_tasks(reader, body, row, &done)),
        })
    };
    entries.iter().map(view).collect()
}

async fn done(tx: &mut Tx, body: &RevisionBody, enrolled: &[Enrolment]) -> Result<Vec<TaskRow>, Problem> {
    if body.tasks.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = enrolled.iter().map(|row| row.id).collect();
    Ok(task::of_enrolments(tx, &ids).await?)
}

fn open_tasks(
    reader: &Reader,
    body: &RevisionBody,
    enrolment: &Enrolment,
    done: &[TaskRow],
) -> Option<Vec<String>> {
    let mut tasks = body.tasks_of(enrolment.major_id).peekable();
    tasks.peek()?;
    let is_done = |id| {
        done.iter().any(|row| row.enrolment_id == enrolment.id && row.task_id == id && row.done_at.is_some())
    };
    let open = tasks.filter(|task| !is_done(task.id));
    Some(open.map(|task| task.title.name(reader.language).to_owned()).collect())
}
