//! Tasks before an exam: whose they are, what was done of them, what they close.

mod calendar;
mod doing;
mod view;

use std::sync::Arc;

use ring::digest;
use yikao_domain::exam::{RevisionBody, Session};
use yikao_domain::id::{EnrolmentId, MajorId, TaskId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::task::{self as rules, Booked, Progress, Slot, Task};
use yikao_domain::time::Timestamp;
use yikao_store::enrolment::{self, Entrance};
use yikao_store::task::{self, TaskRow};
use yikao_store::{StoreError, Tx};

use crate::auth::actor::Actor;
use crate::language::Reader;
use crate::problem::Problem;
use crate::revisions::Known;
use crate::state::App;

pub use calendar::calendar;
pub use doing::Signing;
pub use view::{TaskBrief, TaskView, brief, view};

/// A task of one's own enrolment, and who asks.
#[derive(Debug, Clone)]
pub struct OwnTask {
    /// The enrolment.
    pub enrolment: Entrance,
    /// What the exam says now.
    pub known: Arc<Known>,
    /// Which task of it.
    pub id: TaskId,
    /// The candidate.
    pub actor: Actor,
}

impl OwnTask {
    /// The task of this candidate's enrolment; to others it does not exist.
    ///
    /// # Errors
    /// `request.not_found` for somebody else's enrolment, `task.not_found` for a task that it does not have.
    pub async fn load(app: &App, actor: Actor, id: EnrolmentId, task: TaskId) -> Result<Self, Problem> {
        let mut tx = app.db.reader().await?;
        let found = enrolment::entrance(&mut tx, id).await?;
        let enrolment =
            found.filter(|found| found.candidate_id == actor.candidate()).ok_or_else(Problem::not_found)?;
        let revision = enrolment.current_revision_id.unwrap_or(enrolment.revision_id);
        let known = app.revisions.get(&mut tx, revision).await?;
        let is_there = known.revision.body.task(task).is_some_and(|task| task.is_for(enrolment.major_id));
        if !is_there {
            return Err(Problem::new(RefusalCode::TaskNotFound));
        }
        Ok(Self { enrolment, known, id: task, actor })
    }

    /// What the exam says.
    pub fn body(&self) -> &RevisionBody {
        &self.known.revision.body
    }

    /// The task itself.
    ///
    /// # Errors
    /// `task.not_found`.
    pub fn task(&self) -> Result<&Task, Refusal> {
        self.body().task(self.id).ok_or_else(|| RefusalCode::TaskNotFound.into())
    }

    /// What was done of it.
    pub async fn row(&self, tx: &mut Tx) -> Result<Option<TaskRow>, StoreError> {
        let rows = task::of_enrolment(tx, self.enrolment.id).await?;
        Ok(rows.into_iter().find(|row| row.task_id == self.id))
    }
}

/// A row as the rules know it.
pub fn progress(row: &TaskRow) -> Progress {
    match (row.done_at, row.slot_id, row.starts_at, row.ends_at) {
        (Some(at), Some(id), Some(starts_at), Some(ends_at)) => {
            Progress::Booked(Booked { slot: Slot { id, starts_at, ends_at, capacity: 0 }, at })
        }
        (Some(at), ..) => Progress::Done { at },
        (None, ..) => Progress::Begun { at: row.began_at },
    }
}

/// What was done of a task, among the rows of its enrolment.
pub fn progress_of(rows: &[TaskRow], id: TaskId) -> Option<Progress> {
    rows.iter().find(|row| row.task_id == id).map(progress)
}

/// Whether anything has to be done before a session.
pub fn is_gated(body: &RevisionBody, major: MajorId, session: &Session) -> bool {
    body.tasks_of(major).any(|task| task.gates(session.kind))
}

/// Whether an enrolment's tasks let its candidate into a session.
///
/// # Errors
/// Those of [`rules::entry`].
pub fn entry(
    body: &RevisionBody,
    major: MajorId,
    session: &Session,
    rows: &[TaskRow],
    now: Timestamp,
) -> Result<(), Refusal> {
    let tasks = body.tasks_of(major).map(|task| (task, progress_of(rows, task.id)));
    rules::entry(tasks, session.kind, now)
}

/// The text of a task as a reader sees it, with the hash that a signature is for: of title and text.
pub fn shown(task: &Task, reader: &Reader, body: &RevisionBody) -> Option<(String, String, Reader)> {
    let shown = task.text()?.shown(reader.language, &body.terms);
    let whole = format!("{}\n{}", task.title.name(shown.language), shown.text);
    let hash = hex::encode(digest::digest(&digest::SHA256, whole.as_bytes()));
    Some((shown.text, hash, Reader::of(shown.language)))
}
