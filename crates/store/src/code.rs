//! One-time codes sent to a contact.

use crate::{Result, Tx, args, columns::rows};
use uuid::Uuid;
use yikao_domain::time::Timestamp;

rows! {
    /// A code that is about to be sent, or was.
    pub struct Code {
        /// Its id.
        pub id: Uuid,
        /// The key that the hash was made with.
        pub kid: String,
        /// Keyed hash of the number or address.
        pub contact_hash: String,
        /// What it is for.
        pub purpose: String,
        /// Hash of the digits.
        pub code_hash: String,
        /// The message that carries it; none for one that a person hands over.
        pub message_id: Option<Uuid>,
        /// When it was made.
        pub created_at: Timestamp,
        /// Until when it can be used.
        pub expires_at: Timestamp,
    }
}

/// Adds a code at the end of the command.
pub fn insert(tx: &mut Tx, code: &Code) {
    tx.defer(
        "INSERT INTO contact_code (id, kid, contact_hash, purpose, code_hash, tries, message_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)",
        args![
            code.id,
            &code.kid,
            &code.contact_hash,
            &code.purpose,
            &code.code_hash,
            code.message_id,
            code.created_at,
            code.expires_at
        ],
    );
}

/// One code.
pub async fn get(tx: &mut Tx, id: &Uuid) -> Result<Option<Code>> {
    tx.fetch_optional("SELECT * FROM contact_code WHERE id = $1", args![id]).await
}

/// Takes one of the `most` tries that the newest code of a contact for a purpose has; none where it was used, has
/// expired or was tried too often. The try is counted before it is looked at, so that of many guesses made at the
/// same moment no more than `most` are compared.
pub async fn attempt(
    tx: &mut Tx,
    contact_hash: &str,
    purpose: &str,
    most: i64,
    now: Timestamp,
) -> Result<Option<Code>> {
    tx.fetch_optional(
        "UPDATE contact_code SET tries = tries + 1
         WHERE id = (SELECT id FROM contact_code WHERE contact_hash = $1 AND purpose = $2
             ORDER BY created_at DESC, id DESC LIMIT 1)
         AND used_at IS NULL AND expires_at > $3 AND tries < $4 RETURNING *",
        args![contact_hash, purpose, now, most],
    )
    .await
}

/// Uses a code up; of two commands that try, one meets a conflict and runs again.
pub fn mark_used(tx: &mut Tx, id: &Uuid, now: Timestamp) {
    tx.defer_expecting(
        1,
        "UPDATE contact_code SET used_at = $2 WHERE id = $1 AND used_at IS NULL",
        args![id, now],
    );
}

/// Deletes codes that expired before `before`.
pub fn purge(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM contact_code WHERE expires_at < $1", args![before]);
}
