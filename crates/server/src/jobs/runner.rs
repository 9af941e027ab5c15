//! Lanes of jobs. Each claims what is due of its own kind and does several at a time, so that an assembly that
//! takes hours holds up no receipt.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use yikao_domain::id::JobId;
use yikao_domain::time::Millis;
use yikao_store::job::{self, Job};

use super::Failure;
use crate::problem::Problem;
use crate::state::App;

/// How long a job stays a node's that died; one that works keeps its claim, since making a long part's files may
/// take hours. Done twice it is harmless.
const CLAIM: Millis = Millis::seconds(30);
/// How often a claim is kept for longer: three times may fail.
const KEEP: Duration = Duration::from_secs(8);
/// How often a lane with room looks for work.
const LOOK: Duration = Duration::from_millis(250);
/// What does a job.
pub(super) type Doing = Arc<dyn Fn(App, Job) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// Jobs that are done beside all others.
pub(super) struct Lane {
    /// Its name, as jobs carry it.
    pub(super) name: &'static str,
    /// Jobs done at the same time on this node.
    pub(super) width: usize,
    /// How long jobs under way may take to finish once the server is asked to stop. What is cut off then is
    /// given back, and done again elsewhere at once.
    pub(super) patience: Duration,
    /// What does one.
    pub(super) doing: Doing,
}

/// The lanes at work.
#[derive(Debug)]
pub struct Lanes {
    app: App,
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

impl Lanes {
    /// Takes up again what this node had claimed before it was ended, and goes on.
    pub(super) async fn start(app: &App, lanes: Vec<Lane>) -> Result<Self, Problem> {
        give_back(app).await?;
        let (stop, stopped) = watch::channel(false);
        let run = |lane: Lane| tokio::spawn(lane.run(app.clone(), stopped.clone()));
        Ok(Self { app: app.clone(), running: lanes.into_iter().map(run).collect(), stop })
    }

    /// Claims nothing more, lets what is under way finish for a moment, and gives the rest back.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for lane in self.running {
            if let Err(error) = lane.await {
                tracing::error!(%error, "a lane ended badly");
            }
        }
        if let Err(problem) = give_back(&self.app).await {
            tracing::warn!(code = problem.code().code(), "jobs stay claimed for a while");
        }
    }
}

impl Lane {
    async fn run(self, app: App, mut stopped: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stopped.borrow() {
            self.fill(&app, &mut under_way).await;
            tokio::select! {
                // The other end is never dropped before it asks to stop.
                _ = stopped.changed() => {}
                Some(ended) = under_way.join_next() => note_end(ended),
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        let finish = async {
            while let Some(ended) = under_way.join_next().await {
                note_end(ended);
            }
        };
        if tokio::time::timeout(self.patience, finish).await.is_err() {
            tracing::info!(lane = self.name, jobs = under_way.len(), "jobs are cut off, to be done again");
        }
        under_way.shutdown().await;
    }

    /// Claims as many due jobs as there is room for.
    async fn fill(&self, app: &App, under_way: &mut JoinSet<()>) {
        while under_way.len() < self.width {
            match claim(app, self.name).await {
                Ok(Some(job)) => {
                    under_way.spawn(one(app.clone(), Arc::clone(&self.doing), job));
                }
                Ok(None) => return,
                Err(problem) => {
                    return tracing::warn!(lane = self.name, code = problem.code().code(), "no job claimed");
                }
            }
        }
    }
}

/// A job that panicked is claimed again once its claim is over.
fn note_end(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a job panicked");
    }
}

async fn one(app: App, doing: Doing, job: Job) {
    let outcome = tokio::select! {
        outcome = doing(app.clone(), job.clone()) => outcome,
        never = keep_claim(&app, job.id) => match never {},
    };
    if let Err(problem) = settle(&app, job, outcome.map_err(|error| error.to_string())).await {
        tracing::warn!(code = problem.code().code(), "what became of a job was not noted: it is done again");
    }
}

/// Gives back whatever this node has claimed: nobody is at it any more.
async fn give_back(app: &App) -> Result<(), Problem> {
    let node = app.config.node.clone();
    let given = app.db.write_with(node, |tx, node| {
        Box::pin(async move {
            job::give_back(tx, node);
            Ok(())
        })
    });
    Ok(given.await?)
}

async fn claim(app: &App, lane: &'static str) -> Result<Option<Job>, Problem> {
    let (node, now) = (app.config.node.clone(), app.clock.now());
    // Asked of a reader first, so that an idle server writes nothing.
    let due = job::next_due(&mut app.db.reader().await?, lane).await?;
    if due.is_none_or(|due| due > now) {
        return Ok(None);
    }
    let claimed = app.db.write_with(node, move |tx, node| {
        Box::pin(async move { job::claim(tx, lane, node, now, now + CLAIM, 1).await })
    });
    Ok(claimed.await?.into_iter().next())
}

async fn keep_claim(app: &App, id: JobId) -> Infallible {
    loop {
        tokio::time::sleep(KEEP).await;
        let (node, until) = (app.config.node.clone(), app.clock.now() + CLAIM);
        let kept = app.db.write_with(node, move |tx, node| {
            Box::pin(async move { job::extend(tx, id, node, until).await })
        });
        if !kept.await.unwrap_or(false) {
            tracing::warn!(job = %id, "a job's claim was not kept: another node may begin it too");
        }
    }
}

async fn settle(app: &App, job: Job, outcome: Result<(), String>) -> Result<(), Problem> {
    let (node, now) = (app.config.node.clone(), app.clock.now());
    if let Err(error) = &outcome {
        tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, error, "a job failed");
    }
    let settled = app.db.write_with((node, job, outcome), move |tx, (node, job, outcome)| {
        Box::pin(async move {
            match outcome {
                Ok(()) => job::done(tx, job.id, node, now),
                Err(error) => job::failed(tx, job.id, node, error, now + job::backoff(job.attempts)),
            }
            Ok(())
        })
    });
    Ok(settled.await?)
}

#[cfg(test)]
#[path = "runner_tests.rs"]
mod tests;
