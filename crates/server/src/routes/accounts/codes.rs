//! Codes sent to a phone or a mailbox. Asking for one never tells whether it has an account.

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::send_limit::{self, SendLimit};
use yikao_store::{StoreError, Tx, code, message};

use crate::auth::actor::require_client;
use crate::auth::address::Address;
use crate::auth::client::require_recent;
use crate::auth::contact::Contact;
use crate::extract::{Json, Path};
use crate::keyring::token_hash;
use crate::language::Reader;
use crate::messenger::{self, Words};
use crate::problem::{Problem, RefusalView};
use crate::state::App;

/// How long a code can be used.
const LIFE: Millis = Millis::minutes(10);
/// Wrong entries after which a code is dead.
const TRIES: i64 = 5;

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Signing up.
    Register,
    /// Setting a new password.
    Reset,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Reset => "reset",
        }
    }
}

/// Asks for a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForCode {
    /// A mainland mobile number (spaces and +86 do not matter), or an e-mail address.
    #[schema(example = "13800000000", max_length = 254)]
    pub contact: String,
    /// What it is for.
    pub purpose: Purpose,
}

/// How far a code's message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeState {
    /// The operator of this installation sees it and reads it out.
    Shown,
    /// No messages are sent here: a person hands codes over.
    ByHand,
    /// It is on its way to the service that sends it.
    Waiting,
    /// The service has it.
    Sent,
    /// It was not sent in time, or cannot be.
    Failed,
}

/// What became of a code that was asked for; the same whether or not there is an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeView {
    /// The code's id, by which to ask what became of it; none where none was made.
    #[schema(required)]
    pub id: Option<Uuid>,
    /// How far its message is.
    pub state: CodeState,
    /// Why it is late or was not sent.
    #[schema(required)]
    pub refusal: Option<RefusalView>,
}

/// Sends a code to a phone or a mailbox.
#[utoipa::path(post, path = "/codes", tag = "accounts", request_body = AskForCode, responses(
    (status = 202, description = "On its way, if it can be used; the answer is the same for everybody", body = CodeView),
    (status = 403, description = "Not from one of the apps, or from one that is too old", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    (status = 429, description = "Too often, for this number or from this network", body = crate::problem::ProblemBody),
))]
pub async fn ask(
    State(app): State<App>,
    address: Address,
    method: Method,
    headers: HeaderMap,
    Json(asked): Json<AskForCode>,
) -> Result<(StatusCode, axum::Json<CodeView>), Problem> {
    require_client(&method, &headers)?;
    require_recent(&app, &headers)?;
    let contact = Contact::parse(&asked.contact)?;
    let digits = six_digits()?;
    let words = Words::Code { code: digits.clone(), minutes: LIFE.as_ms() / 60_000 };
    let Some(message) = messenger::prepare(&app, &contact, &words, LIFE)? else {
        // Nobody would get it, and the newest code is the one that counts: an operator's would be dead.
        return Ok((
            StatusCode::ACCEPTED,
            axum::Json(CodeView { id: None, state: CodeState::ByHand, refusal: None }),
        ));
    };
    let mut row = new_code(&app, &contact, asked.purpose, &digits, LIFE);
    row.message_id = Some(message.id);
    let state = state_of(&message.state);
    let id = Some(row.id);
    let limits = limits(&app, &contact, address);
    let sent = app.db.write_with((app.clone(), row, message, limits), |tx, (app, row, message, limits)| {
        Box::pin(async move {
            for (key, limit) in limits {
                if let Some(wait) = send_limit::take(tx, key, *limit, row.created_at).await? {
                    return Ok(Some(wait));
                }
            }
            code::insert(tx, row);
            messenger::post(tx, app, message);
            Ok(None)
        })
    });
    match sent.await? {
        Some(wait) => Err(Problem::too_often(std::time::Duration::from_millis(wait.as_ms().unsigned_abs()))),
        None => Ok((StatusCode::ACCEPTED, axum::Json(CodeView { id, state, refusal: None }))),
    }
}

