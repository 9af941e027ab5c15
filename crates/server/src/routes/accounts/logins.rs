//! Signing in and out, on which devices one is signed in, and a new password.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::document::normalise_number;
use yikao_domain::id::{AccountId, LoginId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::{StoreError, Tx, account, login};

use super::codes::{Purpose, redeem};
use super::second_sign_in;
use super::sign_up::{SignedIn, check_password};
use crate::auth::actor::{Actor, COOKIE, login_cookie, require_client};
use crate::auth::address::Address;
use crate::auth::client::require_recent;
use crate::auth::contact::Contact;
use crate::auth::device::{self, Device, DeviceKind};
use crate::auth::phone::Phone;
use crate::base64url;
use crate::config::Tls;
use crate::extract::{Json, Path};
use crate::identities::number_hash;
use crate::keyring::{random, token_hash};
use crate::problem::Problem;
use crate::state::App;

/// How long one stays signed in.
const LIFE: Millis = Millis::hours(24 * 60);

/// Signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account by its number, its e-mail address, or the document number that it authenticated (B5).
    #[schema(max_length = 254)]
    pub account: String,
    /// Its password.
    pub password: String,
    /// The person has said that this device goes on with the formal exam that is under way at another.
    #[serde(default)]
    pub take_over: bool,
}

/// A device that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginView {
    /// The login.
    #[schema(value_type = String, format = Uuid)]
    pub id: LoginId,
    /// What kind of device it is.
    pub kind: DeviceKind,
    /// What people know it by, such as `Pixel 8 · Android 14 · Chrome`; empty where it does not say.
    pub device: String,
    /// When it signed in, ms.
    #[schema(value_type = i64)]
    pub created_at: Timestamp,
    /// When it was last seen, ms.
    #[schema(value_type = i64)]
    pub last_seen_at: Timestamp,
    /// Whether it is this one.
    pub current: bool,
}

/// Sets a new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The account's number or e-mail address.
    #[schema(max_length = 254)]
    pub contact: String,
    /// The code that was sent to it.
    pub code: String,
    /// At least eight characters.
    #[schema(min_length = 8)]
    pub password: String,
}

/// Signs in.
#[utoipa::path(post, path = "/logins", tag = "accounts", request_body = SignIn, responses(
    (status = 201, description = "Signed in", body = SignedIn),
    (status = 401, description = "Wrong account or password", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps, or from one that is too old", body = crate::problem::ProblemBody),
    (status = 409, description = "A formal exam is under way at another device", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    (status = 429, description = "Too many wrong passwords", body = crate::problem::ProblemBody),
))]
pub async fn sign_in(
    State(app): State<App>,
    entrance: Entrance,
    jar: CookieJar,
    Json(form): Json<SignIn>,
) -> Result<(StatusCode, CookieJar, axum::Json<SignedIn>), Problem> {
    let named = Named::read(&app, &form.account)?;
    // Before the password is looked at: a guess too many is not answered, right or wrong.
    entrance.attempt(&app, named.hash())?;
    let account = whose(&app, &named, form.password).await?;
    second_sign_in::meet(&app, account, &entrance.device, form.take_over).await?;
    let jar = open_login(&app, account, entrance.device, jar).await?;
    Ok((StatusCode::CREATED, jar, axum::Json(SignedIn { account_id: account })))
}

/// The account that is named and has this password. Without one, finding that out takes as long.
async fn whose(app: &App, named: &Named, password: String) -> Result<AccountId, Problem> {
    let found = named.accounts(&mut app.db.reader().await?).await?;
    for account in &found {
        let hash = Some(account.password_hash.clone());
        if app.passwords.matches(password.clone(), hash).await? {
            return Ok(account.id);
        }
    }
    if found.is_empty() {
        app.passwords.matches(password, None).await?;
    }
    Err(Problem::new(RefusalCode::LoginWrong))
}

/// Opens a login for an account on a device. One that it had there before ends.
pub async fn open_login(
    app: &App,
    account_id: AccountId,
    device: Device,
    jar: CookieJar,
) -> Result<CookieJar, Problem> {
    let token = base64url::encode(&random::<32>()?);
    let now = app.clock.now();
    let row = login::Login {
        id: LoginId::from_uuid(app.clock.new_uuid()),
        token_hash: token_hash(&token),
        account_id,
        device: device.user_agent,
        device_id: Some(device.id),
        created_at: now,
        last_seen_at: now,
        expires_at: now + LIFE,
        revoked_at: None,
    };
    let opened = app.db.write_with(row, move |tx, row| {
        Box::pin(async move {
            login::revoke_on_device(tx, row.account_id, device.id, now);
            login::insert(tx, row);
            Ok(())
        })
    });
    opened.await?;
    app.logins.forget(account_id);
    Ok(jar.add(device.cookie).add(login_cookie(token, app.config.tls != Tls::Off)))
}

/// Where this account is signed in.
#[utoipa::path(get, path = "/logins", tag = "accounts", responses(
    (status = 200, description = "Devices, newest first", body = Vec<LoginView>),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
))]
pub async fn list(State(app): State<App>, actor: Actor) -> Result<axum::Json<Vec<LoginView>>, Problem> {
    let mut tx = app.db.reader().await?;
    let rows = login::of_account(&mut tx, actor.account, app.clock.now()).await?;
    let view = |row: login::Login| {
        let (kind, device) = device::name(&row.device);
        let current = row.id == actor.login;
        // Who asks is here now; what is kept may be some minutes old.
        let last_seen_at = if current { app.clock.now() } else { row.last_seen_at };
        LoginView { id: row.id, kind, device, created_at: row.created_at, last_seen_at, current }
    };
    Ok(axum::Json(rows.into_iter().map(view).collect()))
}

