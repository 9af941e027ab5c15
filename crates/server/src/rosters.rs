//! Entries of schools' lists: names and numbers are closed under the server's key, and found by keyed hashes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use yikao_domain::document::{DocumentType, Province};
use yikao_domain::id::{CandidateId, ExamId, MajorId, RosterEntryId, SchoolId};
use yikao_domain::roster::{self as rules, Identity, Row};
use yikao_domain::time::Timestamp;
use yikao_store::roster::{self, RosterEntry};
use yikao_store::{StoreError, Tx};

use crate::identities::{name_hash, number_hash};
use crate::keyring::KeyError;
use crate::problem::Problem;
use crate::state::App;

/// What is closed in an entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plain {
    /// Name, as the list has it.
    pub name: String,
    /// Document number, normalised.
    pub number: String,
    /// 考生号, where the list has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate_number: Option<String>,
    /// The major as written, where the list has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub major: Option<String>,
    /// Phone, where the list has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Whose list an entry is on, and how it came there.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Whose list.
    pub school_id: SchoolId,
    /// For which exam.
    pub exam_id: ExamId,
    /// For which major.
    pub major_id: MajorId,
    /// The import that brought it, unless it was typed.
    pub import_id: Option<Uuid>,
    /// When it came.
    pub at: Timestamp,
}

fn context(id: RosterEntryId) -> String {
    format!("roster:{id}")
}

/// Closes a row of a list for keeping as the entry `id`.
pub fn close(app: &App, id: RosterEntryId, place: &Place, row: &Row) -> Result<RosterEntry, KeyError> {
    let plain = Plain {
        name: row.name.clone(),
        number: row.document_number.clone(),
        candidate_number: row.candidate_number.clone(),
        major: row.major.clone(),
        phone: row.phone.clone(),
    };
    Ok(RosterEntry {
        id,
        school_id: place.school_id,
        exam_id: place.exam_id,
        major_id: place.major_id,
        document_type: row.document_type.code().to_owned(),
        kid: app.keys.kid(),
        number_hash: number_hash(app, &row.document_number),
        name_hash: name_hash(app, &row.name),
        province: row.province.name().to_owned(),
        cipher: app.keys.close(&context(id), &serde_json::to_vec(&plain)?)?,
        import_id: place.import_id,
        imported_at: place.at,
        removed_at: None,
    })
}

/// Opens an entry.
pub fn open(app: &App, entry: &RosterEntry) -> Result<Plain, KeyError> {
    let plain = app.keys.open(&entry.kid, &context(entry.id), &entry.cipher)?;
    Ok(serde_json::from_slice(&plain)?)
}

/// An entry as the row that it came from.
pub fn row(app: &App, entry: &RosterEntry) -> Result<Row, KeyError> {
    let Plain { name, number, candidate_number, major, phone } = open(app, entry)?;
    let damaged = || KeyError::Closed("an entry's columns".into());
    Ok(Row {
        row: 0,
        name,
        document_type: DocumentType::recognise(&entry.document_type).ok_or_else(damaged)?,
        document_number: number,
        province: Province::recognise(&entry.province).ok_or_else(damaged)?,
        candidate_number,
        major,
        phone,
    })
}

/// The entries of a major's list that have somebody's document number, as the rules compare them.
pub async fn of_identity(
    app: &App,
    tx: &mut Tx,
    exam: ExamId,
    major: MajorId,
    who: &Identity,
) -> Result<Vec<rules::RosterEntry>, StoreError> {
    let hash = number_hash(app, &who.document_number);
    let rows = roster::by_number(tx, exam, major, &hash).await?;
    rows.iter().map(|entry| known(app, entry).map_err(|e| unreadable(&e))).collect()
}

fn known(app: &App, entry: &RosterEntry) -> Result<rules::RosterEntry, KeyError> {
    let Row { name, document_type, province, .. } = row(app, entry)?;
    Ok(rules::RosterEntry { id: entry.id, name, document_type, province })
}

fn unreadable(error: &KeyError) -> StoreError {
    StoreError::Unreadable { what: "roster_entry.cipher", why: error.to_string() }
}

/// Every list that has this candidate's number and that they are not confirmed for yet.
pub async fn pending(app: &App, candidate: CandidateId, who: &Identity) -> Result<Vec<RosterEntry>, Problem> {
    let hash = number_hash(app, &who.document_number);
    let mut found = roster::pending(&mut app.db.reader().await?, candidate, &hash).await?;
    // A number on a list twice, with two types of document, is one exam all the same.
    found.dedup_by_key(|entry| (entry.exam_id, entry.major_id));
    Ok(found)
}
