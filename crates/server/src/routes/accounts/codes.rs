//! Codes sent to a phone. Asking for one never tells whether the number has an account.

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::refusal::RefusalCode;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::{Tx, code};

use crate::auth::actor::require_client;
use crate::auth::phone::Phone;
use crate::extract::Json;
use crate::keyring::token_hash;
use crate::messenger::{Message, Messenger};
use crate::problem::Problem;
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
    /// A mainland mobile number; spaces and +86 do not matter.
    #[schema(example = "13800000000")]
    pub phone: String,
    /// What it is for.
    pub purpose: Purpose,
}

/// Sends a code to a phone.
#[utoipa::path(post, path = "/codes", tag = "accounts", request_body = AskForCode, responses(
    (status = 202, description = "Sent, if the number can use it; the answer is the same for every number"),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    (status = 429, description = "Too often", body = crate::problem::ProblemBody),
))]
pub async fn ask(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
    Json(asked): Json<AskForCode>,
) -> Result<StatusCode, Problem> {
    require_client(&method, &headers)?;
    let phone = phone_of(&asked.phone)?;
    let phone_hash = app.keys.lookup_hash("phone", phone.digits());
    app.limits.codes.take(&phone_hash).map_err(Problem::too_often)?;
    if app.messenger == Messenger::Silent {
        // Nobody would get it, and the newest code is the one that counts: an operator's would be dead.
        return Ok(StatusCode::ACCEPTED);
    }
    let digits = six_digits()?;
    let row = new_code(&app, &phone, asked.purpose, &digits, LIFE);
    app.db
        .write_with(row, |tx, row| {
            Box::pin(async move {
                code::insert(tx, row);
                Ok(())
            })
        })
        .await?;
    app.messenger.send(&app, Message::code(&phone, &digits, LIFE)).await?;
    Ok(StatusCode::ACCEPTED)
}

/// A code for a number, ready to be kept.
pub fn new_code(app: &App, phone: &Phone, purpose: Purpose, digits: &str, life: Millis) -> code::NewCode {
    let phone_hash = app.keys.lookup_hash("phone", phone.digits());
    let now = app.clock.now();
    code::NewCode {
        id: app.clock.new_uuid(),
        kid: app.keys.kid(),
        code_hash: code_hash(&phone_hash, purpose, digits),
        phone_hash,
        purpose: purpose.name(),
        created_at: now,
        expires_at: now + life,
    }
}

/// Reads a typed number, or says that it is none.
pub fn phone_of(typed: &str) -> Result<Phone, Problem> {
    Phone::parse(typed).ok_or_else(|| Problem::new(RefusalCode::PhoneInvalid))
}

fn six_digits() -> Result<String, Problem> {
    let random: [u8; 8] = crate::keyring::random()?;
    Ok(format!("{:06}", u64::from_be_bytes(random) % 1_000_000))
}

fn code_hash(phone_hash: &str, purpose: Purpose, digits: &str) -> String {
    token_hash(&format!("{phone_hash}:{}:{digits}", purpose.name()))
}

/// Uses up the newest code of a number; `false` where `typed` is not it. Every try is counted.
pub async fn redeem(
    tx: &mut Tx,
    phone_hash: &str,
    purpose: Purpose,
    typed: &str,
    now: Timestamp,
) -> Result<bool, yikao_store::StoreError> {
    let Some(newest) = code::newest(tx, phone_hash, purpose.name(), now).await? else { return Ok(false) };
    if newest.tries >= TRIES {
        return Ok(false);
    }
    let right = newest.code_hash == code_hash(phone_hash, purpose, typed.trim());
    if right {
        code::mark_used(tx, &newest.id, now);
    } else {
        code::count_try(tx, &newest.id);
    }
    Ok(right)
}
