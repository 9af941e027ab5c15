//! `POST /console/exams/{exam}/roster-previews`: reads a file and shows what it holds, row by row, and what
//! importing it would change. Nothing on the list changes yet (G1, G11).

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, Limited};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yikao_domain::document::mask;
use yikao_domain::exam::ExamState;
use yikao_domain::id::{ExamId, MajorId, RosterPreviewId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::roster::{self as rules, Diff, Row, RowError, Sheet};
use yikao_domain::time::Millis;
use yikao_store::exam::Exam;
use yikao_store::roster::{self, RosterPreview};

use crate::auth::actor::{Actor, SchoolRole};
use crate::extract::{Path, Query};
use crate::language::Reader;
use crate::problem::Problem;
use crate::roster_file::{self, FileError, MAX_BYTES};
use crate::state::App;
use crate::{exams, rosters};

/// How long a preview can be imported.
const LIFE: Millis = Millis::hours(1);
/// Most accepted rows that are shown.
const SHOWN: usize = 200;
/// Most errors that are shown: nobody corrects more before uploading again.
const ERRORS_SHOWN: usize = 1000;

/// For which list.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ForMajor {
    /// The major whose list it is.
    pub major: MajorId,
}

/// What a file holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewView {
    /// By which it is imported, within an hour.
    pub preview_id: RosterPreviewId,
    /// The file's heading of each column that is understood.
    pub columns: BTreeMap<&'static str, String>,
    /// Rows with anything in them.
    pub rows_total: u32,
    /// The first rows that can be imported.
    pub accepted: Vec<AcceptedRow>,
    /// How many rows can be imported.
    pub accepted_total: usize,
    /// What is wrong with the others.
    pub errors: Vec<RowErrorView>,
    /// What importing it would change.
    pub diff: Diff,
    /// Columns without which nothing can be imported: `name`, `document_number`, `province`.
    pub missing_columns: Vec<&'static str>,
}

/// A row that can be imported.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedRow {
    /// Its number in the file, from 1.
    pub row: u32,
    /// Name.
    pub name: String,
    /// Document number, with its middle hidden.
    pub document_number_masked: String,
    /// Province of the examination.
    pub province: &'static str,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowErrorView {
    /// Its number in the file, from 1.
    pub row: u32,
    /// Which column.
    pub column: &'static str,
    /// Stable code.
    pub code: String,
    /// What is wrong, in the reader's language.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Reads a list's file: Excel, or CSV in UTF-8 or GBK, at most 20 MB.
#[utoipa::path(post, path = "/console/exams/{exam}/roster-previews", tag = "roster",
    params(("exam" = ExamId, Path, description = "An exam of a school in which one is an administrator"), ForMajor,
        ("yikao-file-name" = Option<String>, Header, description = "What the file is called, percent-encoded")),
    request_body(content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ), description = "The file as it is"),
    responses(
        (status = 201, description = "Read; not imported yet", body = PreviewView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such exam of this person's schools, or no such major", body = crate::problem::ProblemBody),
        (status = 410, description = "The exam is closed", body = crate::problem::ProblemBody),
        (status = 413, description = "More than 20 MB, or too many rows", body = crate::problem::ProblemBody),
        (status = 422, description = "An empty file, not a table, no major named", body = crate::problem::ProblemBody),
    ))]
pub async fn preview(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<ExamId>,
    Query(list): Query<ForMajor>,
    request: Request,
) -> Result<(StatusCode, axum::Json<PreviewView>), Problem> {
    let exam = exams::load_for(&app, &actor, id, &[SchoolRole::Admin]).await?;
    check(&app, &exam, list.major).await?;
    let file_name = file_name(request.headers());
    let body = Limited::new(request.into_body(), MAX_BYTES).collect().await;
    let bytes = body.map_err(|_| Problem::too_large(MAX_BYTES))?.to_bytes();
    // Unpacking and checking a large sheet takes a while; other requests go on meanwhile.
    let sheet =
        tokio::task::spawn_blocking(move || roster_file::read(&bytes).map(|table| rules::read(&table)));
    let sheet = sheet.await.map_err(|e| Problem::unexpected(&e))?.map_err(refused)?;
    let diff = compare(&app, id, list.major, &sheet.rows).await?;
    let preview_id = keep(&app, &exam, list.major, file_name, &sheet.rows).await?;
    Ok((StatusCode::CREATED, axum::Json(view(preview_id, sheet, diff, &reader))))
}

