//! Doing a task: each inside the transaction of its command, behind the lock of its enrolment, so that of two tabs of one
//! candidate the second sees what the first did.

use serde_json::{Value, json};
use yikao_domain::exam::RevisionBody;
use yikao_domain::id::SlotId;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::task::{self as rules, Place, Progress, Slot, TaskKind, TaskSignature};
use yikao_domain::text::Language;
use yikao_domain::time::Timestamp;
use yikao_store::task::{self, TaskRow};
use yikao_store::{Tx, enrolment};

use super::{OwnTask, progress, shown};
use crate::commands::Outcome;
use crate::keyring::CandidateKey;
use crate::language::Reader;
use crate::state::App;
use crate::{audit, jobs, notices};

/// A signature on its way.
pub struct Signing {
    /// The hash of the text that was shown.
    pub text_hash: String,
    /// What was typed and drawn.
    pub signature: TaskSignature,
    /// The name that the candidate was authenticated by.
    pub own_name: Option<String>,
    /// The candidate's key.
    pub key: CandidateKey,
}

/// Where a signature is kept, so that it cannot stand for another.
pub(super) fn context(own: &OwnTask) -> String {
    format!("task:{}:{}", own.enrolment.id, own.id)
}

/// Leaves a command where a rule says no.
macro_rules! ruled {
    ($outcome:expr) => {
        match $outcome {
            Ok(value) => value,
            Err(refusal) => return Ok(Err(Refusal::from(refusal))),
        }
    };
}

impl OwnTask {
    /// Begins to read.
    pub async fn begin(&self, app: &App, tx: &mut Tx) -> Outcome<()> {
        let (row, now) = ruled!(self.enter(app, tx).await?);
        let begun = ruled!(rules::begin(ruled!(self.task()), row.as_ref().map(progress).as_ref(), now));
        if row.is_none() && matches!(begun, Progress::Begun { .. }) {
            task::put(tx, &self.new_row(TaskKind::Reading, now));
        }
        Ok(Ok(()))
    }

    /// Has read.
    pub async fn finish(&self, app: &App, tx: &mut Tx) -> Outcome<()> {
        let (row, now) = ruled!(self.enter(app, tx).await?);
        ruled!(rules::finish(ruled!(self.task()), row.as_ref().map(progress).as_ref(), now));
        if let Some(row) = row.filter(|row| row.done_at.is_none()) {
            task::put(tx, &TaskRow { done_at: Some(now), ..row });
            self.note(app, tx, "task.read", &json!({}));
        }
        Ok(Ok(()))
    }

    /// Signs. What is kept in clear says which text was signed, when, and on which device; who signed is closed.
    pub async fn sign(&self, app: &App, tx: &mut Tx, signing: &Signing) -> Outcome<()> {
        let (row, now) = ruled!(self.enter(app, tx).await?);
        let task = ruled!(self.task());
        let languages = [Language::Chinese, Language::English].map(Reader::of);
        let texts = languages.iter().filter_map(|reader| shown(task, reader, self.body()));
        let text = texts.into_iter().find(|(_, hash, _)| *hash == signing.text_hash);
        let known = row.as_ref().map(progress);
        let signature = signing.signature.clone();
        let signed = rules::sign(task, known.as_ref(), signing.own_name.as_deref(), signature, now);
        let signed = ruled!(signed);
        let (_, text_hash, reader) = ruled!(text.ok_or(RefusalCode::TaskTextChanged));
        let plain = json!(signed).to_string();
        let cipher = signing.key.close(&context(self), plain.as_bytes()).map_err(notices::unreadable)?;
        let detail = json!({ "text_hash": text_hash, "language": reader.tag(), "device": self.actor.device,
            "drawn": signed.drawing.is_some() });
        task::put(
            tx,
            &TaskRow {
                done_at: Some(now),
                text_hash: Some(text_hash),
                language: Some(reader.tag().to_owned()),
                device_id: Some(self.actor.device),
                cipher: Some(cipher),
                ..self.new_row(TaskKind::Pledge, now)
            },
        );
        self.note(app, tx, "pledge.signed", &detail);
        Ok(Ok(()))
    }

