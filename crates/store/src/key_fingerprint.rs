//! What each generation of the key file is known by, so that every node works with the same one.

use crate::{Result, Tx, args};

/// Notes a generation at its first use, and answers what it is known by.
pub async fn note_or_get(tx: &mut Tx, kid: &str, fingerprint: &str) -> Result<String> {
    tx.defer(
        "INSERT INTO key_fingerprint (kid, fingerprint) VALUES ($1, $2) ON CONFLICT (kid) DO NOTHING",
        args![kid, fingerprint],
    );
    let known: (String,) =
        tx.fetch_one("SELECT fingerprint FROM key_fingerprint WHERE kid = $1", args![kid]).await?;
    Ok(known.0)
}
