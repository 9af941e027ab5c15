//! Writes that wait to be sent together: on SQLite every trip to its thread costs more than the write.

use crate::{
    StoreError,
    value::{Args, postgres_args, sqlite_args},
};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Either, Executor, PgConnection, SqlSafeStr, SqlStr, SqliteConnection};
use std::fmt::Write as _;

/// Most commands whose writes share a trip.
const COMMANDS: usize = 16;

/// A write whose answer nobody looks at.
pub(crate) struct Deferred {
    /// Which of the commands that share the transaction wants it.
    pub(crate) command: usize,
    pub(crate) sql: SqlStr,
    pub(crate) args: Args,
    /// Rows that it has to touch.
    pub(crate) expected: Option<u64>,
}

/// Takes the writes that go next in one trip: those of the first command and of commands after it that write
/// the same way. The commands are a power of two, so that few texts have to be kept prepared.
pub(crate) fn next_trip(waiting: &mut Vec<Deferred>) -> Vec<Deferred> {
    let Some(first) = waiting.first().map(|write| write.command) else { return Vec::new() };
    let width = waiting.iter().take_while(|write| write.command == first).count();
    let (shape, others) = waiting.split_at(width);
    let is_alike = |writes: &&[Deferred]| {
        let same_text = writes.iter().zip(shape).all(|(a, b)| a.sql.as_str() == b.sql.as_str());
        same_text && writes.iter().all(|write| write.command == writes[0].command)
    };
    let alike = 1 + others.chunks_exact(width).take_while(is_alike).count();
    let commands = 1 << alike.min(COMMANDS).ilog2();
    waiting.drain(..commands * width).collect()
}

/// Sends writes as one text, their `$n` counted on, so that SQLite's thread runs them in a row. A failure says
/// whose it is.
pub(crate) async fn send_together(
    connection: &mut SqliteConnection,
    writes: Vec<Deferred>,
) -> Result<(), (usize, StoreError)> {
    let mut args = Vec::with_capacity(writes.iter().map(|write| write.args.len()).sum());
    let mut texts = Vec::with_capacity(writes.len());
    let mut wanted = Vec::with_capacity(writes.len());
    for mut write in writes {
        wanted.push((write.command, write.expected));
        texts.push((write.sql, args.len()));
        args.append(&mut write.args);
    }
    let mut wanted = wanted.into_iter().peekable();
    let whose = |wanted: Option<&(usize, _)>| wanted.map_or(0, |(command, _)| *command);
    let args = sqlite_args(args).map_err(|e| (whose(wanted.peek()), e.into()))?;
    let mut answers = connection.fetch_many(sqlx::query_with(join(&texts), args));
    loop {
        match answers.try_next().await {
            Ok(Some(Either::Left(done))) => match wanted.next() {
                Some((command, Some(rows))) if rows != done.rows_affected() => {
                    return Err((command, StoreError::Conflict));
                }
                _ => {}
            },
            Ok(Some(Either::Right(_))) => {}
            Ok(None) => return Ok(()),
            Err(error) => return Err((whose(wanted.peek()), error.into())),
        }
    }
}

/// Sends writes one by one, as PostgreSQL wants them.
pub(crate) async fn send_singly(
    connection: &mut PgConnection,
    writes: Vec<Deferred>,
) -> Result<(), (usize, StoreError)> {
    for write in writes {
        let args = postgres_args(write.args).map_err(|e| (write.command, e.into()))?;
        let done = connection.execute(sqlx::query_with(write.sql, args)).await;
        let touched = done.map_err(|e| (write.command, e.into()))?.rows_affected();
        if write.expected.is_some_and(|rows| rows != touched) {
            return Err((write.command, StoreError::Conflict));
        }
    }
    Ok(())
}

fn join(texts: &[(SqlStr, usize)]) -> SqlStr {
    if let [(only, _)] = texts {
        return only.clone();
    }
    let mut joined = String::with_capacity(texts.iter().map(|(sql, _)| sql.as_str().len() + 16).sum());
    for (sql, offset) in texts {
        count_on(sql.as_str(), *offset, &mut joined);
        joined.push(';');
    }
    AssertSqlSafe(joined).into_sql_str()
}

/// Copies `sql` with `offset` added to each `$n`.
fn count_on(sql: &str, offset: usize, out: &mut String) {
    let mut pieces = sql.split('$');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        // Writing to a String cannot fail.
        let _ = match number.parse::<usize>() {
            Ok(n) => write!(out, "${}{rest}", n + offset),
            Err(_) => write!(out, "${piece}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(command: usize, sql: &'static str) -> Deferred {
        Deferred { command, sql: sql.into_sql_str(), args: Vec::new(), expected: None }
    }

    #[test]
    fn statements_sent_together_count_their_values_on() {
        let joined = join(&[
            ("INSERT INTO a VALUES ($1, $2)".into_sql_str(), 0),
            ("UPDATE b SET x = $2 WHERE id = $10".into_sql_str(), 2),
        ]);
        assert_eq!(joined.as_str(), "INSERT INTO a VALUES ($1, $2);UPDATE b SET x = $4 WHERE id = $12;");
    }

    #[test]
    fn commands_that_write_alike_share_trips_in_powers_of_two_and_keep_their_order() {
        let mut waiting: Vec<_> =
            (0..7).flat_map(|command| [write(command, "state"), write(command, "event")]).collect();
        waiting.push(write(7, "state"));
        waiting.push(write(8, "state"));
        let mut trips = Vec::new();
        while !waiting.is_empty() {
            trips.push(next_trip(&mut waiting).iter().map(|write| write.command).collect::<Vec<_>>());
        }
        assert_eq!(trips, [vec![0, 0, 1, 1, 2, 2, 3, 3], vec![4, 4, 5, 5], vec![6, 6], vec![7, 8]]);
    }
}
