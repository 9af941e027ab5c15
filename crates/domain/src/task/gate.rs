//! How far a task is, and what that closes (H3, H4).

use super::{Booked, Slot, Task, TaskForm};
use crate::exam::SittingKind;
use crate::refusal::{Refusal, RefusalCode};
use crate::time::Timestamp;

/// What a candidate has done of a task; nothing at all is no progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Began to read.
    Begun {
        /// When.
        at: Timestamp,
    },
    /// Has read, or signed.
    Done {
        /// When.
        at: Timestamp,
    },
    /// Has a slot.
    Booked(Booked),
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// To be done.
    Open,
    /// Being read; it can be ended from `ready_at` on.
    Begun {
        /// From when it can be ended.
        ready_at: Timestamp,
    },
    /// Done.
    Done {
        /// When.
        at: Timestamp,
    },
    /// A slot is booked.
    Booked(Booked),
    /// Not done while it could be.
    Missed {
        /// Since when.
        at: Timestamp,
    },
}

impl Progress {
    /// The slot, where one is booked.
    pub const fn booked(&self) -> Option<&Booked> {
        match self {
            Self::Booked(booked) => Some(booked),
            Self::Begun { .. } | Self::Done { .. } => None,
        }
    }
}

/// How far a task is at `now`.
pub fn state(task: &Task, progress: Option<&Progress>, now: Timestamp) -> TaskState {
    let missed = task.ends_at().filter(|end| now >= *end).map(|at| TaskState::Missed { at });
    match progress {
        Some(Progress::Done { at }) => TaskState::Done { at: *at },
        Some(Progress::Booked(booked)) => {
            TaskState::Booked(Booked { slot: current(task, booked), ..*booked })
        }
        Some(Progress::Begun { at }) => missed.unwrap_or_else(|| {
            let min_ms =
                if let TaskForm::Reading { min_ms, .. } = task.form { min_ms } else { crate::Millis::ZERO };
            TaskState::Begun { ready_at: *at + min_ms }
        }),
        None => missed.unwrap_or(TaskState::Open),
    }
}

/// Whether a session of `kind` may be entered: whatever gates it is done, and its slot is now.
///
/// # Errors
/// `task.open`, `task.missed`, `booking.early`, `booking.slot_over`, each with the task's name.
pub fn entry<'a>(
    tasks: impl IntoIterator<Item = (&'a Task, Option<Progress>)>,
    kind: SittingKind,
    now: Timestamp,
) -> Result<(), Refusal> {
    for (task, progress) in tasks.into_iter().filter(|(task, _)| task.gates(kind)) {
        match state(task, progress.as_ref(), now) {
            TaskState::Open | TaskState::Begun { .. } => return Err(task.refused(RefusalCode::TaskOpen)),
            TaskState::Missed { at } => return Err(task.refused(RefusalCode::TaskMissed).at("due_at", at)),
            TaskState::Booked(booked) => inside(task, &booked.slot, now)?,
            TaskState::Done { .. } => {}
        }
    }
    Ok(())
}

/// A slot whose times the school has moved is held to the new ones; one that it took away to those that were booked.
pub(super) fn current(task: &Task, booked: &Booked) -> Slot {
    let slots = task.booking().ok();
    slots.and_then(|booking| booking.slot(booked.slot.id)).copied().unwrap_or(booked.slot)
}

fn inside(task: &Task, slot: &Slot, now: Timestamp) -> Result<(), Refusal> {
    let refused = |code| task.refused(code).at("starts_at", slot.starts_at).at("ends_at", slot.ends_at);
    if now < slot.starts_at {
        return Err(refused(RefusalCode::BookingEarly));
    }
    if now >= slot.ends_at {
        return Err(refused(RefusalCode::BookingSlotOver));
    }
    Ok(())
}
