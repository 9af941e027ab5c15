//! The store as the rest of the platform sees it: commands, readers, changes, the database's clock.

use crate::{
    Changed, Result, StoreError,
    body::{Body, Lent},
    migrate, postgres,
    sqlite::{Message, Waiting, Writer},
    tx::{Link, Tx},
};
use futures_util::future::BoxFuture;
use sqlx::{
    Connection, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
    },
};
use std::{
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{broadcast, mpsc, oneshot};

/// Commands that may wait for SQLite's writer; further callers wait to queue.
const QUEUE: usize = 4096;
/// Changes a slow listener may fall behind before it misses some.
const CHANGES: usize = 4096;
/// Prepared statements kept per connection.
const STATEMENTS: usize = 512;
/// How long SQLite waits for another process that writes.
const BUSY: Duration = Duration::from_secs(5);
/// How long a caller waits for a pooled connection.
const ACQUIRE: Duration = Duration::from_secs(10);
/// Pages in SQLite's log that make a commit copy them back: 32 MiB, to sync seldom.
const CHECKPOINT_PAGES: &str = "8192";

/// Where the database is and how this node uses it.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// This node's name, different on every node: tells its own changes from those of others.
    pub node: String,
    /// Pooled connections: SQLite's readers, or all of PostgreSQL's.
    pub connections: u32,
}

impl StoreConfig {
    /// A store for one node with as many connections as do well on a small machine.
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        let connections = if url.starts_with("postgres") { 16 } else { 4 };
        Self { url, node: "only".to_owned(), connections }
    }
}

/// Which database is behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// One file, one node.
    Sqlite,
    /// A server, any number of nodes.
    Postgres,
}

/// The open store. Clones share it.
#[derive(Clone)]
pub struct Db(Arc<Open>);

struct Open {
    engine: Engine,
    changes: broadcast::Sender<Changed>,
    /// The connection whose lock says that this node is the only one.
    claim: Mutex<Option<sqlx::PgConnection>>,
}

enum Engine {
    Sqlite { writer: mpsc::Sender<Message>, readers: SqlitePool },
    Postgres { pool: PgPool, told: mpsc::UnboundedSender<Changed> },
}

impl Db {
    /// Opens the database, creating SQLite's file where there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Configuration`] for an address that is neither, [`StoreError::Migration`] where the
    /// schema is newer than this program or was changed by hand, [`StoreError::Database`] otherwise.
    pub async fn open(config: &StoreConfig) -> Result<Self> {
        let (changes, _) = broadcast::channel(CHANGES);
        let engine = match config.url.split(':').next() {
            Some("sqlite") => open_sqlite(config, changes.clone()).await?,
            Some("postgres" | "postgresql") => open_postgres(config, changes.clone()).await?,
            _ => return Err(StoreError::Configuration("the database's address is unknown".to_owned())),
        };
        Ok(Self(Arc::new(Open { engine, changes, claim: Mutex::default() })))
    }

    /// Runs a command in a transaction and answers once what it wrote is durable. An `Err` leaves nothing
    /// behind, and a refusal is an `Ok` that wrote nothing. Where the future is dropped before it answers, the
    /// command is kept as a whole or not at all, and nobody is told which.
    ///
    /// The body may run several times and only its last run counts: keep side effects for the answer, load
    /// what it decides on inside, and clone what it moves. [`write_with`](Self::write_with) lends it instead.
    ///
    /// # Errors
    /// What the body answers; [`StoreError::Conflict`] where it kept meeting other commands;
    /// [`StoreError::Database`], also where a connection broke during COMMIT and nobody can say whether the
    /// command was kept (its `command_id` tells when it is repeated); [`StoreError::Panicked`].
    pub async fn write<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnMut(&'c mut Tx) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        self.keep(body).await
    }

