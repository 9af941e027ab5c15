//! One-time codes sent to a phone.

use crate::{Result, Tx, args, columns::rows};
use uuid::Uuid;
use yikao_domain::time::Timestamp;

/// A code that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCode {
    /// Its id.
    pub id: Uuid,
    /// The key that the hash was made with.
    pub kid: String,
    /// Keyed hash of the phone number.
    pub phone_hash: String,
    /// What it is for.
    pub purpose: &'static str,
    /// Hash of the digits.
    pub code_hash: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

rows! {
    /// A code that was sent.
    pub struct Code {
        /// Its id.
        pub id: Uuid,
        /// The key that the hash was made with.
        pub kid: String,
        /// Keyed hash of the phone number.
        pub phone_hash: String,
        /// What it is for.
        pub purpose: String,
        /// Hash of the digits.
        pub code_hash: String,
        /// Wrong entries so far.
        pub tries: i64,
        /// When it was made.
        pub created_at: Timestamp,
        /// Until when it can be used.
        pub expires_at: Timestamp,
        /// When it was used.
        pub used_at: Option<Timestamp>,
    }
}

/// Adds a code at the end of the command.
pub fn insert(tx: &mut Tx, code: &NewCode) {
    tx.defer(
        "INSERT INTO code (id, kid, phone_hash, purpose, code_hash, tries, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7)",
        args![
            code.id,
            &code.kid,
            &code.phone_hash,
            code.purpose,
            &code.code_hash,
            code.created_at,
            code.expires_at
        ],
    );
}

/// The newest code of a number for a purpose, if it can still be used.
pub async fn newest(tx: &mut Tx, phone_hash: &str, purpose: &str, now: Timestamp) -> Result<Option<Code>> {
    let newest: Option<Code> = tx
        .fetch_optional(
            "SELECT * FROM code WHERE phone_hash = $1 AND purpose = $2 ORDER BY created_at DESC, id DESC LIMIT 1",
            args![phone_hash, purpose],
        )
        .await?;
    Ok(newest.filter(|code| code.used_at.is_none() && code.expires_at > now))
}

/// Uses a code up; of two commands that try, one meets a conflict and runs again.
pub fn mark_used(tx: &mut Tx, id: &Uuid, now: Timestamp) {
    tx.defer_expecting(1, "UPDATE code SET used_at = $2 WHERE id = $1 AND used_at IS NULL", args![id, now]);
}

/// Counts a wrong entry.
pub fn count_try(tx: &mut Tx, id: &Uuid) {
    tx.defer("UPDATE code SET tries = tries + 1 WHERE id = $1", args![id]);
}

/// Deletes codes that expired before `before`.
pub fn purge(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM code WHERE expires_at < $1", args![before]);
}
