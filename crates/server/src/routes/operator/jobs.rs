//! `GET /operator/jobs`: work that waits, runs, fails or is done.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::id::JobId;
use yikao_domain::time::Timestamp;
use yikao_store::Page;
use yikao_store::job::{self, Job};

use crate::auth::actor::{Actor, PlatformRole};
use crate::problem::Problem;
use crate::state::App;

/// Most jobs of each kind of list in one answer.
const MOST: Page = Page { limit: 200, offset: 0 };

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum JobState {
    Waiting,
    Running,
    Retrying,
    Done,
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobView {
    /// The job.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// How far it is.
    pub state: JobState,
    /// How often it was begun.
    pub attempts: i64,
    /// When it runs next, ms.
    pub run_at: Timestamp,
    /// When it was ordered, ms.
    pub created_at: Timestamp,
    /// Why it failed last.
    #[schema(required)]
    pub last_error: Option<String>,
    /// What it is about.
    #[schema(required)]
    pub subject: Option<String>,
}

/// The jobs that are not done, then the newest that are.
#[utoipa::path(get, path = "/operator/jobs", tag = "operator", responses(
    (status = 200, description = "Jobs", body = Vec<JobView>),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Only for operators", body = crate::problem::ProblemBody),
))]
pub async fn jobs(State(app): State<App>, actor: Actor) -> Result<axum::Json<Vec<JobView>>, Problem> {
    actor.require_platform(PlatformRole::Operator)?;
    let mut tx = app.db.reader().await?;
    let mut rows = job::page(&mut tx, false, MOST).await?.items;
    let done = job::page(&mut tx, true, MOST).await?.items;
    rows.extend(done.into_iter().filter(|job| job.done_at.is_some()));
    let now = app.clock.now();
    Ok(axum::Json(rows.into_iter().map(|job| view(job, now)).collect()))
}

fn view(job: Job, now: Timestamp) -> JobView {
    let state = match &job {
        Job { done_at: Some(_), .. } => JobState::Done,
        Job { locked_until: Some(until), .. } if *until > now => JobState::Running,
        Job { last_error: Some(_), .. } => JobState::Retrying,
        _ => JobState::Waiting,
    };
    JobView {
        id: job.id,
        state,
        attempts: job.attempts,
        run_at: job.due_at,
        created_at: job.created_at,
        last_error: job.last_error,
        subject: Some(format!("{}:{}", job.kind, job.body)),
        kind: job.kind,
    }
}
