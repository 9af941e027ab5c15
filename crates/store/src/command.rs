//! Stored answers: a command that is repeated gets the answer that it got.

use crate::{Result, Tx, args};
use yikao_domain::{id::CommandId, time::Timestamp};

/// What a command was answered before, JSON.
pub async fn answer(tx: &mut Tx, scope: &str, id: CommandId) -> Result<Option<String>> {
    let row: Option<(String,)> = tx
        .fetch_optional("SELECT answer FROM command WHERE scope = $1 AND command_id = $2", args![scope, id])
        .await?;
    Ok(row.map(|row| row.0))
}

/// Keeps a command's answer at the end of the command. Where the same command was faster on another
/// connection, this one meets a conflict, runs again and finds the answer.
pub fn keep(tx: &mut Tx, scope: &str, id: CommandId, answer: &str, at: Timestamp) {
    tx.defer_expecting(
        1,
        "INSERT INTO command (scope, command_id, answer, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        args![scope, id, answer, at],
    );
}

/// Forgets answers given before `before`.
pub fn purge(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM command WHERE at < $1", args![before]);
}
