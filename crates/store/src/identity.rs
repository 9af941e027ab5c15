//! Authenticated identities: one per candidate, one candidate per document (C10), final once set (C3).

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{id::CandidateId, time::Timestamp};

rows! {
    /// Who a candidate is.
    pub struct Identity {
        /// Whose.
        pub candidate_id: CandidateId,
        /// The key that the number's hash was made with; the ciphertext is under the candidate's own.
        pub kid: String,
        /// `id_card`, `passport` or `permit`.
        pub document_type: String,
        /// Keyed hash of the document number.
        pub number_hash: String,
        /// Province of the examination.
        pub province: String,
        /// Name and number, closed.
        pub cipher: Vec<u8>,
        /// When it was set.
        pub confirmed_at: Timestamp,
        /// How it was authenticated: `typed`, `photo`, `desk` or `appeal`.
        pub road: String,
    }
}

/// What became of an identity that was to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// It is set.
    Done,
    /// This candidate has one, which is final.
    AlreadySet,
    /// Another candidate has this document.
    Taken,
}

/// Sets a candidate's identity.
pub async fn set(tx: &mut Tx, identity: &Identity) -> Result<Set> {
    let done = tx
        .execute(
            "INSERT INTO identity
                 (candidate_id, kid, document_type, number_hash, province, cipher, confirmed_at, road)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            args![
                identity.candidate_id,
                &identity.kid,
                &identity.document_type,
                &identity.number_hash,
                &identity.province,
                &identity.cipher,
                identity.confirmed_at,
                &identity.road
            ],
        )
        .await?;
    if done == 1 {
        return Ok(Set::Done);
    }
    let own = get(tx, identity.candidate_id).await?;
    Ok(if own.is_some() { Set::AlreadySet } else { Set::Taken })
}

/// A candidate's identity.
pub async fn get(tx: &mut Tx, candidate: CandidateId) -> Result<Option<Identity>> {
    tx.fetch_optional("SELECT * FROM identity WHERE candidate_id = $1", args![candidate]).await
}

/// Changes an identity as an agent decided; the document must be nobody else's.
pub fn replace(tx: &mut Tx, identity: &Identity) {
    tx.defer_expecting(
        1,
        "UPDATE identity SET kid = $2, document_type = $3, number_hash = $4, province = $5, cipher = $6
         WHERE candidate_id = $1",
        args![
            identity.candidate_id,
            &identity.kid,
            &identity.document_type,
            &identity.number_hash,
            &identity.province,
            &identity.cipher
        ],
    );
}

/// Takes an identity away: the document is another's.
pub async fn remove(tx: &mut Tx, candidate: CandidateId) -> Result<bool> {
    Ok(tx.execute("DELETE FROM identity WHERE candidate_id = $1", args![candidate]).await? == 1)
}

/// Whose document this is.
pub async fn by_number(tx: &mut Tx, document_type: &str, number_hash: &str) -> Result<Option<Identity>> {
    tx.fetch_optional(
        "SELECT * FROM identity WHERE document_type = $1 AND number_hash = $2",
        args![document_type, number_hash],
    )
    .await
}
