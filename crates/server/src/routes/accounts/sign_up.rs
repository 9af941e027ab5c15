//! Signing up: a phone number or an e-mail address, the code that was sent to it, a password (B1, B2).

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::id::AccountId;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_store::{account, candidate_key, contact};

use super::codes::{Purpose, redeem};
use super::logins::{Entrance, open_login};
use crate::auth::contact::Contact;
use crate::extract::Json;
use crate::problem::Problem;
use crate::state::App;

/// The shortest password, in characters.
pub const PASSWORD_MIN: usize = 8;
/// The longest password, in bytes.
const PASSWORD_MAX: usize = 256;

/// Signs up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// A mainland mobile number (a parent's is fine, B6), or an e-mail address.
    #[schema(max_length = 254)]
    pub contact: String,
    /// The code that was sent to it.
    pub code: String,
    /// At least eight characters.
    #[schema(min_length = 8)]
    pub password: String,
}

/// Who has signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    /// The account.
    #[schema(value_type = String, format = Uuid)]
    pub account_id: AccountId,
}

/// Makes an account and signs it in.
#[utoipa::path(post, path = "/accounts", tag = "accounts", request_body = SignUp, responses(
    (status = 201, description = "Signed up and signed in", body = SignedIn),
    (status = 403, description = "Not from one of the apps, or from one that is too old", body = crate::problem::ProblemBody),
    (status = 409, description = "The number or address has an account", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Wrong code, short password, malformed", body = crate::problem::ProblemBody),
    (status = 429, description = "Too many wrong codes", body = crate::problem::ProblemBody),
))]
pub async fn sign_up(
    State(app): State<App>,
    entrance: Entrance,
    jar: CookieJar,
    Json(form): Json<SignUp>,
) -> Result<(StatusCode, CookieJar, axum::Json<SignedIn>), Problem> {
    let contact = Contact::parse(&form.contact)?;
    check_password(&form.password)?;
    entrance.attempt(&app, &contact.hash(&app.keys))?;
    let id = AccountId::from_uuid(app.clock.new_uuid());
    let password_hash = app.passwords.hash(form.password).await?;
    let new = NewAccount::of(&app, id, &contact, password_hash)?;
    let code = form.code;
    let made = app
        .db
        .write_with((new, code), |tx, (new, code)| Box::pin(async move { register(tx, new, code).await }));
    made.await?.map_err(Problem::new)?;
    let jar = open_login(&app, id, entrance.device, jar).await?;
    Ok((StatusCode::CREATED, jar, axum::Json(SignedIn { account_id: id })))
}

/// A new account with its candidate's key, ready to be kept.
pub struct NewAccount {
    account: account::Account,
    first: contact::Contact,
    key: candidate_key::CandidateKey,
}

impl NewAccount {
    /// Closes what is personal.
    pub fn of(app: &App, id: AccountId, contact: &Contact, password_hash: String) -> Result<Self, Problem> {
        let candidate = yikao_domain::id::CandidateId::from_uuid(*id.as_uuid());
        let (_, wrapped_key) = app.keys.new_candidate_key(candidate)?;
        let (kid, created_at) = (app.keys.kid(), app.clock.now());
        Ok(Self {
            account: account::Account { id, password_hash, state: "active".into(), created_at },
            first: contact.close(&app.keys, id, created_at)?,
            key: candidate_key::CandidateKey {
                candidate_id: candidate,
                kid,
                wrapped_key: Some(wrapped_key),
                created_at,
                destroyed_at: None,
            },
        })
    }

    /// Keeps it; `false` where the number or address has an account.
    pub async fn insert(&self, tx: &mut yikao_store::Tx) -> Result<bool, yikao_store::StoreError> {
        if !account::insert(tx, &self.account, &self.first).await? {
            return Ok(false);
        }
        candidate_key::insert_or_get(tx, &self.key).await?;
        Ok(true)
    }
}

async fn register(
    tx: &mut yikao_store::Tx,
    new: &NewAccount,
    code: &str,
) -> Result<Result<(), RefusalCode>, yikao_store::StoreError> {
    let at = new.account.created_at;
    if !redeem(tx, &new.first.hash, Purpose::Register, code, at).await? {
        return Ok(Err(RefusalCode::CodeWrong));
    }
    let made = new.insert(tx).await?;
    Ok(if made { Ok(()) } else { Err(RefusalCode::AccountExists) })
}

/// Refuses passwords that are too short to protect anything, or too long to be one.
pub fn check_password(password: &str) -> Result<(), Problem> {
    let fine = password.chars().count() >= PASSWORD_MIN && password.len() <= PASSWORD_MAX;
    let refusal = || Refusal::new(RefusalCode::PasswordTooShort).with("shortest", PASSWORD_MIN);
    if fine { Ok(()) } else { Err(refusal().into()) }
}
