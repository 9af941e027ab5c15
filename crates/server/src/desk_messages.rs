//! Messages between a candidate and the desk, closed with the candidate's key. They replace a support number:
//! what the device noted lately comes with them, where the candidate agrees.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use yikao_domain::id::{AccountId, CandidateId, CommandId, ReviewId};
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::desk_message::{self, DeskMessage};
use yikao_store::{Page, StoreError, review};

use crate::auth::actor::Actor;
use crate::identities::key_of;
use crate::keyring::{CandidateKey, KeyError};
use crate::problem::Problem;
use crate::state::App;
use crate::{audit, commands};

/// The longest text, in characters.
const TEXT_MAX: usize = 2000;
/// The longest log, in bytes.
const LOG_MAX: usize = 64 * 1024;
/// Messages that are shown.
const SHOWN: Page = Page { limit: 200, offset: 0 };
/// Messages that a candidate may send in [`WHILE`].
const MANY: u64 = 30;
const WHILE: Millis = Millis::minutes(10);

/// Writes a message.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteMessage {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// What one says.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// About which review, if about one.
    #[serde(default)]
    pub review_id: Option<ReviewId>,
    /// What the device noted lately; sent only where the candidate agreed to it.
    #[serde(default)]
    #[schema(max_length = 65536)]
    pub log: Option<String>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskMessageView {
    /// Its id.
    pub id: Uuid,
    /// Whether the desk wrote it.
    pub from_desk: bool,
    /// The text.
    pub text: String,
    /// Whether the device's log came with it.
    pub has_log: bool,
    /// The log, shown to the desk.
    #[schema(required)]
    pub log: Option<String>,
    /// About which review.
    #[schema(required)]
    pub review_id: Option<ReviewId>,
    /// When, ms.
    pub at: Timestamp,
    /// When the other side read it, ms.
    #[schema(required)]
    pub read_at: Option<Timestamp>,
}

/// What a message's text is closed for.
pub fn context(id: Uuid) -> String {
    format!("desk-message:{id}")
}

/// Keeps what `actor` writes to or as the desk.
pub async fn write(
    app: &App,
    actor: &Actor,
    candidate: CandidateId,
    from_desk: bool,
    form: WriteMessage,
) -> Result<(), Problem> {
    let now = app.clock.now();
    let key = {
        let mut tx = app.db.reader().await?;
        if !from_desk && desk_message::sent_since(&mut tx, candidate, now - WHILE).await? >= MANY {
            return Err(Problem::too_often(std::time::Duration::from_mins(5)));
        }
        if let Some(id) = form.review_id {
            let row = review::get(&mut tx, id).await?.filter(|row| row.candidate_id == candidate);
            row.ok_or_else(Problem::not_found)?;
        }
        key_of(app, &mut tx, candidate).await?
    };
    let message = closed(app, actor.account, &key, candidate, from_desk, &form)?;
    let detail = serde_json::json!({ "message_id": message.id });
    let line = audit::line(app, actor, None, "desk.message", "candidate", &detail);
    commands::once(app, actor, "desk.message", form.command_id, (line, message), |tx, (line, message)| {
        Box::pin(async move {
            desk_message::insert(tx, message);
            if message.from_desk {
                audit::keep(tx, line, &message.candidate_id);
            }
            Ok(Ok(()))
        })
    })
    .await
}

fn closed(
    app: &App,
    author: AccountId,
    key: &CandidateKey,
    candidate: CandidateId,
    from_desk: bool,
    form: &WriteMessage,
) -> Result<DeskMessage, Problem> {
    let text = form.text.trim();
    if text.is_empty() || text.chars().count() > TEXT_MAX {
        return Err(Problem::field("text", "empty or too long"));
    }
    if form.log.as_ref().is_some_and(|log| log.len() > LOG_MAX) {
        return Err(Problem::field("log", "too long"));
    }
    let id = app.clock.new_uuid();
    let log = form.log.as_ref().filter(|_| !from_desk);
    Ok(DeskMessage {
        id,
        candidate_id: candidate,
        review_id: form.review_id,
        from_desk,
        author_id: author,
        cipher: key.close(&context(id), text.as_bytes())?,
        log_cipher: log.map(|log| key.close(&format!("desk-log:{id}"), log.as_bytes())).transpose()?,
        at: app.clock.now(),
        read_at: None,
    })
}

/// The messages with a candidate, oldest first; whoever reads them has read what the other side wrote.
pub async fn list(app: &App, candidate: CandidateId, as_desk: bool) -> Result<Vec<DeskMessageView>, Problem> {
    let (messages, key) = {
        let mut tx = app.db.reader().await?;
        let mut messages = desk_message::of_candidate(&mut tx, candidate, SHOWN).await?;
        messages.reverse();
        (messages, key_of(app, &mut tx, candidate).await?)
    };
    let unread = messages.iter().filter(|one| one.from_desk != as_desk && one.read_at.is_none());
    if let Some(latest) = unread.map(|one| one.at).max() {
        read(app, candidate, !as_desk, latest).await?;
    }
    Ok(messages.iter().map(|one| opened(&key, one, as_desk)).collect::<Result<_, _>>()?)
}

async fn read(
    app: &App,
    candidate: CandidateId,
    from_desk: bool,
    until: Timestamp,
) -> Result<(), StoreError> {
    let at = app.clock.now();
    let noted = app.db.write(move |tx| {
        Box::pin(async move {
            desk_message::read(tx, candidate, from_desk, until, at);
            Ok(())
        })
    });
    noted.await
}

fn opened(key: &CandidateKey, one: &DeskMessage, as_desk: bool) -> Result<DeskMessageView, KeyError> {
    let plain = |context: String, closed: &[u8]| {
        key.open(&context, closed).map(|text| String::from_utf8_lossy(&text).into_owned())
    };
    let log = one.log_cipher.as_deref().filter(|_| as_desk);
    Ok(DeskMessageView {
        id: one.id,
        from_desk: one.from_desk,
        text: plain(format!("desk-message:{}", one.id), &one.cipher)?,
        has_log: one.log_cipher.is_some(),
        log: log.map(|closed| plain(format!("desk-log:{}", one.id), closed)).transpose()?,
        review_id: one.review_id,
        at: one.at,
        read_at: one.read_at,
    })
}
