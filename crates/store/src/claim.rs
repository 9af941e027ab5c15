//! Claims: who a candidate says they are, on the way to an identity. Each candidate has one, their newest.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{CandidateId, ClaimId},
    time::Timestamp,
};

rows! {
    /// A claim.
    pub struct Claim {
        /// Whose.
        pub candidate_id: CandidateId,
        /// Which: another with each time that something is claimed.
        pub id: ClaimId,
        /// `asking`, `refused`, `taken`, `in_review` or `authenticated`.
        pub state: String,
        /// The code of why not.
        pub cause: Option<String>,
        /// The key that the number's hash was made with; the ciphertext is under the candidate's own.
        pub kid: String,
        /// `id_card`, `passport` or `permit`.
        pub document_type: String,
        /// Keyed hash of the document number.
        pub number_hash: String,
        /// What is claimed, closed.
        pub cipher: Vec<u8>,
        /// The review that decides it.
        pub review_id: Option<String>,
        /// When it was claimed.
        pub claimed_at: Timestamp,
        /// When its state changed.
        pub changed_at: Timestamp,
    }
}

/// Puts a claim in place of the candidate's earlier one.
pub fn put(tx: &mut Tx, claim: &Claim) {
    tx.defer(
        "INSERT INTO identity_claim (candidate_id, id, state, cause, kid, document_type, number_hash, cipher,
             review_id, claimed_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (candidate_id) DO UPDATE SET id = excluded.id, state = excluded.state,
             cause = excluded.cause, kid = excluded.kid, document_type = excluded.document_type,
             number_hash = excluded.number_hash, cipher = excluded.cipher, review_id = excluded.review_id,
             claimed_at = excluded.claimed_at, changed_at = excluded.changed_at",
        args![
            claim.candidate_id,
            claim.id,
            &claim.state,
            claim.cause.clone(),
            &claim.kid,
            &claim.document_type,
            &claim.number_hash,
            &claim.cipher,
            claim.review_id.clone(),
            claim.claimed_at,
            claim.changed_at
        ],
    );
}

/// A candidate's claim.
pub async fn get(tx: &mut Tx, candidate: CandidateId) -> Result<Option<Claim>> {
    tx.fetch_optional("SELECT * FROM identity_claim WHERE candidate_id = $1", args![candidate]).await
}

/// The claim of this id, unless another took its place.
pub async fn by_id(tx: &mut Tx, id: ClaimId) -> Result<Option<Claim>> {
    tx.fetch_optional("SELECT * FROM identity_claim WHERE id = $1", args![id]).await
}

/// Moves a claim from one state to another; `false` where it is not in that state any more.
pub async fn advance(
    tx: &mut Tx,
    claim: &Claim,
    state: &str,
    cause: Option<&str>,
    review: Option<&str>,
    at: Timestamp,
) -> Result<bool> {
    let moved = tx
        .execute(
            "UPDATE identity_claim SET state = $3, cause = $4, review_id = $5, changed_at = $6
             WHERE id = $1 AND state = $2",
            args![claim.id, &claim.state, state, cause, review, at],
        )
        .await?;
    Ok(moved == 1)
}

/// Claims that wait for an authority, oldest first.
pub async fn asking(tx: &mut Tx, limit: u32) -> Result<Vec<Claim>> {
    tx.fetch_all(
        "SELECT * FROM identity_claim WHERE state = 'asking' ORDER BY changed_at LIMIT $1",
        args![limit],
    )
    .await
}
