//! What the server does without being asked: time passing in sittings, footage made playable, deliveries
//! settled, old things forgotten. Everything is safe to do twice and on any node.

mod assemble;
mod deliver;
mod housekeeping;
mod runner;
mod sweep;
mod tick;

use std::future::Future;
use std::time::Duration;

use yikao_domain::id::{JobId, PartId, SchoolId, SittingId};
use yikao_domain::time::Timestamp;
use yikao_store::Tx;
use yikao_store::job::{self, NewJob};

use crate::problem::Problem;
use crate::state::App;

pub use tick::tick;

/// Work for later, kept with the command that asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Make a part's files.
    Assemble(PartId),
    /// See whether a sitting's submissions are delivered.
    Deliver(SittingId),
}

impl Work {
    fn kind(self) -> &'static str {
        match self {
            Self::Assemble(_) => "assemble",
            Self::Deliver(_) => "deliver",
        }
    }

    fn body(self) -> String {
        match self {
            Self::Assemble(id) => id.to_string(),
            Self::Deliver(id) => id.to_string(),
        }
    }

    fn read(kind: &str, body: &str) -> Option<Self> {
        match kind {
            "assemble" => body.parse().ok().map(Self::Assemble),
            "deliver" => body.parse().ok().map(Self::Deliver),
            _ => None,
        }
    }
}

/// Enqueues work at the end of a command.
pub fn enqueue(tx: &mut Tx, app: &App, school: SchoolId, work: Work, now: Timestamp) {
    let job = NewJob {
        id: JobId::from_uuid(app.clock.new_uuid()),
        school_id: Some(school),
        kind: work.kind().to_owned(),
        dedup_key: Some(format!("{}:{}", work.kind(), work.body())),
        body: work.body(),
        due_at: now,
        created_at: now,
    };
    job::enqueue(tx, &job);
}

/// Starts everything that runs by itself. It ends with the runtime: whatever is cut off is done again.
pub async fn start(app: &App) -> Result<(), Problem> {
    runner::give_back(app).await?;
    every(app, Duration::from_millis(500), "tick", tick::due);
    every(app, Duration::from_millis(500), "complete parts", sweep::complete);
    every(app, Duration::from_secs(20), "lapsed parts", sweep::lapse);
    every(app, Duration::from_mins(10), "housekeeping", housekeeping::run);
    every(app, Duration::from_secs(15), "clock", agree);
    every(app, Duration::from_millis(250), "jobs", runner::run);
    Ok(())
}

async fn agree(app: App) -> Result<(), Problem> {
    app.clock.agree(app.db.clock_offset(|| app.clock.machine_ms()).await?);
    Ok(())
}

/// Does `work` again and again, with a pause between; an error is logged and costs nothing but the turn.
fn every<F, W>(app: &App, pause: Duration, name: &'static str, work: W)
where
    F: Future<Output = Result<(), Problem>> + Send,
    W: Fn(App) -> F + Send + 'static,
{
    let app = app.clone();
    tokio::spawn(async move {
        loop {
            if let Err(problem) = work(app.clone()).await {
                tracing::warn!(name, code = problem.code().code(), "a turn failed");
            }
            tokio::time::sleep(pause).await;
        }
    });
}
