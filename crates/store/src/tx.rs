//! One connection, inside a transaction (a command) or outside (a reader), on whichever backend.

use crate::{
    Backend, Changed, Result, StoreError,
    value::{Args, bind_postgres, bind_sqlite},
};
use futures_util::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Connection, Either, Executor, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite, Transaction,
    pool::PoolConnection,
    postgres::PgRow,
    sqlite::{SqliteConnection, SqliteRow},
};

/// A row that both databases can give.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// What functions of this crate run on. In [`Db::write`](crate::Db::write) an open transaction, from
/// [`Db::reader`](crate::Db::reader) a plain connection.
///
/// After a failed statement every later one fails too: the command has to answer the error. PostgreSQL would
/// insist on it anyway, and SQLite may have ended the transaction.
pub struct Tx {
    link: Link,
    deferred: Vec<Deferred>,
    changes: Vec<Changed>,
    progress: Progress,
}

pub(crate) enum Link {
    Writer(SqliteConnection),
    Reader(PoolConnection<Sqlite>),
    Open(Transaction<'static, Postgres>),
    Pooled(PoolConnection<Postgres>),
}

/// What a command has done to the transaction it runs in.
#[derive(Debug, Default, Clone)]
struct Progress {
    wrote: bool,
    failed: bool,
    ended: bool,
}

struct Deferred {
    sql: SqlStr,
    args: Args,
    expected: Option<u64>,
}

/// Runs one expression on whichever connection is there.
macro_rules! on {
    ($tx:expr, sqlite $s:ident => $sqlite:expr, postgres $p:ident => $postgres:expr) => {
        match &mut $tx.link {
            Link::Writer($s) => $sqlite,
            Link::Reader($s) => {
                let $s = &mut **$s;
                $sqlite
            }
            Link::Open($p) => {
                let $p = &mut **$p;
                $postgres
            }
            Link::Pooled($p) => {
                let $p = &mut **$p;
                $postgres
            }
        }
    };
}

impl Tx {
    /// Runs a statement and says how many rows it touched.
    pub async fn execute(&mut self, sql: impl SqlSafeStr, args: Args) -> Result<u64> {
        self.ready().await?;
        let sql = sql.into_sql_str();
        let before = self.progress.begin_statement(true);
        let touched = on!(self,
            sqlite c => c.execute(sqlx::query_with(sql, sqlite_args(args)?)).await.map(|r| r.rows_affected()),
            postgres c => c.execute(sqlx::query_with(sql, postgres_args(args)?)).await.map(|r| r.rows_affected()));
        self.noted(touched, before)
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<R: Row>(&mut self, sql: impl SqlSafeStr, args: Args) -> Result<Option<R>> {
        self.ready().await?;
        let sql = sql.into_sql_str();
        let before = self.progress.begin_statement(writes(&sql));
        let row = on!(self,
            sqlite c => sqlx::query_as_with(sql, sqlite_args(args)?).fetch_optional(c).await,
            postgres c => sqlx::query_as_with(sql, postgres_args(args)?).fetch_optional(c).await);
        self.noted(row, before)
    }

    /// The first row.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without one.
    pub async fn fetch_one<R: Row>(&mut self, sql: impl SqlSafeStr, args: Args) -> Result<R> {
        self.fetch_optional(sql, args).await?.ok_or(StoreError::NotFound)
    }

    /// All rows, in order.
    pub async fn fetch_all<R: Row>(&mut self, sql: impl SqlSafeStr, args: Args) -> Result<Vec<R>> {
        self.ready().await?;
        let sql = sql.into_sql_str();
        let before = self.progress.begin_statement(writes(&sql));
        let rows = on!(self,
            sqlite c => sqlx::query_as_with(sql, sqlite_args(args)?).fetch_all(c).await,
            postgres c => sqlx::query_as_with(sql, postgres_args(args)?).fetch_all(c).await);
        self.noted(rows, before)
    }

    /// Adds a write to those sent together: at the next statement of this command or at its end, in one trip
    /// to SQLite's thread. What it answers is not seen; a failure fails the command.
    pub fn defer(&mut self, sql: impl SqlSafeStr, args: Args) {
        let sql = sql.into_sql_str();
        self.deferred.push(Deferred { sql, args, expected: None });
    }

    /// As [`defer`](Self::defer), and the command fails with [`StoreError::Conflict`] unless exactly
    /// `rows` rows were touched.
    pub fn defer_expecting(&mut self, rows: u64, sql: impl SqlSafeStr, args: Args) {
        let sql = sql.into_sql_str();
        self.deferred.push(Deferred { sql, args, expected: Some(rows) });
    }

    /// Which database this runs on, for the few texts that differ.
    pub fn backend(&self) -> Backend {
        match self.link {
            Link::Writer(_) | Link::Reader(_) => Backend::Sqlite,
            Link::Open(_) | Link::Pooled(_) => Backend::Postgres,
        }
    }

    /// Tells everyone who listens, after the commit.
    pub fn notify(&mut self, changed: Changed) {
        self.changes.push(changed);
    }

    pub(crate) fn new(link: Link) -> Self {
        Self { link, deferred: Vec::new(), changes: Vec::new(), progress: Progress::default() }
    }

    /// Ends the transaction so that it is kept, and hands out what is to be told.
    pub(crate) async fn commit(mut self) -> Result<Vec<Changed>> {
        if let Link::Open(open) = self.link {
            open.commit().await?;
        }
        Ok(std::mem::take(&mut self.changes))
    }

    /// Begins or ends a transaction on the connection that writes.
    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<()> {
        on!(self,
            sqlite c => c.execute(sqlx::query(sql)).await.map(drop),
            postgres c => c.execute(sqlx::query(sql)).await.map(drop))?;
        Ok(())
    }

    pub(crate) async fn close(self) -> Result<()> {
        if let Link::Writer(connection) = self.link {
            connection.close().await?;
        }
        Ok(())
    }

    /// Starts to watch a command: what it writes and tells is its own.
    pub(crate) fn begin_command(&mut self) -> usize {
        self.progress = Progress::default();
        self.deferred.clear();
        self.changes.len()
    }

    /// Forgets what a command wanted to tell.
    pub(crate) fn forget_changes(&mut self, since: usize) {
        self.changes.truncate(since);
    }

    pub(crate) fn take_changes(&mut self) -> Vec<Changed> {
        std::mem::take(&mut self.changes)
    }

    /// Whether the command left the shared transaction as it found it.
    pub(crate) fn is_untouched(&self) -> bool {
        !self.progress.wrote && !self.progress.ended
    }

    /// Sends what is deferred and answers whether every statement of the command went well.
    pub(crate) async fn finish_command(&mut self) -> Result<()> {
        self.ready().await
    }

    async fn ready(&mut self) -> Result<()> {
        if self.progress.failed {
            return Err(StoreError::AlreadyFailed);
        }
        if self.deferred.is_empty() { Ok(()) } else { self.flush().await }
    }

    async fn flush(&mut self) -> Result<()> {
        let deferred = std::mem::take(&mut self.deferred);
        let alone = deferred.len() == 1;
        let before = self.progress.begin_statement(true);
        let expected: Vec<_> = deferred.iter().map(|d| d.expected).collect();
        let outcome = on!(self,
            sqlite c => flush_together(c, deferred).await,
            postgres c => flush_singly(c, deferred).await);
        // Of several, those before the failed one were done.
        let touched = self.noted(outcome, before || !alone)?;
        let as_expected = expected.iter().zip(&touched).all(|(e, t)| e.is_none_or(|e| e == *t));
        if as_expected {
            Ok(())
        } else {
            self.progress.failed = true;
            Err(StoreError::Conflict)
        }
    }

    /// Notes how a statement ended; `wrote_before` is what holds again where only that statement was undone.
    fn noted<T>(&mut self, outcome: Result<T, sqlx::Error>, wrote_before: bool) -> Result<T> {
        outcome.map_err(|error| {
            let error = StoreError::from(error);
            self.progress.failed = true;
            if error.undid_only_its_statement() {
                self.progress.wrote = wrote_before;
            } else {
                self.progress.ended = true;
            }
            error
        })
    }
}

impl Progress {
    /// Notes a write before it is sent, so that one whose answer is never awaited counts too. Answers what
    /// held before.
    fn begin_statement(&mut self, writes: bool) -> bool {
        let before = self.wrote;
        self.wrote |= writes;
        before
    }
}

/// One trip: the statements as one text, their `$n` counted on, so that SQLite's thread runs them in a row.
async fn flush_together(c: &mut SqliteConnection, deferred: Vec<Deferred>) -> Result<Vec<u64>, sqlx::Error> {
    let mut args = Vec::with_capacity(deferred.iter().map(|d| d.args.len()).sum());
    let mut texts = Vec::with_capacity(deferred.len());
    for mut one in deferred {
        texts.push((one.sql, args.len()));
        args.append(&mut one.args);
    }
    let sql = join(&texts);
    let query = sqlx::query_with(sql, sqlite_args(args)?);
    let mut touched = Vec::with_capacity(texts.len());
    let mut answers = c.fetch_many(query);
    while let Some(answer) = answers.try_next().await? {
        if let Either::Left(done) = answer {
            touched.push(done.rows_affected());
        }
    }
    Ok(touched)
}

async fn flush_singly(c: &mut sqlx::PgConnection, deferred: Vec<Deferred>) -> Result<Vec<u64>, sqlx::Error> {
    let mut touched = Vec::with_capacity(deferred.len());
    for one in deferred {
        let query = sqlx::query_with(one.sql, postgres_args(one.args)?);
        touched.push(c.execute(query).await?.rows_affected());
    }
    Ok(touched)
}

fn join(texts: &[(SqlStr, usize)]) -> SqlStr {
    if let [(only, _)] = texts {
        return only.clone();
    }
    let mut joined = String::with_capacity(texts.iter().map(|(sql, _)| sql.as_str().len() + 8).sum());
    for (sql, offset) in texts {
        count_on(sql.as_str(), *offset, &mut joined);
        joined.push(';');
    }
    AssertSqlSafe(joined).into_sql_str()
}

/// Copies `sql` with `offset` added to each `$n`.
fn count_on(sql: &str, offset: usize, out: &mut String) {
    use std::fmt::Write as _;
    let mut pieces = sql.split('$');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        match number.parse::<usize>() {
            Ok(n) => {
                let _ = write!(out, "${}{rest}", n + offset);
            }
            Err(_) => {
                let _ = write!(out, "${piece}");
            }
        }
    }
}

/// A text that only reads begins with SELECT in this crate; everything else is taken for a write.
fn writes(sql: &SqlStr) -> bool {
    !sql.as_str().trim_start().starts_with("SELECT")
}

fn sqlite_args(args: Args) -> Result<sqlx::sqlite::SqliteArguments, sqlx::Error> {
    bind_sqlite(args).map_err(sqlx::Error::Encode)
}

fn postgres_args(args: Args) -> Result<sqlx::postgres::PgArguments, sqlx::Error> {
    bind_postgres(args).map_err(sqlx::Error::Encode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_sent_together_count_their_values_on() {
        let joined = join(&[
            ("INSERT INTO a VALUES ($1, $2)".into_sql_str(), 0),
            ("UPDATE b SET x = $2 WHERE id = $10".into_sql_str(), 2),
        ]);
        assert_eq!(joined.as_str(), "INSERT INTO a VALUES ($1, $2);UPDATE b SET x = $4 WHERE id = $12;");
    }
}
