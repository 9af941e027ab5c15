//! Candidates' own keys, wrapped. Destroying one deletes everything that was closed with it.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{id::CandidateId, time::Timestamp};

rows! {
    /// A candidate's key.
    pub struct CandidateKey {
        /// Whose.
        pub candidate_id: CandidateId,
        /// The key that wraps it.
        pub kid: String,
        /// The wrapped key, until it is destroyed.
        pub wrapped_key: Option<Vec<u8>>,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it was destroyed.
        pub destroyed_at: Option<Timestamp>,
    }
}

/// Keeps a key unless the candidate has one, and answers the one that holds.
pub async fn insert_or_get(tx: &mut Tx, key: &CandidateKey) -> Result<CandidateKey> {
    tx.defer(
        "INSERT INTO candidate_key (candidate_id, kid, wrapped_key, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (candidate_id) DO NOTHING",
        args![key.candidate_id, &key.kid, key.wrapped_key.clone(), key.created_at],
    );
    tx.fetch_one("SELECT * FROM candidate_key WHERE candidate_id = $1", args![key.candidate_id]).await
}

/// A candidate's key.
pub async fn get(tx: &mut Tx, candidate: CandidateId) -> Result<Option<CandidateKey>> {
    tx.fetch_optional("SELECT * FROM candidate_key WHERE candidate_id = $1", args![candidate]).await
}

/// Destroys a candidate's key.
pub fn destroy(tx: &mut Tx, candidate: CandidateId, at: Timestamp) {
    tx.defer(
        "UPDATE candidate_key SET wrapped_key = NULL, destroyed_at = $2
         WHERE candidate_id = $1 AND destroyed_at IS NULL",
        args![candidate, at],
    );
}
