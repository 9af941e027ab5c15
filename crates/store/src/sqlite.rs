//! SQLite's one writer: commands that wait share a transaction and are answered after its COMMIT.
//!
//! A batch runs bare, without savepoints, and what its commands defer is sent in shared trips: a trip to
//! SQLite's thread costs more than a write. A command that fails having written nothing fails alone and costs
//! nothing. One that wrote and failed, or whose error may have ended the transaction, has the batch rolled
//! back; it then runs once more in a transaction of its own, and the others run again together.

use crate::{
    Changed, Result, StoreError,
    body::Body,
    tx::{Link, Tx},
};
use futures_util::{FutureExt, future::BoxFuture};
use sqlx::{
    Connection,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};
use std::panic::AssertUnwindSafe;
use tokio::sync::{broadcast, mpsc, oneshot};

/// Most commands that share one transaction.
const BATCH: usize = 512;
/// Commands spoiling one batch after which each of the rest runs alone: what a hostile client can cost.
const SPOILERS: usize = 6;

/// What waits for the writer.
pub(crate) enum Message {
    /// A command to run.
    Command(Box<dyn Command>),
    /// No more will come: finish what waits, close the connection, tell.
    Close(oneshot::Sender<()>),
}

/// One caller's work, which can be run again until it is settled.
pub(crate) trait Command: Send {
    /// Runs the body once; the answer is kept until it is settled.
    fn run<'c>(&'c mut self, tx: &'c mut Tx) -> BoxFuture<'c, Result<()>>;
    /// Gives the caller the kept answer, or the error.
    fn settle(self: Box<Self>, outcome: Result<()>);
    /// Nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
}

/// A body with its caller.
pub(crate) struct Waiting<B, T> {
    pub(crate) body: B,
    pub(crate) kept: Option<T>,
    pub(crate) caller: oneshot::Sender<Result<T>>,
}

impl<B: Body<T>, T: Send + 'static> Command for Waiting<B, T> {
    fn run<'c>(&'c mut self, tx: &'c mut Tx) -> BoxFuture<'c, Result<()>> {
        Box::pin(async move {
            self.kept = Some(self.body.run(tx).await?);
            tx.finish_command().await
        })
    }

    fn settle(self: Box<Self>, outcome: Result<()>) {
        let Self { kept, caller, .. } = *self;
        // The caller may have left; the work is kept all the same.
        let _ = caller.send(outcome.and_then(|()| kept.ok_or(StoreError::AlreadyFailed)));
    }

    fn is_abandoned(&self) -> bool {
        self.caller.is_closed()
    }
}

/// The task that owns the one connection that writes.
pub(crate) struct Writer {
    tx: Tx,
    options: SqliteConnectOptions,
    changes: broadcast::Sender<Changed>,
}

/// Why a group could not be kept.
enum Spoilt {
    /// The transaction did not begin: another process holds the database, or the connection is gone.
    NotBegun(StoreError),
    /// This command wrote and failed, or its error may have ended the transaction.
    By(usize, StoreError),
    /// COMMIT failed, and nothing was kept.
    NotCommitted(StoreError),
}

impl Writer {
    pub(crate) async fn open(
        options: SqliteConnectOptions,
        changes: broadcast::Sender<Changed>,
    ) -> Result<Self> {
        let connection = SqliteConnection::connect_with(&options).await?;
        Ok(Self { tx: Tx::new(Link::Writer(connection)), options, changes })
    }

    /// Runs commands until it is told to close or nobody can send any more.
    pub(crate) async fn run(mut self, mut queue: mpsc::Receiver<Message>) {
        let mut messages = Vec::with_capacity(BATCH);
        let mut closing = Vec::new();
        while queue.recv_many(&mut messages, BATCH).await > 0 {
            let mut group = Vec::with_capacity(messages.len());
            for message in messages.drain(..) {
                match message {
                    Message::Command(command) if command.is_abandoned() => {}
                    Message::Command(command) => group.push(command),
                    Message::Close(told) => {
                        queue.close();
                        closing.push(told);
                    }
                }
            }
            self.keep(group).await;
        }
        if let Err(error) = self.tx.close().await {
            tracing::warn!(%error, "the connection that writes did not close cleanly");
        }
        for told in closing {
            // Whoever asked may have stopped waiting.
            let _ = told.send(());
        }
    }

