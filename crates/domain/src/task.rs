//! What a candidate has to do before an exam (考前任务, H1–H4): read, sign a pledge, book a slot; and what it gates.

mod booking;
mod drawing;
mod gate;
mod reading;
mod signing;
mod standard;
mod worded;

use serde::{Deserialize, Serialize};

use crate::exam::SittingKind;
use crate::id::{MajorId, SlotId, TaskId};
use crate::refusal::{Refusal, RefusalCode};
use crate::time::{Millis, Timestamp};

pub use booking::{Booked, Place, book, keep_booked, release, slot_closed};
pub use drawing::Drawing;
pub use gate::{Progress, TaskState, entry, state};
pub use reading::{begin, finish};
pub use signing::{TaskSignature, sign};
pub use standard::{Draft, standard};
pub use worded::{Shown, Worded};

/// Something to do before an exam.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The task.
    pub id: TaskId,
    /// Its name.
    pub title: Worded,
    /// What is closed until it is done (H3).
    #[serde(default)]
    pub before: Before,
    /// Until when it can be done; `None`: as long as the exam is open.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// For which majors; `None`: all.
    #[serde(default)]
    pub majors: Option<Vec<MajorId>>,
    /// What is to be done.
    pub form: TaskForm,
}

/// What is closed until a task is done (H3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Before {
    /// Nothing: it is only asked for.
    Nothing,
    /// The mock, and the formal exam after it; of a booking the mock alone.
    Mock,
    /// The formal exam.
    #[default]
    Formal,
}

/// What is to be done (H2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TaskForm {
    /// 考前阅读: a text that is read for some time.
    Reading {
        /// What is read.
        text: Worded,
        /// The shortest time between beginning and end, by the server's clock, ms.
        #[serde(default)]
        min_ms: Millis,
    },
    /// 诚信录制承诺书: a text that is signed.
    Pledge {
        /// What is signed.
        text: Worded,
    },
    /// 约考: a slot that is chosen.
    Booking(Booking),
}

/// Slots to choose from (H4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Booking {
    /// From when slots can be booked.
    pub opens_at: Timestamp,
    /// Until when.
    pub closes_at: Timestamp,
    /// Whether a slot can be given back and another one booked while booking is open; otherwise it is final.
    #[serde(default)]
    pub changeable: bool,
    /// Whether who has booked gets a notice (H5).
    #[serde(default = "yes")]
    pub notice: bool,
    /// The slots.
    #[serde(default)]
    pub slots: Vec<Slot>,
}

/// A time in which a candidate enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// The slot.
    pub id: SlotId,
    /// Its beginning.
    pub starts_at: Timestamp,
    /// Its end.
    pub ends_at: Timestamp,
    /// How many candidates have room in it.
    pub capacity: u32,
}

/// Which form a task has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// 考前阅读.
    Reading,
    /// 诚信录制承诺书.
    Pledge,
    /// 约考.
    Booking,
}

impl TaskKind {
    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Pledge => "pledge",
            Self::Booking => "booking",
        }
    }
}

const fn yes() -> bool {
    true
}

impl Task {
    /// Which form it has.
    pub const fn kind(&self) -> TaskKind {
        match self.form {
            TaskForm::Reading { .. } => TaskKind::Reading,
            TaskForm::Pledge { .. } => TaskKind::Pledge,
            TaskForm::Booking(_) => TaskKind::Booking,
        }
    }

    /// Whether candidates for `major` have it.
    pub fn is_for(&self, major: MajorId) -> bool {
        self.majors.as_ref().is_none_or(|majors| majors.contains(&major))
    }

    /// Whether sessions of `kind` are closed until it is done. A slot is for the very kind that it was booked for;
    /// what was read and signed before the mock is asked for before the formal exam too.
    pub fn gates(&self, kind: SittingKind) -> bool {
        let least = match self.before {
            Before::Nothing => return false,
            Before::Mock => SittingKind::Mock,
            Before::Formal => SittingKind::Formal,
        };
        if self.kind() == TaskKind::Booking { kind == least } else { kind >= least }
    }

    /// The text that is read or signed.
    pub const fn text(&self) -> Option<&Worded> {
        match &self.form {
            TaskForm::Reading { text, .. } | TaskForm::Pledge { text } => Some(text),
            TaskForm::Booking(_) => None,
        }
    }

    /// What there is to book.
    ///
    /// # Errors
    /// `task.other_kind` where there is nothing.
    pub fn booking(&self) -> Result<&Booking, Refusal> {
        match &self.form {
            TaskForm::Booking(booking) => Ok(booking),
            TaskForm::Reading { .. } | TaskForm::Pledge { .. } => Err(RefusalCode::TaskOtherKind.into()),
        }
    }

    /// From when on it cannot be done any more.
    pub fn ends_at(&self) -> Option<Timestamp> {
        let closes_at = match &self.form {
            TaskForm::Booking(booking) => Some(booking.closes_at),
            TaskForm::Reading { .. } | TaskForm::Pledge { .. } => None,
        };
        self.due_at.into_iter().chain(closes_at).min()
    }

    /// Whether it can still be done.
    ///
    /// # Errors
    /// `task.missed`.
    pub fn still(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.ends_at() {
            Some(end) if now >= end => Err(self.refused(RefusalCode::TaskMissed).at("due_at", end)),
            _ => Ok(()),
        }
    }

    /// A refusal that names the task, in both languages.
    pub fn refused(&self, code: RefusalCode) -> Refusal {
        Refusal::new(code)
            .with("task", self.title.zh.as_str())
            .with("task_en", self.title.english())
            .with("task_id", self.id.to_string())
    }
}

impl Booking {
    /// The slot, if there is such a one.
    pub fn slot(&self, id: SlotId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }
}

#[cfg(test)]
mod tests;
