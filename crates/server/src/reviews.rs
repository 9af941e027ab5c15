//! Reviews on their way: opened in the transaction of what caused them, decided by the desk, and what a
//! decision does to what it is about. What people wrote is closed with the candidate's own key.

mod decided;
mod facts;
mod proof;
pub mod view;

use serde_json::json;
use yikao_domain::id::{AccountId, CandidateId, CommandId, ReviewId, SittingId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::review::{self as rules, Command, Event, NewReview, Review, ReviewKind, ReviewState};
use yikao_domain::time::Timestamp;
use yikao_store::review::{ReviewEvent, ReviewRow};
use yikao_store::{StoreError, Tx, contact, review};

use crate::auth::actor::Actor;
use crate::auth::contact::Contact;
use crate::commands::{self, Outcome};
use crate::keyring::{CandidateKey, KeyError};
use crate::problem::Problem;
use crate::state::App;
use crate::{audit, identities};

pub use facts::{Facts, Picture};
pub use proof::proven;

/// A review that is ready to be opened: everything slow is done.
#[derive(Debug, Clone)]
pub struct Prepared {
    new: NewReview,
    facts: Vec<u8>,
}

/// Prepares a review for `candidate`; [`open`] it in the transaction of what causes it.
pub async fn prepare(
    app: &App,
    candidate: CandidateId,
    kind: ReviewKind,
    topic: &str,
    sitting: Option<SittingId>,
    facts: &Facts,
) -> Result<Prepared, Problem> {
    let id = ReviewId::from_uuid(app.clock.new_uuid());
    let key = identities::key_of(app, &mut app.db.reader().await?, candidate).await?;
    let facts = key.close(&facts::context(id), &serde_json::to_vec(facts)?)?;
    let new = NewReview {
        id,
        kind,
        topic: topic.to_owned(),
        candidate_id: candidate,
        sitting_id: sitting,
        four_eyes: app.desk.wants_four_eyes(kind),
    };
    Ok(Prepared { new, facts })
}

/// Opens a review, or answers the live one that the candidate has of this kind and topic.
pub async fn open(app: &App, tx: &mut Tx, prepared: &Prepared) -> Result<ReviewId, StoreError> {
    let now = app.clock.now();
    let opened = Review::open(prepared.new.clone(), app.desk.due(now), now);
    let row = row(&opened, prepared.facts.clone())?;
    if review::insert(tx, &row).await? {
        let actor = format!("account:{}", opened.candidate_id);
        let body = json!({ "due_at": opened.due_at }).to_string();
        let (review_id, kind) = (opened.id, "opened".to_owned());
        review::append(
            tx,
            &ReviewEvent { review_id, seq: 1, kind, at: now, actor, body, words_cipher: None },
        );
        decided::opened(app, tx, &opened).await?;
        return Ok(opened.id);
    }
    let live = review::live(tx, opened.candidate_id, opened.kind, &opened.topic).await?;
    live.map(|row| row.id).ok_or(StoreError::Conflict)
}

/// Cancels a candidate's live review of a kind and topic, where what it asks for came about otherwise.
pub async fn make_needless(
    app: &App,
    tx: &mut Tx,
    candidate: CandidateId,
    kind: ReviewKind,
    topic: &str,
) -> Result<(), StoreError> {
    let Some(row) = review::live(tx, candidate, kind, topic).await? else { return Ok(()) };
    let mut loaded = read(&row)?;
    let now = app.clock.now();
    let cancel = Command::Cancel { by: None, reason: String::new() };
    if let Ok(Some(event)) = rules::decide(&loaded, &cancel, now) {
        loaded.apply(&event, now);
        keep(tx, &row, &loaded, &event, now, "platform", None)?;
    }
    Ok(())
}

/// Who had the last word.
pub fn decided_by(review: &Review) -> Option<AccountId> {
    match review.state {
        ReviewState::Decided { by, .. } => Some(by),
        _ => None,
    }
}

/// The aggregate of a stored review.
pub fn read(row: &ReviewRow) -> Result<Review, StoreError> {
    read_state(&row.state)
}

/// The aggregate in its stored document.
pub fn read_state(state: &str) -> Result<Review, StoreError> {
    serde_json::from_str(state)
        .map_err(|e| StoreError::Unreadable { what: "review.state", why: e.to_string() })
}

/// What a review is about.
pub fn facts_of(key: &CandidateKey, row: &ReviewRow) -> Result<Facts, Problem> {
    Ok(serde_json::from_slice(&key.open(&facts::context(row.id), &row.facts_cipher)?)?)
}

/// What was written with an event.
pub fn words_of(key: &CandidateKey, event: &ReviewEvent) -> Result<Option<String>, KeyError> {
    let Some(closed) = &event.words_cipher else { return Ok(None) };
    let plain = key.open(&words_context(event.review_id, event.seq), closed)?;
    Ok(Some(String::from_utf8_lossy(&plain).into_owned()))
}

/// Gives a command, once however often it is sent; answers the review after it.
pub async fn give(
    app: &App,
    actor: &Actor,
    id: ReviewId,
    command_id: CommandId,
    command: Command,
    add: Option<Facts>,
) -> Result<Review, Problem> {
    let candidate = {
        let mut tx = app.db.reader().await?;
        review::get(&mut tx, id).await?.ok_or_else(Problem::not_found)?.candidate_id
    };
    let key = identities::key_of(app, &mut app.db.reader().await?, candidate).await?;
    let input = (app.clone(), actor.clone(), key, command, add);
    commands::once(
        app,
        actor,
        "reviews.give",
        command_id,
        input,
        move |tx, (app, actor, key, command, add)| {
            Box::pin(async move {
                let row = review::get(tx, id).await?.ok_or(StoreError::NotFound)?;
                obey(app, tx, actor, key, row, command, add.as_ref()).await
            })
        },
    )
    .await
}

/// Decides a command in an open transaction.
async fn obey(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    key: &CandidateKey,
    mut row: ReviewRow,
    command: &Command,
    add: Option<&Facts>,
) -> Outcome<Review> {
    let (mut loaded, now) = (read(&row)?, app.clock.now());
    let event = match rules::decide(&loaded, command, now) {
        Ok(Some(event)) => event,
        Ok(None) => return Ok(Ok(loaded)),
        Err(refusal) => return Ok(Err(named(app, tx, refusal).await?)),
    };
    if let Some(add) = add {
        if let Err(refusal) = proof::keep(tx, row.candidate_id, add).await? {
            return Ok(Err(refusal));
        }
        row.facts_cipher = facts::added(key, &row, add)?;
    }
    loaded.apply(&event, now);
    let words = words(key, &loaded, command)?;
    keep(tx, &row, &loaded, &event, now, &actor.signature(), words)?;
    note(app, tx, actor, &loaded, &event);
    if let Event::Decided { verdict, .. } = &event {
        decided::decided(app, tx, &loaded, *verdict).await?;
    }
    if let Event::Cancelled { .. } = &event {
        decided::cancelled(app, tx, &loaded).await?;
    }
    Ok(Ok(loaded))
}

/// Every decision is in the audit log; what was written stays with the review.
fn note(app: &App, tx: &mut Tx, who: &Actor, review: &Review, event: &Event) {
    let detail = json!({ "candidate_id": review.candidate_id, "kind": review.kind, "event": event });
    let action = format!("review.{}", event.code());
    audit::keep(tx, &audit::line(app, who, None, &action, "review", &detail), &review.id);
}

/// What an agent or the candidate wrote with a command, closed for its event.
fn words(key: &CandidateKey, review: &Review, command: &Command) -> Result<Option<Vec<u8>>, StoreError> {
    let text = match command {
        Command::Decide { reason, .. } | Command::Cancel { reason, .. } => reason,
        Command::AskForMore { what, .. } => what,
        Command::Claim { .. } | Command::Release { .. } | Command::GiveMore { .. } => return Ok(None),
    };
    let seq = i64::try_from(review.version).unwrap_or(i64::MAX);
    let closed = key.close(&words_context(review.id, seq), text.as_bytes());
    closed.map(Some).map_err(|e| StoreError::Unreadable { what: "review_event.words", why: e.to_string() })
}

fn words_context(id: ReviewId, seq: i64) -> String {
    format!("review-words:{id}:{seq}")
}

/// Puts in who it was, as colleagues know each other.
async fn named(app: &App, tx: &mut Tx, refusal: Refusal) -> Result<Refusal, StoreError> {
    let by = refusal.params.get("by").and_then(|by| by.as_str()).and_then(|by| by.parse().ok());
    match by {
        Some(by) if refusal.code == RefusalCode::ReviewClaimed => {
            let who = colleague(app, tx, by).await?;
            Ok(refusal.with("who", who))
        }
        _ => Ok(refusal),
    }
}

/// A member of staff as colleagues know them: by the masked number, or address.
pub async fn colleague(app: &App, tx: &mut Tx, who: AccountId) -> Result<String, StoreError> {
    let rows = contact::of_account(tx, who).await?;
    // The number comes last, and is what colleagues know best.
    let known = rows.last().and_then(|row| Contact::open(&app.keys, row).ok());
    Ok(known.map(|contact| contact.masked()).unwrap_or_default())
}

fn row(review: &Review, facts: Vec<u8>) -> Result<ReviewRow, StoreError> {
    let state = serde_json::to_string(review)
        .map_err(|e| StoreError::Unreadable { what: "review.state", why: e.to_string() })?;
    Ok(ReviewRow {
        id: review.id,
        kind: review.kind,
        topic: review.topic.clone(),
        candidate_id: review.candidate_id,
        sitting_id: review.sitting_id,
        status: review.state.code().to_owned(),
        claimed_by: review.claimed_by(),
        opened_at: review.opened_at,
        due_at: review.due_at,
        closed_at: review.closed_at(),
        version: i64::try_from(review.version).unwrap_or(i64::MAX),
        schema_version: review.schema_version.into(),
        state,
        facts_cipher: facts,
    })
}

/// Saves a changed review and what happened to it.
fn keep(
    tx: &mut Tx,
    loaded: &ReviewRow,
    review: &Review,
    event: &Event,
    at: Timestamp,
    actor: &str,
    words_cipher: Option<Vec<u8>>,
) -> Result<(), StoreError> {
    let row = row(review, loaded.facts_cipher.clone())?;
    review::save(tx, &row, loaded.version);
    let body = serde_json::to_string(event)
        .map_err(|e| StoreError::Unreadable { what: "review_event.body", why: e.to_string() })?;
    let (review_id, seq, kind) = (row.id, row.version, event.code().to_owned());
    review::append(
        tx,
        &ReviewEvent { review_id, seq, kind, at, actor: actor.to_owned(), body, words_cipher },
    );
    Ok(())
}
