//! How often something may be sent, counted for all nodes together: some at once, then one after each pause.

use crate::{Result, Tx, args};
use yikao_domain::time::{Millis, Timestamp};

/// `burst` at once, then one every `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendLimit {
    /// How many at once.
    pub burst: u32,
    /// How long until one more.
    pub every: Millis,
}

/// Takes one; where there is none, how long until there is.
pub async fn take(tx: &mut Tx, key: &str, limit: SendLimit, now: Timestamp) -> Result<Option<Millis>> {
    // What was sent is paid off one `every` after another; with room for one less than the burst, one more fits.
    let room = Millis(limit.every.as_ms().saturating_mul(i64::from(limit.burst.max(1)) - 1));
    let taken = tx
        .execute(
            "INSERT INTO send_limit (key, free_at) VALUES ($1, $2 + $3) ON CONFLICT (key) DO UPDATE
             SET free_at = CASE WHEN send_limit.free_at > $2 THEN send_limit.free_at ELSE $2 END + $3
             WHERE send_limit.free_at <= $2 + $4",
            args![key, now, limit.every, room],
        )
        .await?;
    if taken == 1 {
        return Ok(None);
    }
    let (free_at,): (i64,) =
        tx.fetch_one("SELECT free_at FROM send_limit WHERE key = $1", args![key]).await?;
    Ok(Some(Timestamp(free_at).since(now + room)))
}

/// Forgets, at the end of the command, what was paid off before `before`.
pub fn purge(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM send_limit WHERE free_at < $1", args![before]);
}
