//! What candidates are told without having asked: a message from the desk, in both languages, kept with the decision
//! that it tells of.

use serde_json::Value;
use yikao_domain::exam::RevisionBody;
use yikao_domain::id::{AccountId, CandidateId};
use yikao_domain::refusal::Refusal;
use yikao_domain::text::Language;
use yikao_store::audit::AuditEntry;
use yikao_store::desk_message::{self, DeskMessage};
use yikao_store::{StoreError, Tx, candidate_key};

use crate::desk_messages;
use crate::keyring::{CandidateKey, KeyError};
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;

/// Tells a candidate why something changed; nobody is told whose key is gone.
pub async fn tell(
    app: &App,
    tx: &mut Tx,
    candidate: CandidateId,
    by: Option<AccountId>,
    why: &Refusal,
) -> Result<(), StoreError> {
    send(app, tx, candidate, by, &in_both(why, Reader::of)).await
}

/// As [`tell`], by the platform itself, in an exam's words and with moments in its zone.
pub async fn tell_within(
    app: &App,
    tx: &mut Tx,
    candidate: CandidateId,
    why: &Refusal,
    exam: &RevisionBody,
) -> Result<(), StoreError> {
    send(app, tx, candidate, None, &in_both(why, |language| Reader::of(language).within(exam))).await
}

fn in_both(why: &Refusal, reader: impl Fn(Language) -> Reader) -> String {
    let text = |language| {
        let words = reader(language).words(why);
        format!("{}\n{}\n{}", words.title, words.detail, words.remedy)
    };
    format!("{}\n\n{}", text(Language::Chinese), text(Language::English))
}

async fn send(
    app: &App,
    tx: &mut Tx,
    candidate: CandidateId,
    by: Option<AccountId>,
    text: &str,
) -> Result<(), StoreError> {
    let key = key_of(app, tx, candidate).await?;
    let id = app.clock.new_uuid();
    desk_message::insert(
        tx,
        &DeskMessage {
            id,
            candidate_id: candidate,
            review_id: None,
            from_desk: true,
            author_id: by.unwrap_or_else(|| AccountId::from_uuid(*candidate.as_uuid())),
            cipher: key.close(&desk_messages::context(id), text.as_bytes()).map_err(unreadable)?,
            log_cipher: None,
            at: app.clock.now(),
            read_at: None,
        },
    );
    Ok(())
}

/// What was done to a candidate's own data by whoever decided, for the audit log: names of fields, never values.
pub fn line(
    app: &App,
    by: Option<AccountId>,
    action: &str,
    candidate: CandidateId,
    detail: &Value,
) -> AuditEntry {
    AuditEntry {
        id: app.clock.new_uuid(),
        school_id: None,
        account_id: by,
        action: action.to_owned(),
        subject_kind: "candidate".to_owned(),
        subject_id: candidate.to_string(),
        at: app.clock.now(),
        detail: detail.to_string(),
    }
}

/// The key of a candidate, inside a command.
pub async fn key_of(app: &App, tx: &mut Tx, candidate: CandidateId) -> Result<CandidateKey, StoreError> {
    let row = candidate_key::get(tx, candidate).await?.ok_or(StoreError::NotFound)?;
    let wrapped = row.wrapped_key.ok_or(StoreError::NotFound)?;
    app.keys.candidate_key(&row.kid, candidate, &wrapped).map_err(unreadable)
}

/// What cannot be opened, as the store says it.
#[expect(clippy::needless_pass_by_value, reason = "stands where an error is mapped")]
pub fn unreadable(error: KeyError) -> StoreError {
    StoreError::Unreadable { what: "a candidate's data", why: error.to_string() }
}

/// What could not be read or written inside a command, as the store says it.
pub fn failed(what: &'static str, problem: &Problem) -> StoreError {
    StoreError::Unreadable { what, why: problem.code().to_string() }
}
