//! Messages to people. Those of the embedded messenger are read out by the operator; others go out by a job.

use crate::{Result, Tx, args, columns::rows};
use uuid::Uuid;
use yikao_domain::time::Timestamp;

rows! {
    /// A message to one person.
    pub struct Message {
        /// Its id.
        pub id: Uuid,
        /// The key that the ciphertexts were made with.
        pub kid: String,
        /// To whom, closed.
        pub to_cipher: Vec<u8>,
        /// What it says, closed; nothing once it was sent.
        pub body_cipher: Vec<u8>,
        /// When it was made.
        pub created_at: Timestamp,
        /// Until when it is worth sending, or shown.
        pub expires_at: Timestamp,
        /// `embedded`, `sms` or `mail`.
        pub channel: String,
        /// `shown`, `waiting`, `sent`, `refused` (for good) or `expired`.
        pub state: String,
        /// What the service said last, where it failed; never anything of the person.
        pub cause: Option<String>,
        /// When it was sent.
        pub sent_at: Option<Timestamp>,
    }
}

/// Adds a message at the end of the command.
pub fn insert(tx: &mut Tx, message: &Message) {
    tx.defer(
        "INSERT INTO message (id, kid, to_cipher, body_cipher, created_at, expires_at, channel, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            message.id,
            &message.kid,
            &message.to_cipher,
            &message.body_cipher,
            message.created_at,
            message.expires_at,
            &message.channel,
            &message.state
        ],
    );
}

/// One message.
pub async fn get(tx: &mut Tx, id: &Uuid) -> Result<Option<Message>> {
    tx.fetch_optional("SELECT * FROM message WHERE id = $1", args![id]).await
}

/// What the embedded messenger shows and has not expired, newest first.
pub async fn current(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Vec<Message>> {
    tx.fetch_all(
        "SELECT * FROM message WHERE channel = 'embedded' AND expires_at > $1
         ORDER BY created_at DESC, id DESC LIMIT $2",
        args![now, limit],
    )
    .await
}

/// How many messages there are, for those who must know that none too many was sent.
pub async fn count(tx: &mut Tx) -> Result<u64> {
    let (count,): (i64,) = tx.fetch_one("SELECT count(*) FROM message", args![]).await?;
    Ok(count.unsigned_abs())
}

/// Notes at the end of the command that a message is settled, and forgets what it said.
pub fn settle(tx: &mut Tx, id: &Uuid, state: &str, cause: Option<&str>, at: Timestamp) {
    let sent_at = (state == "sent").then_some(at);
    let nothing: Vec<u8> = Vec::new();
    tx.defer(
        "UPDATE message SET state = $2, cause = $3, sent_at = $4, body_cipher = $5
         WHERE id = $1 AND state = 'waiting'",
        args![id, state, cause, sent_at, nothing],
    );
}

/// Notes at the end of the command why a message that is still to be sent could not be sent just now.
pub fn delayed(tx: &mut Tx, id: &Uuid, cause: &str) {
    tx.defer("UPDATE message SET cause = $2 WHERE id = $1 AND state = 'waiting'", args![id, cause]);
}

/// Deletes messages that expired before `before`.
pub fn purge(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM message WHERE expires_at < $1", args![before]);
}
