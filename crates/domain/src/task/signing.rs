//! Signing a pledge with one's own name, and perhaps by hand.

use serde::{Deserialize, Serialize};

use super::{Drawing, Progress, Task, TaskForm};
use crate::document::{check_name, normalise_name};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::Timestamp;

/// A signature that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSignature {
    /// The name, as it was typed.
    pub name: String,
    /// The signature as it was drawn, where somebody drew one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawing: Option<Drawing>,
}

/// Signs a pledge: `own` is the name that the candidate was authenticated by.
///
/// # Errors
/// `task.other_kind`, `task.already_signed`, `task.missed`, `identity.required`, those of [`check_name`],
/// `task.name_differs`, `task.drawing`.
pub fn sign(
    task: &Task,
    progress: Option<&Progress>,
    own: Option<&str>,
    given: TaskSignature,
    now: Timestamp,
) -> Result<TaskSignature, Refusal> {
    let TaskForm::Pledge { .. } = task.form else { return Err(RefusalCode::TaskOtherKind.into()) };
    if progress.is_some() {
        return Err(task.refused(RefusalCode::TaskAlreadySigned));
    }
    task.still(now)?;
    let own = own.ok_or(RefusalCode::IdentityRequired)?;
    let name = check_name(&given.name)?;
    if normalise_name(&name) != normalise_name(own) {
        return Err(RefusalCode::TaskNameDiffers.into());
    }
    given.drawing.as_ref().map_or(Ok(()), Drawing::check)?;
    Ok(TaskSignature { name, ..given })
}