async fn check(app: &App, exam: &Exam, major: MajorId) -> Result<(), Problem> {
    if exam.state == ExamState::Closed {
        return Err(Problem::new(RefusalCode::ExamClosed));
    }
    let revision = exams::current(&mut app.db.reader().await?, exam).await?;
    let known = revision.body.major(major).is_some();
    if known { Ok(()) } else { Err(Problem::new(RefusalCode::MajorNotFound)) }
}

fn refused(error: FileError) -> Problem {
    match error {
        FileError::Empty => Problem::new(RefusalCode::RosterFileEmpty),
        FileError::TooLarge => Problem::too_large(MAX_BYTES),
        FileError::Unreadable(why) => Refusal::new(RefusalCode::RosterFileUnreadable).with("why", why).into(),
    }
}

fn file_name(headers: &HeaderMap) -> String {
    let given = headers.get("yikao-file-name").and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.chars().take(300).collect()
}

async fn compare(app: &App, exam: ExamId, major: MajorId, rows: &[Row]) -> Result<Diff, Problem> {
    let entries = roster::of_major(&mut app.db.reader().await?, exam, major).await?;
    let old: Result<Vec<Row>, _> = entries.iter().map(|entry| rosters::row(app, entry)).collect();
    Ok(rules::diff(&old?, rows))
}

async fn keep(
    app: &App,
    exam: &Exam,
    major_id: MajorId,
    file_name: String,
    rows: &[Row],
) -> Result<RosterPreviewId, Problem> {
    let id = RosterPreviewId::from_uuid(app.clock.new_uuid());
    let created_at = app.clock.now();
    let row = RosterPreview {
        id,
        school_id: exam.school_id,
        exam_id: exam.id,
        major_id,
        file_name,
        kid: app.keys.kid(),
        cipher: app.keys.close(&context(id), &serde_json::to_vec(rows)?)?,
        created_at,
        expires_at: created_at + LIFE,
    };
    let kept = app.db.write_with(row, |tx, row| {
        Box::pin(async move {
            roster::insert_preview(tx, row);
            Ok(())
        })
    });
    kept.await?;
    Ok(id)
}

/// What a preview's rows are closed for.
pub fn context(id: RosterPreviewId) -> String {
    format!("roster-preview:{id}")
}

fn view(preview_id: RosterPreviewId, sheet: Sheet, diff: Diff, reader: &Reader) -> PreviewView {
    let accepted = |row: &Row| AcceptedRow {
        row: row.row,
        name: row.name.clone(),
        document_number_masked: mask(&row.document_number),
        province: row.province.name(),
    };
    let columns = sheet.header.columns.into_iter().map(|(column, (_, heading))| (column.code(), heading));
    PreviewView {
        preview_id,
        columns: columns.collect(),
        rows_total: sheet.rows_total,
        accepted: sheet.rows.iter().take(SHOWN).map(accepted).collect(),
        accepted_total: sheet.rows.len(),
        errors: sheet.errors.iter().take(ERRORS_SHOWN).map(|error| error_view(error, reader)).collect(),
        diff,
        missing_columns: sheet.missing_columns.into_iter().map(rules::Column::code).collect(),
    }
}

fn error_view(error: &RowError, reader: &Reader) -> RowErrorView {
    let words = reader.words(&error.refusal());
    RowErrorView {
        row: error.row,
        column: error.column.code(),
        code: error.code.code().to_owned(),
        message: words.detail,
        remedy: words.remedy,
    }
}
