//! Reminds who has booked a slot, a day and an hour before it: in the app, and by a message where messages are sent (H5).

use std::fmt;
use std::str::FromStr;

use yikao_domain::id::{AccountId, EnrolmentId, SlotId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::task::{Booked, Task, TaskState, state};
use yikao_domain::text::Language;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::enrolment::{self, Entrance};
use yikao_store::message::Message;
use yikao_store::{Tx, contact, task};

use super::{Failure, Work, enqueue_at};
use crate::auth::contact::Contact;
use crate::language::Reader;
use crate::messenger::{self, Words};
use crate::problem::Problem;
use crate::revisions::Known;
use crate::state::App;
use crate::{notices, tasks};

/// How many hours before a slot its candidate is reminded.
const HOURS: [u8; 2] = [24, 1];
/// A job that comes a little before its time is in time.
const SLACK: Millis = Millis::minutes(1);

/// Whom to remind of what. Who no longer has the slot is not reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminder {
    /// Whose.
    pub enrolment: EnrolmentId,
    /// Of which slot.
    pub slot: SlotId,
    /// How many hours before.
    pub hours: u8,
}

impl fmt::Display for Reminder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.enrolment, self.slot, self.hours)
    }
}

impl FromStr for Reminder {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split(' ');
        let mut next = || words.next().ok_or(());
        Ok(Self {
            enrolment: next()?.parse().map_err(drop)?,
            slot: next()?.parse().map_err(drop)?,
            hours: next()?.parse().map_err(drop)?,
        })
    }
}

/// Sees to it that who books a slot now is reminded of it; of what is nearer than an hour nobody has to be.
pub fn see_to_reminders(tx: &mut Tx, app: &App, enrolment: EnrolmentId, slot: SlotId, starts_at: Timestamp) {
    for hours in HOURS {
        let due_at = starts_at - Millis::hours(hours.into());
        if due_at > app.clock.now() {
            enqueue_at(tx, app, Work::Remind(Reminder { enrolment, slot, hours }), due_at);
        }
    }
}

/// Reminds; a slot that was moved to later is waited for.
///
/// # Errors
/// Where something cannot be read or kept.
pub async fn remind(app: &App, reminder: Reminder) -> Result<(), Failure> {
    let mut tx = app.db.reader().await?;
    let Some(found) = enrolment::entrance(&mut tx, reminder.enrolment).await? else { return Ok(()) };
    let known = app.revisions.get(&mut tx, found.current_revision_id.unwrap_or(found.revision_id)).await?;
    let rows = task::of_enrolment(&mut tx, found.id).await?;
    drop(tx);
    let row = rows.iter().find(|row| row.slot_id == Some(reminder.slot));
    let Some((row, task)) = row.and_then(|row| Some((row, known.revision.body.task(row.task_id)?))) else {
        return Ok(());
    };
    let now = app.clock.now();
    let TaskState::Booked(booked) = state(task, Some(&tasks::progress(row)), now) else { return Ok(()) };
    let due_at = booked.slot.starts_at - Millis::hours(reminder.hours.into());
    // After a pause of the server several may be due: the nearest is enough.
    let is_nearer =
        |hours: &u8| *hours < reminder.hours && now >= booked.slot.starts_at - Millis::hours((*hours).into());
    if HOURS.iter().any(is_nearer) || now >= booked.slot.starts_at || found.exam_state.require_open().is_err()
    {
        return Ok(());
    }
    let notice = notice(&known, task, &booked);
    let life = booked.slot.starts_at.since(now);
    let messages =
        messages(app, &found, &known, &notice, life).await.map_err(|problem| problem.code().code())?;
    let input = (app.clone(), found, known, notice, messages);
    let told = app.db.write_with(input, move |tx, (app, found, known, notice, messages)| {
        Box::pin(async move {
            if now + SLACK < due_at {
                enqueue_at(tx, app, Work::Remind(reminder), due_at);
                return Ok(());
            }
            for message in messages {
                messenger::post(tx, app, message);
            }
            notices::tell_within(app, tx, found.candidate_id, notice, &known.revision.body).await
        })
    });
    Ok(told.await?)
}

fn notice(known: &Known, task: &Task, booked: &Booked) -> Refusal {
    let body = &known.revision.body;
    task.refused(RefusalCode::BookingSoon)
        .with("exam", body.title.as_str())
        .with("zone", body.zone.as_str())
        .at("starts_at", booked.slot.starts_at)
        .at("ends_at", booked.slot.ends_at)
}

/// The same to the candidate's own number and address, in a sentence.
async fn messages(
    app: &App,
    found: &Entrance,
    known: &Known,
    notice: &Refusal,
    life: Millis,
) -> Result<Vec<Message>, Problem> {
    let detail = |language| Reader::of(language).within(&known.revision.body).words(notice).detail;
    let words = Words::Notice { chinese: detail(Language::Chinese), english: detail(Language::English) };
    let account = AccountId::from_uuid(*found.candidate_id.as_uuid());
    let rows = contact::of_account(&mut app.db.reader().await?, account).await?;
    let mut messages = Vec::new();
    for row in &rows {
        messages.extend(messenger::prepare(app, &Contact::open(&app.keys, row)?, &words, life)?);
    }
    Ok(messages)
}