/// What became of a code that was asked for: a phone waits for it and wants to know whether to wait on.
#[utoipa::path(get, path = "/codes/{code}", tag = "accounts",
    params(("code" = Uuid, Path, description = "The id that asking for it gave")),
    responses(
        (status = 200, description = "How far its message is", body = CodeView),
        (status = 404, description = "No such code, or long expired", body = crate::problem::ProblemBody),
    ))]
pub async fn show(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<CodeView>, Problem> {
    let mut tx = app.db.reader().await?;
    let code = code::get(&mut tx, &id).await?.ok_or_else(Problem::not_found)?;
    let message = code.message_id.ok_or_else(Problem::not_found)?;
    let message = message::get(&mut tx, &message).await?.ok_or_else(Problem::not_found)?;
    let state = state_of(&message.state);
    let refusal = match (state, &message.cause) {
        (CodeState::Failed, _) => Some(RefusalCode::MessageUndeliverable),
        (CodeState::Waiting, Some(_)) => Some(RefusalCode::MessageDelayed),
        _ => None,
    };
    let refusal = refusal.map(|code| RefusalView::new(&Refusal::new(code), &reader));
    Ok(axum::Json(CodeView { id: Some(id), state, refusal }))
}

fn state_of(message: &str) -> CodeState {
    match message {
        "shown" => CodeState::Shown,
        "waiting" => CodeState::Waiting,
        "sent" => CodeState::Sent,
        _ => CodeState::Failed,
    }
}

/// What a code has to pass: how many one person gets, and how many one network asks for.
fn limits(app: &App, contact: &Contact, Address(address): Address) -> Vec<(String, SendLimit)> {
    let config = &app.config;
    if config.requests_per_second == 0 {
        return Vec::new();
    }
    let person = SendLimit { burst: config.codes_per_contact, every: Millis::minutes(15) };
    let network = SendLimit { burst: config.codes_per_address, every: Millis::seconds(10) };
    // The network first: what it is refused does not use up what the person may get.
    let of_network = address.map(|address| (app.keys.lookup_hash("address", &address.to_string()), network));
    of_network.into_iter().chain([(format!("code:{}", contact.hash(&app.keys)), person)]).collect()
}

/// A code for a number or address, ready to be kept.
pub fn new_code(app: &App, contact: &Contact, purpose: Purpose, digits: &str, life: Millis) -> code::Code {
    let contact_hash = contact.hash(&app.keys);
    let now = app.clock.now();
    code::Code {
        id: app.clock.new_uuid(),
        kid: app.keys.kid(),
        code_hash: code_hash(&contact_hash, purpose, digits),
        contact_hash,
        purpose: purpose.name().to_owned(),
        message_id: None,
        created_at: now,
        expires_at: now + life,
    }
}

fn six_digits() -> Result<String, Problem> {
    let random: [u8; 8] = crate::keyring::random()?;
    Ok(format!("{:06}", u64::from_be_bytes(random) % 1_000_000))
}

fn code_hash(contact_hash: &str, purpose: Purpose, digits: &str) -> String {
    token_hash(&format!("{contact_hash}:{}:{digits}", purpose.name()))
}

/// Uses up the newest code of a number or address; `false` where `typed` is not it. Every try is counted.
///
/// # Errors
/// Those of the database.
pub async fn redeem(
    tx: &mut Tx,
    contact_hash: &str,
    purpose: Purpose,
    typed: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let tried = code::attempt(tx, contact_hash, purpose.name(), TRIES, now).await?;
    let Some(newest) = tried else { return Ok(false) };
    let right = newest.code_hash == code_hash(contact_hash, purpose, typed.trim());
    if right {
        code::mark_used(tx, &newest.id, now);
    }
    Ok(right)
}