    /// As [`write`](Self::write), lending `input` to every run, so that nothing has to be cloned:
    /// `db.write_with(input, |tx, input| Box::pin(async move { … }))`.
    pub async fn write_with<I, T, F>(&self, input: I, body: F) -> Result<T>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> FnMut(&'c mut Tx, &'c I) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        self.keep(Lent { input, body }).await
    }

    /// A connection to read with. Every statement sees what is committed when it runs.
    pub async fn reader(&self) -> Result<Tx> {
        let link = match &self.0.engine {
            Engine::Sqlite { readers, .. } => Link::Reader(readers.acquire().await?),
            Engine::Postgres { pool, .. } => Link::Pooled(pool.acquire().await?),
        };
        Ok(Tx::new(link))
    }

    /// Asks the database for an answer: a pooled connection alone may be to one that is gone.
    pub async fn ping(&self) -> Result<()> {
        let _: (i64,) = self.reader().await?.fetch_one("SELECT CAST(1 AS BIGINT)", Vec::new()).await?;
        Ok(())
    }

    /// What changes from now on, here and on other nodes.
    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.0.changes.subscribe()
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.0.engine {
            Engine::Sqlite { .. } => Backend::Sqlite,
            Engine::Postgres { .. } => Backend::Postgres,
        }
    }

    /// How many milliseconds the database's clock is ahead of the caller's, which `own_ms` reads: on
    /// PostgreSQL the quickest of some samples; SQLite has none of its own. Good to about half that sample's round trip.
    pub async fn clock_offset(&self, own_ms: impl Fn() -> i64 + Send + Sync) -> Result<Option<i64>> {
        match &self.0.engine {
            Engine::Sqlite { .. } => Ok(None),
            Engine::Postgres { pool, .. } => postgres::clock_offset(pool, own_ms).await.map(Some),
        }
    }

    /// Says that this node shares the database with others, for as long as the store is open. `false` where a
    /// node has claimed it alone.
    pub async fn claim_shared(&self) -> Result<bool> {
        let Engine::Postgres { pool, .. } = &self.0.engine else { return Ok(true) };
        let Some(claim) = postgres::claim_shared(pool).await? else { return Ok(false) };
        *self.0.claim.lock().unwrap_or_else(PoisonError::into_inner) = Some(claim);
        Ok(true)
    }

    /// Claims the database for this node alone, for as long as the store is open: what a node needs that
    /// keeps footage on its own disk. `false` where another node has claimed it. SQLite has one node anyway.
    pub async fn claim_alone(&self) -> Result<bool> {
        let Engine::Postgres { pool, .. } = &self.0.engine else { return Ok(true) };
        let Some(claim) = postgres::claim_alone(pool).await? else { return Ok(false) };
        *self.0.claim.lock().unwrap_or_else(PoisonError::into_inner) = Some(claim);
        Ok(true)
    }

    /// Finishes the commands that wait and closes all connections. Later calls answer [`StoreError::Closed`].
    pub async fn close(&self) {
        match &self.0.engine {
            Engine::Sqlite { writer, readers } => {
                let (told, closed) = oneshot::channel();
                if writer.send(Message::Close(told)).await.is_ok() {
                    // The writer may have gone already, which is as good.
                    let _ = closed.await;
                }
                readers.close().await;
            }
            Engine::Postgres { pool, .. } => pool.close().await,
        }
    }

    async fn keep<T: Send + 'static>(&self, mut body: impl Body<T>) -> Result<T> {
        match &self.0.engine {
            Engine::Sqlite { writer, .. } => {
                let (caller, answer) = oneshot::channel();
                let command = Box::new(Waiting { body, kept: None, caller });
                writer.send(Message::Command(command)).await.map_err(|_| StoreError::Closed)?;
                answer.await.map_err(|_| StoreError::Closed)?
            }
            Engine::Postgres { pool, told } => {
                let (answer, changes) = postgres::write(pool, &mut body).await?;
                for changed in changes {
                    // Neither needs a listener: changes are hints.
                    let _ = told.send(changed.clone());
                    let _ = self.0.changes.send(changed);
                }
                Ok(answer)
            }
        }
    }
}

async fn open_sqlite(config: &StoreConfig, changes: broadcast::Sender<Changed>) -> Result<Engine> {
    let options = SqliteConnectOptions::from_str(&config.url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(STATEMENTS)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    migrate::sqlite(&mut connection).await?;
    connection.close().await?;
    let (writer, queue) = mpsc::channel(QUEUE);
    let task = Writer::open(options.clone(), changes).await?;
    tokio::spawn(task.run(queue));
    let readers = SqlitePoolOptions::new()
        .max_connections(config.connections)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .connect_with(options.read_only(true).create_if_missing(false))
        .await?;
    Ok(Engine::Sqlite { writer, readers })
}

async fn open_postgres(config: &StoreConfig, changes: broadcast::Sender<Changed>) -> Result<Engine> {
    let options = PgConnectOptions::from_str(&config.url)?
        .application_name("yikao")
        .statement_cache_capacity(STATEMENTS)
        .options([("synchronous_commit", "on")]);
    let pool = PgPoolOptions::new()
        .max_connections(config.connections)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    migrate::postgres(&mut *pool.acquire().await?).await?;
    let listener = postgres::listener(&pool).await?;
    tokio::spawn(postgres::hear(listener, config.node.clone(), changes));
    let (told, tell) = mpsc::unbounded_channel();
    tokio::spawn(postgres::tell(pool.clone(), config.node.clone(), tell));
    Ok(Engine::Postgres { pool, told })
}
