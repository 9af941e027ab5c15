//! Reading takes its time, by the server's clock: when it began is kept, and nobody ends it sooner.

use super::{Progress, Task, TaskForm};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::{Millis, Timestamp};

/// Begins to read; who has begun before goes on from there.
///
/// # Errors
/// `task.other_kind`, `task.missed`.
pub fn begin(task: &Task, progress: Option<&Progress>, now: Timestamp) -> Result<Progress, Refusal> {
    min_ms(task)?;
    if let Some(known) = progress {
        return Ok(*known);
    }
    task.still(now)?;
    Ok(Progress::Begun { at: now })
}

/// Has read.
///
/// # Errors
/// `task.other_kind`, `task.missed`; `task.not_begun`; `task.too_soon` with what is left of the shortest time.
pub fn finish(task: &Task, progress: Option<&Progress>, now: Timestamp) -> Result<Progress, Refusal> {
    let ready_at = match progress {
        Some(done @ Progress::Done { .. }) => return Ok(*done),
        Some(Progress::Begun { at }) => *at + min_ms(task)?,
        Some(Progress::Booked(_)) | None => {
            min_ms(task)?;
            return Err(task.refused(RefusalCode::TaskNotBegun));
        }
    };
    if now < ready_at {
        return Err(task.refused(RefusalCode::TaskTooSoon).lasting("left_ms", ready_at.since(now)));
    }
    task.still(now)?;
    Ok(Progress::Done { at: now })
}

/// The shortest time of a text that is read.
fn min_ms(task: &Task) -> Result<Millis, Refusal> {
    match task.form {
        TaskForm::Reading { min_ms, .. } => Ok(min_ms),
        TaskForm::Pledge { .. } | TaskForm::Booking(_) => Err(RefusalCode::TaskOtherKind.into()),
    }
}
