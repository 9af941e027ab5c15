//! Corrections: what agents changed of something final, with the evidence (D8).

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{AccountId, CandidateId, CorrectionId},
    time::Timestamp,
};

rows! {
    /// A correction.
    pub struct Correction {
        /// Its id.
        pub id: CorrectionId,
        /// Whose data.
        pub candidate_id: CandidateId,
        /// The agent.
        pub by_account: AccountId,
        /// The review that asked for it, if one did.
        pub review_id: Option<String>,
        /// The generation of keys at the time.
        pub kid: String,
        /// Old and new values, reason and evidence, closed with the candidate's key.
        pub cipher: Vec<u8>,
        /// When.
        pub at: Timestamp,
    }
}

/// Adds a correction at the end of the command.
pub fn insert(tx: &mut Tx, correction: &Correction) {
    tx.defer(
        "INSERT INTO correction (id, candidate_id, by_account, review_id, kid, cipher, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            correction.id,
            correction.candidate_id,
            correction.by_account,
            correction.review_id.clone(),
            &correction.kid,
            &correction.cipher,
            correction.at
        ],
    );
}

/// A candidate's corrections, newest first.
pub async fn of_candidate(tx: &mut Tx, candidate: CandidateId) -> Result<Vec<Correction>> {
    tx.fetch_all(
        "SELECT * FROM correction WHERE candidate_id = $1 ORDER BY at DESC, id DESC",
        args![candidate],
    )
    .await
}