/// Signs a device out: `current` is this one.
#[utoipa::path(delete, path = "/logins/{login}", tag = "accounts",
    params(("login" = String, Path, description = "A login of this account, or `current`")),
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such login of this account", body = crate::problem::ProblemBody),
    ))]
pub async fn revoke(
    State(app): State<App>,
    actor: Actor,
    jar: CookieJar,
    Path(login): Path<String>,
) -> Result<(StatusCode, CookieJar), Problem> {
    let is_current = login == "current" || login == actor.login.to_string();
    let id = if is_current { actor.login } else { login.parse().map_err(|_| Problem::not_found())? };
    let (account, now) = (actor.account, app.clock.now());
    let revoked =
        app.db.write(move |tx| Box::pin(async move { login::revoke(tx, account, id, now).await })).await?;
    app.logins.forget(account);
    if !revoked {
        return Err(Problem::not_found());
    }
    let jar = if is_current { jar.remove(Cookie::build(COOKIE).path("/")) } else { jar };
    Ok((StatusCode::NO_CONTENT, jar))
}

/// Sets a new password with a code, and signs every device out.
#[utoipa::path(post, path = "/password-resets", tag = "accounts", request_body = ResetPassword, responses(
    (status = 204, description = "The new password holds"),
    (status = 403, description = "Not from one of the apps, or from one that is too old", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Wrong code, short password, malformed", body = crate::problem::ProblemBody),
    (status = 429, description = "Too many wrong codes", body = crate::problem::ProblemBody),
))]
pub async fn reset(
    State(app): State<App>,
    entrance: Entrance,
    Json(form): Json<ResetPassword>,
) -> Result<StatusCode, Problem> {
    let contact_hash = Contact::parse(&form.contact)?.hash(&app.keys);
    check_password(&form.password)?;
    entrance.attempt(&app, &contact_hash)?;
    let password_hash = app.passwords.hash(form.password).await?;
    let now = app.clock.now();
    let input = (contact_hash, form.code, password_hash);
    let done = app.db.write_with(input, move |tx, (contact, code, password)| {
        Box::pin(async move {
            if !redeem(tx, contact, Purpose::Reset, code, now).await? {
                return Ok(None);
            }
            // Without an account the answer is the same as for a wrong code.
            let Some(account) = account::by_contact(tx, contact).await? else { return Ok(None) };
            account::set_password(tx, account.id, password);
            login::revoke_others(tx, account.id, None, now);
            Ok(Some(account.id))
        })
    });
    let account = done.await?.ok_or_else(|| Problem::new(RefusalCode::CodeWrong))?;
    app.logins.forget(account);
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody who is not signed in yet and comes from one of our apps: from where, on which device.
#[derive(Debug)]
pub struct Entrance {
    address: Address,
    /// The device that they sign in on.
    pub device: Device,
}

impl FromRequestParts<App> for Entrance {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        require_client(&parts.method, &parts.headers)?;
        require_recent(app, &parts.headers)?;
        let jar = CookieJar::from_headers(&parts.headers);
        let secure = app.config.tls != Tls::Off;
        Ok(Self {
            address: Address::of(&parts.extensions, &parts.headers, &app.config.proxies),
            device: Device::of(&jar, parts.headers.get(header::USER_AGENT), secure)?,
        })
    }
}

impl Entrance {
    /// Counts a try of a password or code, for its network and for whom it names.
    ///
    /// # Errors
    /// `rate.limited`.
    pub fn attempt(&self, app: &App, hash: &str) -> Result<(), Problem> {
        if let Some(address) = self.address.0 {
            app.limits.attempts_of_network.take(&address).map_err(Problem::too_often)?;
        }
        app.limits.attempts.take(&hash.to_owned()).map_err(Problem::too_often)
    }
}

/// How somebody names their account, by its keyed hash.
pub enum Named {
    /// By its number or e-mail address.
    ByContact(String),
    /// By the document number that it authenticated (B5).
    ByDocument(String),
}

impl Named {
    /// Reads what was typed.
    ///
    /// # Errors
    /// `account.name_invalid`, `email.invalid`.
    pub fn read(app: &App, typed: &str) -> Result<Self, Problem> {
        if typed.contains(['@', '＠']) || Phone::parse(typed).is_some() {
            return Ok(Self::ByContact(Contact::parse(typed)?.hash(&app.keys)));
        }
        let number = normalise_number(typed);
        let is_number = (5..=18).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_alphanumeric());
        // Eleven digits are meant to be a phone number; no document has as many.
        if !is_number || number.len() == 11 {
            return Err(Problem::new(RefusalCode::AccountNameInvalid));
        }
        Ok(Self::ByDocument(number_hash(app, &number)))
    }

    fn hash(&self) -> &str {
        let (Self::ByContact(hash) | Self::ByDocument(hash)) = self;
        hash
    }

    /// The accounts that are named: one, or one for each type of document of the same number.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn accounts(&self, tx: &mut Tx) -> Result<Vec<account::Account>, StoreError> {
        match self {
            Self::ByContact(hash) => Ok(account::by_contact(tx, hash).await?.into_iter().collect()),
            Self::ByDocument(hash) => account::by_document(tx, hash).await,
        }
    }
}