    /// Books a slot; the candidate is told, with its time in the exam's zone (H5).
    pub async fn book(&self, app: &App, tx: &mut Tx, slot: SlotId) -> Outcome<()> {
        let (row, now) = ruled!(self.enter(app, tx).await?);
        let exam = self.enrolment.exam_id;
        let taken = task::taken(tx, exam).await?.get(&slot).copied().unwrap_or_default();
        let place = rules::book(ruled!(self.task()), row.as_ref().map(progress).as_ref(), slot, taken, now);
        let (slot, won) = match ruled!(place) {
            Place::Kept => return Ok(Ok(())),
            Place::Taken(slot) => (slot, task::take_place(tx, exam, slot.id, slot.capacity).await?),
            Place::Moved(from, slot) => {
                (slot, task::move_place(tx, exam, from.id, (slot.id, slot.capacity)).await?)
            }
        };
        if !won {
            return Ok(Err(RefusalCode::BookingFull.into()));
        }
        task::put(
            tx,
            &TaskRow {
                done_at: Some(now),
                slot_id: Some(slot.id),
                starts_at: Some(slot.starts_at),
                ends_at: Some(slot.ends_at),
                ..self.new_row(TaskKind::Booking, now)
            },
        );
        self.note(app, tx, "slot.booked", &times(&slot));
        if self.is_told() {
            jobs::see_to_reminders(tx, app, self.enrolment.id, slot.id, slot.starts_at);
        }
        self.tell(app, tx, RefusalCode::BookingMade, &slot).await
    }

    /// Gives a slot back.
    pub async fn release(&self, app: &App, tx: &mut Tx) -> Outcome<()> {
        let (row, now) = ruled!(self.enter(app, tx).await?);
        let known = row.as_ref().map(progress);
        let booked = ruled!(rules::release(ruled!(self.task()), known.as_ref(), now));
        task::give_place_back(tx, booked.slot.id).await?;
        task::remove(tx, self.enrolment.id, self.id);
        self.note(app, tx, "slot.released", &times(&booked.slot));
        self.tell(app, tx, RefusalCode::BookingReleased, &booked.slot).await
    }

    /// What was done before, once nobody else does anything with this enrolment, and the time.
    async fn enter(&self, app: &App, tx: &mut Tx) -> Outcome<(Option<TaskRow>, Timestamp)> {
        ruled!(self.enrolment.exam_state.require_open());
        enrolment::lock(tx, self.enrolment.id).await?;
        Ok(Ok((self.row(tx).await?, app.clock.now())))
    }

    fn new_row(&self, kind: TaskKind, now: Timestamp) -> TaskRow {
        TaskRow {
            enrolment_id: self.enrolment.id,
            task_id: self.id,
            school_id: self.enrolment.school_id,
            exam_id: self.enrolment.exam_id,
            candidate_id: self.enrolment.candidate_id,
            kind: kind.code().to_owned(),
            began_at: now,
            done_at: None,
            slot_id: None,
            starts_at: None,
            ends_at: None,
            text_hash: None,
            language: None,
            device_id: None,
            cipher: None,
        }
    }

    fn note(&self, app: &App, tx: &mut Tx, action: &str, detail: &Value) {
        let mut detail = detail.clone();
        detail["task"] = json!(self.id);
        let line =
            audit::line(app, &self.actor, Some(self.enrolment.school_id), action, "enrolment", &detail);
        audit::keep(tx, &line, &self.enrolment.id);
    }

    /// Whether the exam wants who has booked to be told of it.
    fn is_told(&self) -> bool {
        self.task().is_ok_and(|task| task.booking().is_ok_and(|booking| booking.notice))
    }

    async fn tell(&self, app: &App, tx: &mut Tx, code: RefusalCode, slot: &Slot) -> Outcome<()> {
        let (body, task): (&RevisionBody, _) = (self.body(), ruled!(self.task()));
        if self.is_told() {
            let notice = Refusal::new(code)
                .with("exam", body.title.as_str())
                .with("task", task.title.zh.as_str())
                .with("task_en", task.title.english())
                .with("zone", body.zone.as_str())
                .at("starts_at", slot.starts_at)
                .at("ends_at", slot.ends_at);
            notices::tell_within(app, tx, self.enrolment.candidate_id, &notice, body).await?;
        }
        Ok(Ok(()))
    }
}

fn times(slot: &Slot) -> Value {
    json!({ "slot": slot.id, "starts_at": slot.starts_at, "ends_at": slot.ends_at })
}
