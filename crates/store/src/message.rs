//! The embedded messenger's outbox, which the operator reads out.

use crate::{Result, Tx, args, columns::rows};
use uuid::Uuid;
use yikao_domain::time::Timestamp;

rows! {
    /// A message to one person.
    pub struct NewMessage {
        /// Its id.
        pub id: Uuid,
        /// The key that the ciphertexts were made with.
        pub kid: String,
        /// To whom, closed.
        pub to_cipher: Vec<u8>,
        /// What it says, closed.
        pub body_cipher: Vec<u8>,
        /// When it was made.
        pub created_at: Timestamp,
        /// Until when it is shown.
        pub expires_at: Timestamp,
    }
}

/// A kept message.
pub type Message = NewMessage;

/// Adds a message at the end of the command.
pub fn insert(tx: &mut Tx, message: &NewMessage) {
    tx.defer(
        "INSERT INTO message (id, kid, to_cipher, body_cipher, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            message.id,
            &message.kid,
            &message.to_cipher,
            &message.body_cipher,
            message.created_at,
            message.expires_at
        ],
    );
}

/// What has not expired, newest first.
pub async fn current(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Vec<Message>> {
    tx.fetch_all(
        "SELECT * FROM message WHERE expires_at > $1 ORDER BY created_at DESC, id DESC LIMIT $2",
        args![now, limit],
    )
    .await
}

/// Deletes messages that expired before `before`.
pub fn purge(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM message WHERE expires_at < $1", args![before]);
}
