//! What candidates, or guardians for them, agreed to.

use crate::{Result, Tx, args, columns::rows};
use uuid::Uuid;
use yikao_domain::{id::CandidateId, time::Timestamp};

rows! {
    /// A consent that was given, and perhaps withdrawn.
    pub struct Consent {
        /// Its id.
        pub id: Uuid,
        /// For whom.
        pub candidate_id: CandidateId,
        /// `faces` or `guardian`.
        pub kind: String,
        /// Which version of the text was shown.
        pub text_version: String,
        /// SHA-256 of the text that was shown, hex.
        pub text_hash: String,
        /// In which language it was shown.
        pub language: String,
        /// Who signed, under the candidate's key.
        pub cipher: Vec<u8>,
        /// When it was signed.
        pub signed_at: Timestamp,
        /// When it was withdrawn.
        pub withdrawn_at: Option<Timestamp>,
    }
}

/// Adds a consent; `false` where one of its kind holds already.
pub async fn insert(tx: &mut Tx, consent: &Consent) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO consent (id, candidate_id, kind, text_version, text_hash, language, cipher, signed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            args![
                consent.id,
                consent.candidate_id,
                &consent.kind,
                &consent.text_version,
                &consent.text_hash,
                &consent.language,
                &consent.cipher,
                consent.signed_at
            ],
        )
        .await?;
    Ok(added == 1)
}

/// The consents of a candidate that hold.
pub async fn live(tx: &mut Tx, candidate: CandidateId) -> Result<Vec<Consent>> {
    tx.fetch_all(
        "SELECT * FROM consent WHERE candidate_id = $1 AND withdrawn_at IS NULL ORDER BY kind",
        args![candidate],
    )
    .await
}

/// Every consent that a candidate ever gave, oldest first.
pub async fn all(tx: &mut Tx, candidate: CandidateId) -> Result<Vec<Consent>> {
    tx.fetch_all("SELECT * FROM consent WHERE candidate_id = $1 ORDER BY signed_at, id", args![candidate])
        .await
}

/// Whether the consent of a kind holds, and goes on doing so until the transaction ends: whoever withdraws it waits,
/// and sees what was made under it.
pub async fn hold(tx: &mut Tx, candidate: CandidateId, kind: &str) -> Result<bool> {
    let held = tx
        .execute(
            "UPDATE consent SET withdrawn_at = NULL
             WHERE candidate_id = $1 AND kind = $2 AND withdrawn_at IS NULL",
            args![candidate, kind],
        )
        .await?;
    Ok(held == 1)
}

/// Ends the consent of a kind; `false` where none holds.
pub async fn withdraw(tx: &mut Tx, candidate: CandidateId, kind: &str, at: Timestamp) -> Result<bool> {
    let ended = tx
        .execute(
            "UPDATE consent SET withdrawn_at = $3 WHERE candidate_id = $1 AND kind = $2 AND withdrawn_at IS NULL",
            args![candidate, kind, at],
        )
        .await?;
    Ok(ended == 1)
}
