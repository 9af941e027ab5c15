//! Tasks as their candidate sees them: ticked off on the exam's page, each with a page of its own.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::exam::RevisionBody;
use yikao_domain::id::{EnrolmentId, SlotId, TaskId};
use yikao_domain::refusal::Refusal;
use yikao_domain::task::{
    self as rules, Before, Booking, Drawing, Progress, Slot, Task, TaskForm, TaskKind, TaskSignature,
    TaskState,
};
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::task::{self, TaskRow};

use super::doing::context;
use super::{OwnTask, progress, shown};
use crate::identities;
use crate::keyring::KeyError;
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::view::Action;
use crate::state::App;

/// A task on the exam's page.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskBrief {
    /// The task.
    pub id: TaskId,
    /// What is to be done.
    pub kind: TaskKind,
    /// Its name.
    pub title: String,
    /// What is closed until it is done.
    pub before: Before,
    /// From when it can be done, ms.
    #[schema(required)]
    pub opens_at: Option<Timestamp>,
    /// Until when it can be done, ms.
    #[schema(required)]
    pub due_at: Option<Timestamp>,
    /// How far it is.
    pub state: TaskStateName,
    /// When it was done, ms.
    #[schema(required)]
    pub done_at: Option<Timestamp>,
    /// The booked slot.
    #[schema(required)]
    pub slot: Option<SlotTimes>,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskStateName {
    /// To be done.
    Open,
    /// Being read.
    Begun,
    /// Done; of a booking: booked.
    Done,
    /// Not done while it could be.
    Missed,
}

/// When a slot is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SlotTimes {
    /// The slot.
    pub id: SlotId,
    /// Its beginning, ms.
    pub starts_at: Timestamp,
    /// Its end, ms.
    pub ends_at: Timestamp,
}

/// A task on its own page.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskView {
    /// Whose enrolment.
    pub enrolment_id: EnrolmentId,
    /// The task as the exam's page has it.
    pub task: TaskBrief,
    /// The exam's name.
    pub exam: String,
    /// The exam's IANA time zone.
    pub zone: String,
    /// The text that is read or signed.
    #[schema(required)]
    pub text: Option<String>,
    /// SHA-256 of title and text, hex: a signature is for this very text.
    #[schema(required)]
    pub text_hash: Option<String>,
    /// The shortest time that a text is read, ms.
    #[schema(required)]
    pub min_ms: Option<Millis>,
    /// From when reading can be ended, ms; none until it has begun.
    #[schema(required)]
    pub ready_at: Option<Timestamp>,
    /// Who signed.
    #[schema(required)]
    pub signed: Option<SignatureView>,
    /// Whether a slot can be given back while booking is open.
    pub changeable: bool,
    /// What there is to book.
    pub slots: Vec<SlotView>,
    /// `begin`, `finish`, `sign`, `release`: those that its kind has.
    pub actions: Vec<Action>,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// A signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignatureView {
    /// The name.
    pub name: String,
    /// As it was drawn.
    #[schema(required)]
    pub drawing: Option<Drawing>,
    /// Whether the text has changed since.
    pub text_changed: bool,
}

/// A slot.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotView {
    /// The slot.
    pub id: SlotId,
    /// Its beginning, ms.
    pub starts_at: Timestamp,
    /// Its end, ms.
    pub ends_at: Timestamp,
    /// How many places it has.
    pub capacity: u32,
    /// How many are left.
    pub left: u32,
    /// `book`.
    pub actions: Vec<Action>,
}

/// A task for the exam's page.
pub fn brief(task: &Task, progress: Option<&Progress>, reader: &Reader, now: Timestamp) -> TaskBrief {
    let (state, done_at, slot) = match rules::state(task, progress, now) {
        TaskState::Open => (TaskStateName::Open, None, None),
        TaskState::Begun { .. } => (TaskStateName::Begun, None, None),
        TaskState::Done { at } => (TaskStateName::Done, Some(at), None),
        TaskState::Booked(booked) => (TaskStateName::Done, Some(booked.at), Some(times(&booked.slot))),
        TaskState::Missed { .. } => (TaskStateName::Missed, None, None),
    };
    TaskBrief {
        id: task.id,
        kind: task.kind(),
        title: task.title.name(reader.language).to_owned(),
        before: task.before,
        opens_at: task.booking().ok().map(|booking| booking.opens_at),
        due_at: task.ends_at(),
        state,
        done_at,
        slot,
    }
}

