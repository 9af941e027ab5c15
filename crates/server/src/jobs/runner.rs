//! Claims jobs and does them, one at a time on each node: they are child processes that use every core.

use std::convert::Infallible;
use std::time::Duration;

use yikao_domain::id::JobId;
use yikao_domain::time::Millis;
use yikao_store::job::{self, Job};

use super::{Work, assemble, deliver};
use crate::problem::Problem;
use crate::state::App;

/// How long a job stays a node's that died; one that works keeps its claim, since making a long part's files may
/// take hours. Done twice it is harmless.
const CLAIM: Millis = Millis::minutes(2);
/// How often a claim is kept for longer.
const KEEP: Duration = Duration::from_secs(30);

/// Gives back what this node had claimed before it was ended: nobody is at it any more.
pub(super) async fn give_back(app: &App) -> Result<(), Problem> {
    let node = app.config.node.clone();
    let given = app.db.write_with(node, |tx, node| {
        Box::pin(async move {
            job::give_back(tx, node);
            Ok(())
        })
    });
    Ok(given.await?)
}

/// Does the jobs that are due.
pub(super) async fn run(app: App) -> Result<(), Problem> {
    while let Some(job) = claim(&app).await? {
        let work = async {
            match Work::read(&job.kind, &job.body) {
                Some(Work::Assemble(part)) => assemble::run(&app, part).await,
                Some(Work::Deliver(sitting)) => deliver::run(&app, sitting).await,
                None => Err(format!("nobody knows how to {}", job.kind).into()),
            }
        };
        let outcome = tokio::select! {
            outcome = work => outcome,
            never = keep_claim(&app, job.id) => match never {},
        };
        settle(&app, job, outcome.map_err(|error| error.to_string())).await?;
    }
    Ok(())
}

async fn claim(app: &App) -> Result<Option<Job>, Problem> {
    let (node, now) = (app.config.node.clone(), app.clock.now());
    // Asked of a reader first, so that an idle server writes nothing.
    let due = job::next_due(&mut app.db.reader().await?).await?;
    if due.is_none_or(|due| due > now) {
        return Ok(None);
    }
    let claimed = app.db.write_with(node, move |tx, node| {
        Box::pin(async move { job::claim(tx, node, now, now + CLAIM, 1).await })
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