    async fn keep(&mut self, mut group: Vec<Box<dyn Command>>) {
        let mut spoilers = 0;
        while group.len() > 1 && spoilers < SPOILERS {
            match self.together(&mut group).await {
                Ok(outcomes) => {
                    return group.into_iter().zip(outcomes).for_each(|(c, outcome)| c.settle(outcome));
                }
                Err(Spoilt::By(culprit, _)) => {
                    spoilers += 1;
                    let culprit = group.remove(culprit);
                    self.alone(culprit).await;
                }
                Err(Spoilt::NotBegun(error)) => {
                    tracing::error!(%error, commands = group.len(), "no transaction could begin");
                    return group.into_iter().for_each(|c| c.settle(Err(error.clone())));
                }
                Err(Spoilt::NotCommitted(error)) => {
                    tracing::error!(%error, commands = group.len(), "a shared transaction was not kept");
                    break;
                }
            }
        }
        for command in group {
            self.alone(command).await;
        }
    }

    async fn alone(&mut self, mut command: Box<dyn Command>) {
        let outcome = match self.together(std::slice::from_mut(&mut command)).await {
            Ok(mut outcomes) => outcomes.pop().unwrap_or(Ok(())),
            Err(Spoilt::By(_, error) | Spoilt::NotBegun(error) | Spoilt::NotCommitted(error)) => Err(error),
        };
        command.settle(outcome);
    }

    /// Runs a group in one transaction. What each answers holds only if the whole is `Ok`.
    async fn together(&mut self, group: &mut [Box<dyn Command>]) -> Result<Vec<Result<()>>, Spoilt> {
        self.begin().await.map_err(Spoilt::NotBegun)?;
        let mut outcomes = Vec::with_capacity(group.len());
        for (i, command) in group.iter_mut().enumerate() {
            let told = self.tx.begin_command(i);
            let run = AssertUnwindSafe(command.run(&mut self.tx)).catch_unwind();
            let outcome = run.await.unwrap_or(Err(StoreError::Panicked));
            if let Some((culprit, error)) = self.tx.culprit() {
                self.roll_back().await;
                return Err(Spoilt::By(culprit, error));
            }
            if let Err(error) = &outcome {
                self.tx.forget_command(told);
                if !self.tx.is_untouched() {
                    self.roll_back().await;
                    return Err(Spoilt::By(i, error.clone()));
                }
            }
            outcomes.push(outcome);
        }
        if let Err((culprit, error)) = self.tx.finish_all().await {
            self.roll_back().await;
            return Err(Spoilt::By(culprit, error));
        }
        if let Err(error) = self.tx.control("COMMIT").await {
            self.roll_back().await;
            return Err(Spoilt::NotCommitted(error));
        }
        for changed in self.tx.take_changes() {
            // Nobody may be listening.
            let _ = self.changes.send(changed);
        }
        Ok(outcomes)
    }

    /// Begins a transaction that may write, on a new connection where the old one cannot.
    async fn begin(&mut self) -> Result<()> {
        let Err(error) = self.tx.control("BEGIN IMMEDIATE").await else { return Ok(()) };
        tracing::warn!(%error, "the connection that writes is opened anew");
        self.tx = Tx::new(Link::Writer(SqliteConnection::connect_with(&self.options).await?));
        self.tx.control("BEGIN IMMEDIATE").await
    }

    /// Undoes the transaction. SQLite may have done so by itself, in which case ROLLBACK fails and all is well.
    async fn roll_back(&mut self) {
        self.tx.forget_all();
        if let Err(error) = self.tx.control("ROLLBACK").await {
            tracing::debug!(%error, "SQLite had ended the transaction by itself");
        }
    }
}