/// The view of a task for the candidate whose it is.
pub async fn view(app: &App, reader: &Reader, own: &OwnTask) -> Result<TaskView, Problem> {
    let mut tx = app.db.reader().await?;
    let row = own.row(&mut tx).await?;
    let taken = task::taken(&mut tx, own.enrolment.exam_id).await?;
    drop(tx);
    let (body, task, now) = (own.body(), own.task()?, app.clock.now());
    let reader = reader.within(body);
    let text = shown(task, &reader, body);
    let known = row.as_ref().map(progress);
    let ready_at = match rules::state(task, known.as_ref(), now) {
        TaskState::Begun { ready_at } => Some(ready_at),
        _ => None,
    };
    let booking = task.booking().ok();
    let slots = |booking: &Booking| slots(task, booking, known.as_ref(), &taken, &reader, now);
    Ok(TaskView {
        enrolment_id: own.enrolment.id,
        task: brief(task, known.as_ref(), &reader, now),
        exam: body.title.clone(),
        zone: body.zone.clone(),
        min_ms: if let TaskForm::Reading { min_ms, .. } = task.form { Some(min_ms) } else { None },
        ready_at,
        signed: signed(app, own, row.as_ref(), body).await?,
        changeable: booking.is_some_and(|booking| booking.changeable),
        slots: booking.map(slots).unwrap_or_default(),
        actions: actions(own, task, known.as_ref(), &reader, now),
        text_hash: text.as_ref().map(|(_, hash, _)| hash.clone()),
        text: text.map(|(text, ..)| text),
        server_time: now,
    })
}

fn slots(
    task: &Task,
    booking: &Booking,
    progress: Option<&Progress>,
    taken: &HashMap<SlotId, u32>,
    reader: &Reader,
    now: Timestamp,
) -> Vec<SlotView> {
    let view = |slot: &Slot| {
        let taken = taken.get(&slot.id).copied().unwrap_or_default();
        let refusal = rules::book(task, progress, slot.id, taken, now).err();
        SlotView {
            id: slot.id,
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            capacity: slot.capacity,
            left: slot.capacity.saturating_sub(taken),
            actions: vec![Action::new("book", refusal.as_ref(), reader)],
        }
    };
    booking.slots.iter().map(view).collect()
}

fn actions(
    own: &OwnTask,
    task: &Task,
    progress: Option<&Progress>,
    reader: &Reader,
    now: Timestamp,
) -> Vec<Action> {
    let is_open = || own.enrolment.exam_state.require_open();
    let may_sign = || match progress {
        Some(_) => Err(task.refused(yikao_domain::RefusalCode::TaskAlreadySigned)),
        None => task.still(now),
    };
    let states: Vec<(&str, Result<(), Refusal>)> = match task.kind() {
        TaskKind::Reading => vec![
            ("begin", rules::begin(task, progress, now).map(drop)),
            ("finish", rules::finish(task, progress, now).map(drop)),
        ],
        TaskKind::Pledge => vec![("sign", may_sign())],
        TaskKind::Booking => vec![("release", rules::release(task, progress, now).map(drop))],
    };
    let view = |(name, ruled): (&str, Result<(), Refusal>)| {
        Action::new(name, is_open().and(ruled).err().as_ref(), reader)
    };
    states.into_iter().map(view).collect()
}

async fn signed(
    app: &App,
    own: &OwnTask,
    row: Option<&TaskRow>,
    body: &RevisionBody,
) -> Result<Option<SignatureView>, Problem> {
    let Some((row, cipher)) = row.and_then(|row| Some((row, row.cipher.as_ref()?))) else { return Ok(None) };
    let key = identities::key_of(app, &mut app.db.reader().await?, row.candidate_id).await?;
    let plain = key.open(&context(own), cipher)?;
    let damaged = |_| Problem::unexpected(&KeyError::Closed("a pledge's signature".into()));
    let kept: TaskSignature = serde_json::from_slice(&plain).map_err(damaged)?;
    let task = own.task()?;
    let languages = [yikao_domain::text::Language::Chinese, yikao_domain::text::Language::English];
    let is_same = |language| {
        let text = shown(task, &Reader::of(language), body);
        text.is_some_and(|(_, hash, _)| row.text_hash.as_ref() == Some(&hash))
    };
    let text_changed = !languages.into_iter().any(is_same);
    Ok(Some(SignatureView { name: kept.name, drawing: kept.drawing, text_changed }))
}

const fn times(slot: &Slot) -> SlotTimes {
    SlotTimes { id: slot.id, starts_at: slot.starts_at, ends_at: slot.ends_at }
}
