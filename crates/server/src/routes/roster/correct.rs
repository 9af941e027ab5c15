//! `PATCH /console/roster-entries/{entry}`: a school corrects one entry (G9); the candidate can confirm at once.

use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::document::{DocumentType, Province, check_name};
use yikao_domain::id::{CommandId, RosterEntryId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::roster::Row;
use yikao_store::exam;
use yikao_store::roster::{self, RosterEntry};

use super::list::{EntryView, views};
use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::rosters::Place;
use crate::state::App;
use crate::{audit, commands, exams, rosters};

/// Corrects an entry; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Name.
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// Type of document.
    pub document_type: Option<DocumentType>,
    /// Number of document.
    #[schema(max_length = 64)]
    pub document_number: Option<String>,
    /// Province of the examination.
    #[schema(max_length = 32)]
    pub province: Option<String>,
}

/// Corrects an entry of a list.
#[utoipa::path(patch, path = "/console/roster-entries/{entry}", tag = "roster", request_body = Correct,
    params(("entry" = RosterEntryId, Path, description = "An entry of a school in which one is an administrator")),
    responses(
        (status = 200, description = "The entry as it stands", body = EntryView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such entry of this person's schools", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed, wrong checksum, the number is on the list already …", body = crate::problem::ProblemBody),
    ))]
pub async fn correct(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<RosterEntryId>,
    Json(form): Json<Correct>,
) -> Result<axum::Json<EntryView>, Problem> {
    let found = super::entry_for(&app, &actor, id).await?;
    let row = corrected(rosters::row(&app, &found)?, &form)?;
    let place = Place {
        school_id: found.school_id,
        exam_id: found.exam_id,
        major_id: found.major_id,
        import_id: found.import_id,
        at: found.imported_at,
    };
    let entry = rosters::close(&app, id, &place, &row)?;
    require_alone(&app, &entry).await?;
    let fields = json!({
        "name": form.name.is_some(), "document_type": form.document_type.is_some(),
        "document_number": form.document_number.is_some(), "province": form.province.is_some(),
    });
    let line = audit::line(&app, &actor, Some(found.school_id), "roster.corrected", "roster_entry", &fields);
    let done = commands::once(
        &app,
        &actor,
        "roster.correct",
        form.command_id,
        (entry, line),
        |tx, (entry, line)| {
            Box::pin(async move {
                roster::correct(tx, entry);
                audit::keep(tx, line, &entry.id);
                Ok(Ok(()))
            })
        },
    );
    done.await?;
    let mut tx = app.db.reader().await?;
    let entry = roster::get(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let exam = exam::get(&mut tx, entry.exam_id).await?.ok_or_else(Problem::not_found)?;
    let body = exams::current(&mut tx, &exam).await?.body;
    let view = views(&app, &mut tx, &reader, &body, &[entry]).await?.into_iter().next();
    Ok(axum::Json(view.ok_or_else(Problem::not_found)?))
}

fn corrected(mut row: Row, form: &Correct) -> Result<Row, Refusal> {
    if let Some(name) = &form.name {
        row.name = check_name(name)?;
    }
    row.document_type = form.document_type.unwrap_or(row.document_type);
    let number = form.document_number.as_ref().unwrap_or(&row.document_number);
    row.document_number = row.document_type.check_number(number)?;
    if let Some(province) = &form.province {
        let unknown =
            || Refusal::new(RefusalCode::IdentityProvinceUnknown).with("province", province.clone());
        row.province = Province::recognise(province).ok_or_else(unknown)?;
    }
    Ok(row)
}

async fn require_alone(app: &App, entry: &RosterEntry) -> Result<(), Problem> {
    let mut tx = app.db.reader().await?;
    let same = roster::by_number(&mut tx, entry.exam_id, entry.major_id, &entry.number_hash).await?;
    let twin = same.iter().any(|other| other.id != entry.id && other.document_type == entry.document_type);
    if twin { Err(Problem::field("document_number", "another entry of this list has it")) } else { Ok(()) }
}
