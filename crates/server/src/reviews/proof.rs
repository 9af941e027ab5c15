//! What a candidate gives the desk along with a question: words, and pictures of their own that prove it.

use yikao_domain::id::{CandidateId, PictureId};
use yikao_domain::refusal::Refusal;
use yikao_store::{StoreError, Tx};

use super::facts::{Facts, Picture};
use crate::pictures;
use crate::problem::Problem;
use crate::state::App;

/// The longest note, in characters.
const NOTE_MAX: usize = 1000;
/// Most pictures with one question.
const MOST_PICTURES: usize = 8;

/// What the candidate says, with pictures that are there.
///
/// # Errors
/// A note that is too long, too many pictures; `picture.gone`.
pub async fn proven(
    app: &App,
    candidate: CandidateId,
    note: String,
    shown: &[PictureId],
) -> Result<Facts, Problem> {
    if note.chars().count() > NOTE_MAX {
        return Err(Problem::field("note", "too long"));
    }
    if shown.len() > MOST_PICTURES {
        return Err(Problem::field("pictures", "too many"));
    }
    let notes = Some(note).filter(|note| !note.trim().is_empty());
    let mut facts = Facts { notes: notes.into_iter().collect(), ..Facts::default() };
    let mut tx = app.db.reader().await?;
    for id in shown {
        let row = pictures::find(app, &mut tx, candidate, *id, &[]).await?;
        facts.pictures.push(Picture { id: row.id.to_string(), label: row.kind });
    }
    Ok(facts)
}

/// Keeps the pictures among facts for as long as their review needs them.
pub(super) async fn keep(
    tx: &mut Tx,
    candidate: CandidateId,
    facts: &Facts,
) -> Result<Result<(), Refusal>, StoreError> {
    let ids: Vec<PictureId> = facts.pictures.iter().filter_map(|one| one.id.parse().ok()).collect();
    pictures::keep(tx, candidate, &ids).await
}
