//! What a review is about, as the desk sees it: what the candidate says, pictures, what the machine found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use yikao_domain::id::ReviewId;
use yikao_store::StoreError;
use yikao_store::review::ReviewRow;

use crate::keyring::CandidateKey;

/// What a review is about. Personal: kept closed with the candidate's key, shown to the desk alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Facts {
    /// What the candidate says, newest last.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Pictures to be held side by side.
    #[serde(default)]
    pub pictures: Vec<Picture>,
    /// Values in question by name, such as `document_number` or `exam_number`.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// What the machine found: outcome, cause, distances.
    #[serde(default)]
    pub automatic: BTreeMap<String, Value>,
}

/// A kept picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Picture {
    /// Its id, as pictures are kept under.
    pub id: String,
    /// What it shows: a kind of picture, or the purpose of the check that it was taken for.
    pub label: String,
}

/// What facts are closed for.
pub(super) fn context(id: ReviewId) -> String {
    format!("review-facts:{id}")
}

/// A review's facts with more of them, closed again.
pub(super) fn added(key: &CandidateKey, row: &ReviewRow, add: &Facts) -> Result<Vec<u8>, StoreError> {
    let unreadable = |why: String| StoreError::Unreadable { what: "review.facts", why };
    let plain = key.open(&context(row.id), &row.facts_cipher).map_err(|e| unreadable(e.to_string()))?;
    let mut facts: Facts = serde_json::from_slice(&plain).map_err(|e| unreadable(e.to_string()))?;
    facts.notes.extend(add.notes.iter().cloned());
    facts.pictures.extend(add.pictures.iter().cloned());
    facts.values.extend(add.values.clone());
    facts.automatic.extend(add.automatic.clone());
    let plain = serde_json::to_vec(&facts).map_err(|e| unreadable(e.to_string()))?;
    key.close(&context(row.id), &plain).map_err(|e| unreadable(e.to_string()))
}
