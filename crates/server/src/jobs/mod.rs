//! What the server does without being asked: time passing in sittings, footage made playable, deliveries
//! settled, old things forgotten. Everything is safe to do twice and on any node.

mod assemble;
mod deliver;
mod housekeeping;
mod identify;
mod remind;
mod runner;
mod send;
mod sweep;
mod tick;

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;
use yikao_domain::id::{CandidateId, JobId, PartId, SchoolId, SittingId};
use yikao_domain::time::Timestamp;
use yikao_store::Tx;
use yikao_store::job::{self, Job, NewJob};

use self::runner::Lane;
use crate::problem::Problem;
use crate::state::App;

pub use remind::{Reminder, remind, see_to_reminders};
pub use runner::Lanes;
pub use tick::tick;

/// Why a job has to be tried again.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Receipts and whatever else takes a moment.
const QUICK: &str = "quick";
/// Messages, which wait for the services of others.
const MESSAGES: &str = "messages";
/// Making footage playable, which may take hours.
const FOOTAGE: &str = "footage";
/// Moments at the same time: they wait for the database more than they work.
const QUICK_AT_ONCE: usize = 4;
/// Messages at the same time: services answer in a fraction of a second, or not for many.
const MESSAGES_AT_ONCE: usize = 8;
/// How long jobs may take to finish once the server is asked to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// Work for later, kept with the command that asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Make a part's files.
    Assemble(PartId),
    /// See whether a sitting's submissions are delivered.
    Deliver(SittingId),
    /// Ask the identity authority about a candidate's claim.
    Identify(CandidateId),
    /// Remind a candidate of their slot.
    Remind(Reminder),
    /// Give a message to the service that sends it.
    Send(Uuid),
}

impl Work {
    fn kind(self) -> &'static str {
        match self {
            Self::Assemble(_) => "assemble",
            Self::Deliver(_) => "deliver",
            Self::Identify(_) => "identify",
            Self::Remind(_) => "remind",
            Self::Send(_) => "send",
        }
    }

    fn lane(self) -> &'static str {
        match self {
            Self::Assemble(_) => FOOTAGE,
            Self::Deliver(_) | Self::Identify(_) | Self::Remind(_) => QUICK,
            Self::Send(_) => MESSAGES,
        }
    }

    fn body(self) -> String {
        match self {
            Self::Assemble(id) => id.to_string(),
            Self::Deliver(id) => id.to_string(),
            Self::Identify(id) => id.to_string(),
            Self::Remind(reminder) => reminder.to_string(),
            Self::Send(id) => id.to_string(),
        }
    }

    fn read(kind: &str, body: &str) -> Option<Self> {
        match kind {
            "assemble" => body.parse().ok().map(Self::Assemble),
            "deliver" => body.parse().ok().map(Self::Deliver),
            "identify" => body.parse().ok().map(Self::Identify),
            "remind" => body.parse().ok().map(Self::Remind),
            "send" => body.parse().ok().map(Self::Send),
            _ => None,
        }
    }
}

/// Enqueues work at the end of a command, wanted now.
pub fn enqueue(tx: &mut Tx, app: &App, school: SchoolId, work: Work, now: Timestamp) {
    enqueue_for(tx, app, school, work, now, now);
}

/// Enqueues work at the end of a command. Of what waits in its lane the work wanted first comes first.
pub fn enqueue_for(
    tx: &mut Tx,
    app: &App,
    school: SchoolId,
    work: Work,
    now: Timestamp,
    wanted_at: Timestamp,
) {
    let new = NewJob { wanted_at, ..new(app, Some(school), work, now) };
    job::enqueue(tx, &new);
}

/// Enqueues work that no school asks for, not before `due_at`.
pub fn enqueue_at(tx: &mut Tx, app: &App, work: Work, due_at: Timestamp) {
    job::enqueue(tx, &new(app, None, work, due_at));
}

fn new(app: &App, school_id: Option<SchoolId>, work: Work, due_at: Timestamp) -> NewJob {
    NewJob {
        id: JobId::from_uuid(app.clock.new_uuid()),
        school_id,
        kind: work.kind().to_owned(),
        dedup_key: Some(format!("{}:{}", work.kind(), work.body())),
        body: work.body(),
        lane: work.lane().to_owned(),
        wanted_at: due_at,
        due_at,
        created_at: app.clock.now(),
    }
}

/// Starts everything that runs by itself. It ends with the runtime: whatever is cut off is done again.
pub async fn start(app: &App) -> Result<Lanes, Problem> {
    every(app, Duration::from_millis(500), "tick", tick::due);
    every(app, Duration::from_millis(500), "complete parts", sweep::complete);
    every(app, Duration::from_secs(20), "lapsed parts", sweep::lapse);
    every(app, Duration::from_mins(10), "housekeeping", housekeeping::run);
    every(app, Duration::from_secs(15), "clock", agree);
    let doing: runner::Doing = Arc::new(|app, job| Box::pin(perform(app, job)));
    let lane = |name, width| Lane { name, width, patience: PATIENCE, doing: Arc::clone(&doing) };
    let lanes = vec![
        lane(QUICK, QUICK_AT_ONCE),
        lane(MESSAGES, MESSAGES_AT_ONCE),
        lane(FOOTAGE, app.config.assemblies_at_once()),
    ];
    Lanes::start(app, lanes).await
}

async fn perform(app: App, job: Job) -> Result<(), Failure> {
    match Work::read(&job.kind, &job.body) {
        Some(Work::Assemble(part)) => assemble::run(&app, part).await,
        Some(Work::Deliver(sitting)) => deliver::run(&app, sitting).await,
        Some(Work::Identify(candidate)) => identify::run(&app, candidate).await,
        Some(Work::Remind(reminder)) => remind::remind(&app, reminder).await,
        Some(Work::Send(message)) => send::run(&app, message).await,
        None => Err(format!("nobody knows how to {}", job.kind).into()),
    }
}

async fn agree(app: App) -> Result<(), Problem> {
    Ok(crate::start::agree(&app.db, &app.clock).await?)
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
