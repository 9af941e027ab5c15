//! PostgreSQL: every command in a transaction of its own, run again a few times where it met another one.

use crate::{
    Changed, Result, StoreError,
    body::Body,
    tx::{Link, Tx},
};
use futures_util::FutureExt;
use sqlx::{PgConnection, PgPool, postgres::PgListener};
use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};
use tokio::sync::{broadcast, mpsc};

/// Times a command is run before its conflict is answered.
const RUNS: u32 = 8;
/// The first pause before a command runs again; it doubles.
const PAUSE: Duration = Duration::from_millis(2);
/// The advisory lock of a node that must be the only one ("yikao" and 1, in ASCII).
const ALONE_LOCK: i64 = 0x0079_696b_616f_0001;
/// How often the database's clock is read.
const SAMPLES: u32 = 8;
/// The channel on which nodes tell one another what changed.
const CHANNEL: &str = "yikao_changed";
/// Most changes in one notification: its payload has to stay below 8000 bytes.
const TOLD_AT_ONCE: usize = 24;

/// Runs a body until it is kept.
pub(crate) async fn write<T>(pool: &PgPool, body: &mut impl Body<T>) -> Result<(T, Vec<Changed>)> {
    let mut pause = PAUSE;
    for _ in 1..RUNS {
        match once(pool, body).await {
            Err(error) if error.is_retryable() => tokio::time::sleep(pause).await,
            kept_or_failed => return kept_or_failed,
        }
        pause *= 2;
    }
    once(pool, body).await
}

async fn once<T>(pool: &PgPool, body: &mut impl Body<T>) -> Result<(T, Vec<Changed>)> {
    let mut tx = Tx::new(Link::Open(begin(pool).await?));
    let outcome = AssertUnwindSafe(body.run(&mut tx)).catch_unwind().await;
    let answer = outcome.unwrap_or(Err(StoreError::Panicked))?;
    tx.finish_command().await?;
    Ok((answer, tx.commit().await?))
}

/// Begins on a pooled connection. One that broke while it lay idle shows only now, and another is taken.
async fn begin(pool: &PgPool) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
    match pool.begin().await {
        Err(sqlx::Error::Io(_)) => Ok(pool.begin().await?),
        begun => Ok(begun?),
    }
}

/// Takes the lock that says "one node alone"; the connection holds it until it is dropped.
pub(crate) async fn claim_alone(pool: &PgPool) -> Result<Option<PgConnection>> {
    claim(pool, "SELECT pg_try_advisory_lock($1)").await
}

/// As [`claim_alone`], but any number of nodes may hold it together: each then knows that none is alone.
pub(crate) async fn claim_shared(pool: &PgPool) -> Result<Option<PgConnection>> {
    claim(pool, "SELECT pg_try_advisory_lock_shared($1)").await
}

async fn claim(pool: &PgPool, sql: &'static str) -> Result<Option<PgConnection>> {
    let mut connection = pool.acquire().await?;
    let (claimed,): (bool,) = sqlx::query_as(sql).bind(ALONE_LOCK).fetch_one(&mut *connection).await?;
    Ok(claimed.then(|| connection.detach()))
}

/// The database's clock less this machine's, in ms, by the quickest of some samples.
pub(crate) async fn clock_offset(pool: &PgPool, own_ms: impl Fn() -> i64 + Send + Sync) -> Result<i64> {
    let mut connection = pool.acquire().await?;
    let mut quickest = (Duration::MAX, 0);
    for _ in 0..SAMPLES {
        let (asked, before) = (Instant::now(), own_ms());
        let (database_ms,): (i64,) =
            sqlx::query_as("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
                .fetch_one(&mut *connection)
                .await?;
        let (took, after) = (asked.elapsed(), own_ms());
        if took < quickest.0 {
            quickest = (took, database_ms - before.midpoint(after));
        }
    }
    Ok(quickest.1)
}

/// What nodes say to one another.
#[derive(serde::Serialize, serde::Deserialize)]
struct Told {
    node: String,
    changes: Vec<Changed>,
}

/// Passes on what this node changed. Apart from the commands and many changes at a time, because a
/// transaction that notifies holds a lock of the whole database while it commits.
pub(crate) async fn tell(pool: PgPool, node: String, mut changes: mpsc::UnboundedReceiver<Changed>) {
    let mut batch = Vec::with_capacity(TOLD_AT_ONCE);
    while changes.recv_many(&mut batch, TOLD_AT_ONCE).await > 0 {
        let told = Told { node: node.clone(), changes: std::mem::take(&mut batch) };
        let sent = match serde_json::to_string(&told) {
            Ok(payload) => sqlx::query("SELECT pg_notify($1, $2)")
                .bind(CHANNEL)
                .bind(payload)
                .execute(&pool)
                .await
                .map_err(|e| e.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = sent {
            tracing::warn!(%error, changes = told.changes.len(), "other nodes were not told");
        }
    }
}

/// Opens the connection on which other nodes are heard.
pub(crate) async fn listener(pool: &PgPool) -> Result<PgListener> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Hears what other nodes changed, until the store is closed.
pub(crate) async fn hear(mut listener: PgListener, node: String, changes: broadcast::Sender<Changed>) {
    loop {
        match listener.recv().await {
            Ok(notification) => match serde_json::from_str::<Told>(notification.payload()) {
                Ok(told) if told.node == node => {}
                Ok(told) => told.changes.into_iter().for_each(|changed| {
                    // Nobody may be listening here.
                    let _ = changes.send(changed);
                }),
                Err(error) => tracing::warn!(%error, "a node told what cannot be read"),
            },
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => {
                tracing::warn!(%error, "other nodes are not heard");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
