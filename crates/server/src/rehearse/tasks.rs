//! What a robot does before it is let in: reads, signs, books the first slot.

use serde_json::json;
use yikao_domain::task::{Task, TaskForm};
use yikao_domain::time::Timestamp;

use super::stage::{NAME, Stage, Trouble};

/// When a robot can enter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door {
    pub(super) opens_at: Timestamp,
    /// From then on nobody enters.
    pub(super) closes_at: Timestamp,
}

/// The tasks that gate the session.
pub(super) fn gating(stage: &Stage) -> impl Iterator<Item = &Task> {
    stage.body.tasks_of(stage.major.id).filter(|task| task.gates(stage.session.kind))
}

/// Does everything that gates the session.
pub(super) async fn prepare(stage: &Stage) -> Result<Door, Trouble> {
    let session = &stage.session;
    let mut door = Door { opens_at: session.opens_at, closes_at: session.entry_ends_at() };
    for task in gating(stage) {
        let path = format!("/enrolments/{}/tasks/{}", stage.enrolment, task.id);
        match &task.form {
            TaskForm::Reading { min_ms, .. } => {
                stage.post(&format!("{path}/begin"), json!({})).await?.accepted("beginning to read")?;
                stage.pass(*min_ms);
                stage.post(&format!("{path}/finish"), json!({})).await?.accepted("having read")?;
            }
            TaskForm::Pledge { .. } => {
                let shown = stage.get(&path).await?.accepted("looking at the pledge")?;
                let signed = json!({ "text_hash": shown["text_hash"], "name": NAME });
                stage.post(&format!("{path}/signature"), signed).await?.accepted("signing the pledge")?;
            }
            TaskForm::Booking(booking) => {
                let slot = booking.slots.first().ok_or_else(|| Trouble("there is no slot".to_owned()))?;
                stage.until(booking.opens_at);
                let booked = stage.post(&format!("{path}/booking"), json!({ "slot_id": slot.id })).await?;
                booked.accepted("booking the first slot")?;
                door.opens_at = door.opens_at.max(slot.starts_at);
                door.closes_at = door.closes_at.min(slot.ends_at);
            }
        }
    }
    Ok(door)
}

/// From when a robot has to be there: a slot may be booked long before, and a task be due.
pub(super) fn begins_at(tasks: &[Task], session_opens_at: Timestamp) -> Timestamp {
    let hour = yikao_domain::time::Millis::hours(1);
    let needed = tasks.iter().flat_map(|task| {
        let booking = if let TaskForm::Booking(booking) = &task.form { Some(booking.opens_at) } else { None };
        [booking, task.due_at.map(|due| due - hour)].into_iter().flatten()
    });
    needed.chain([session_opens_at - hour]).min().unwrap_or(session_opens_at)
}
