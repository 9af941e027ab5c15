//! Many rows in one statement, and pages of rows.

use crate::{Result, Row, Tx, value::Args};
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

/// Most rows in one statement: few trips, and few different texts to keep prepared.
const AT_ONCE: usize = 64;

/// Which rows of a longer list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Most rows.
    pub limit: u32,
    /// Rows before the first.
    pub offset: u32,
}

impl Page {
    /// Everything, in effect.
    pub const ALL: Self = Self { limit: u32::MAX, offset: 0 };
}

/// Some rows of a longer list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged<T> {
    /// These.
    pub items: Vec<T>,
    /// Of so many.
    pub total: u64,
}

/// Inserts rows without asking what became of them: `head` ends before VALUES, `tail` begins after.
pub(crate) fn defer_rows(tx: &mut Tx, head: &str, mut rows: Vec<Args>, tail: &str) {
    while let Some((sql, args)) = next_statement(head, &mut rows, tail) {
        tx.defer(AssertSqlSafe(sql), args);
    }
}

/// As [`defer_rows`], and the command meets a conflict unless every row is new.
pub(crate) fn defer_new_rows(tx: &mut Tx, head: &str, mut rows: Vec<Args>) {
    let mut left = rows.len();
    while let Some((sql, args)) = next_statement(head, &mut rows, "ON CONFLICT DO NOTHING") {
        tx.defer_expecting((left - rows.len()) as u64, AssertSqlSafe(sql), args);
        left = rows.len();
    }
}

/// Inserts rows and answers what `tail` returns.
pub(crate) async fn insert_rows<R: Row>(
    tx: &mut Tx,
    head: &str,
    mut rows: Vec<Args>,
    tail: &str,
) -> Result<Vec<R>> {
    let mut returned = Vec::new();
    while let Some((sql, args)) = next_statement(head, &mut rows, tail) {
        returned.append(&mut tx.fetch_all(AssertSqlSafe(sql), args).await?);
    }
    Ok(returned)
}

/// Takes a power of two of the rows, so that counts of every kind share a few prepared statements.
fn next_statement(head: &str, rows: &mut Vec<Args>, tail: &str) -> Option<(String, Args)> {
    let count = if rows.is_empty() { return None } else { 1 << rows.len().min(AT_ONCE).ilog2() };
    let width = rows[0].len();
    let mut sql = format!("{head} VALUES ");
    for row in 0..count {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        sql.push_str(&numbers(row * width, width));
        sql.push(')');
    }
    let _ = write!(sql, " {tail}");
    Some((sql, rows.drain(..count).flatten().collect()))
}

/// `$5, $6, $7` for three values after four.
pub(crate) fn numbers(after: usize, count: usize) -> String {
    let numbers: Vec<_> = (after + 1..=after + count).map(|n| format!("${n}")).collect();
    numbers.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    #[test]
    fn thirteen_rows_go_as_eight_four_and_one() {
        let mut rows: Vec<Args> = (0..13_i64).map(|n| args![n, n]).collect();
        let mut sizes = Vec::new();
        while let Some((_, args)) = next_statement("INSERT INTO a", &mut rows, "") {
            sizes.push(args.len() / 2);
        }
        assert_eq!(sizes, [8, 4, 1]);
    }

    #[test]
    fn values_are_numbered_through() {
        let mut rows = vec![args![1_i64, 2_i64], args![3_i64, 4_i64]];
        let (sql, _) = next_statement("INSERT INTO a (b, c)", &mut rows, "ON CONFLICT DO NOTHING").unwrap();
        assert_eq!(sql, "INSERT INTO a (b, c) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING");
    }
}
