//! One connection, inside a transaction (a command) or outside (a reader), on whichever backend.

use crate::{
    Backend, Changed, Result, StoreError,
    deferred::{Deferred, next_trip, send_singly, send_together},
    value::{Args, postgres_args, sqlite_args},
};
use sqlx::{
    Connection, Executor, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite, Transaction,
    pool::PoolConnection,
    postgres::PgRow,
    sqlite::{SqliteConnection, SqliteRow},
};

/// Deferred writes that may wait for more.
const DEFERRED: usize = 96;

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
    /// Which of the commands that share the transaction runs now.
    command: usize,
    progress: Progress,
    /// An earlier command whose deferred writes failed, found out while a later one ran.
    culprit: Option<(usize, StoreError)>,
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

    /// Adds a write to those sent together: before the next statement, or at the end of the command. On SQLite
    /// that is one trip to its thread, which commands that are alike share. What the write answers is not
    /// seen; a failure fails the command.
    pub fn defer(&mut self, sql: impl SqlSafeStr, args: Args) {
        let sql = sql.into_sql_str();
        self.deferred.push(Deferred { command: self.command, sql, args, expected: None });
    }

    /// As [`defer`](Self::defer), and the command fails with [`StoreError::Conflict`] unless exactly
    /// `rows` rows were touched.
    pub fn defer_expecting(&mut self, rows: u64, sql: impl SqlSafeStr, args: Args) {
        let sql = sql.into_sql_str();
        self.deferred.push(Deferred { command: self.command, sql, args, expected: Some(rows) });
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
        Self {
            link,
            deferred: Vec::new(),
            changes: Vec::new(),
            command: 0,
            progress: Progress::default(),
            culprit: None,
        }
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

    /// Starts to watch a command: what it writes and tells from here on is its own.
    pub(crate) fn begin_command(&mut self, command: usize) -> usize {
        self.command = command;
        self.progress = Progress::default();
        self.changes.len()
    }

    /// Forgets what the command wanted to write and tell.
    pub(crate) fn forget_command(&mut self, told_before: usize) {
        self.changes.truncate(told_before);
        self.deferred.retain(|write| write.command != self.command);
    }

    /// Forgets everything that commands wanted to write and tell.
    pub(crate) fn forget_all(&mut self) {
        self.changes.clear();
        self.deferred.clear();
        self.culprit = None;
    }

    pub(crate) fn take_changes(&mut self) -> Vec<Changed> {
        std::mem::take(&mut self.changes)
    }

    /// The earlier command that turned out to have failed.
    pub(crate) fn culprit(&mut self) -> Option<(usize, StoreError)> {
        self.culprit.take()
    }

    /// Whether the command left the shared transaction as it found it.
    pub(crate) fn is_untouched(&self) -> bool {
        !self.progress.wrote && !self.progress.ended
    }

    /// Ends a command. Where commands share the transaction, what it deferred may wait for others.
    pub(crate) async fn finish_command(&mut self) -> Result<()> {
        let may_wait = matches!(self.link, Link::Writer(_)) && self.deferred.len() < DEFERRED;
        if may_wait && !self.progress.failed { Ok(()) } else { self.ready().await }
    }

    /// Sends all that is deferred, when no command runs any more.
    pub(crate) async fn finish_all(&mut self) -> Result<(), (usize, StoreError)> {
        self.begin_command(usize::MAX);
        match self.ready().await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.culprit.take().unwrap_or((0, error))),
        }
    }

    async fn ready(&mut self) -> Result<()> {
        if self.progress.failed {
            return Err(StoreError::AlreadyFailed);
        }
        if self.deferred.is_empty() { Ok(()) } else { self.flush().await }
    }

    async fn flush(&mut self) -> Result<()> {
        let before = self.progress.clone();
        let own = self.deferred.iter().any(|write| write.command == self.command);
        // Should the body stop waiting here, nobody knows what was done.
        self.progress = Progress { wrote: true, failed: true, ended: true };
        while !self.deferred.is_empty() {
            let trip = next_trip(&mut self.deferred);
            let sent =
                on!(self, sqlite c => send_together(c, trip).await, postgres c => send_singly(c, trip).await);
            if let Err((command, error)) = sent {
                if command == self.command {
                    return Err(error);
                }
                self.culprit = Some((command, error));
                return Err(StoreError::AlreadyFailed);
            }
        }
        self.progress = Progress { wrote: before.wrote || own, ..before };
        Ok(())
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

/// A text that only reads begins with SELECT in this crate; everything else is taken for a write.
fn writes(sql: &SqlStr) -> bool {
    !sql.as_str().trim_start().starts_with("SELECT")
}
