//! Signing in and out, on which devices one is signed in, and a new password.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::id::{AccountId, LoginId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::{account, login};

use super::codes::{Purpose, phone_of, redeem};
use super::sign_up::{SignedIn, check_password};
use crate::auth::actor::{Actor, COOKIE, login_cookie, require_client};
use crate::base64url;
use crate::config::Tls;
use crate::extract::{Json, Path};
use crate::keyring::{random, token_hash};
use crate::problem::Problem;
use crate::state::App;

/// How long one stays signed in.
const LIFE: Millis = Millis::hours(24 * 60);

/// Signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's number.
    pub phone: String,
    /// Its password.
    pub password: String,
}

/// A device that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginView {
    /// The login.
    #[schema(value_type = String, format = Uuid)]
    pub id: LoginId,
    /// What the browser says of itself.
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
    /// The account's number.
    pub phone: String,
    /// The code that was sent to it.
    pub code: String,
    /// At least eight characters.
    #[schema(min_length = 8)]
    pub password: String,
}

/// Signs in with phone and password.
#[utoipa::path(post, path = "/logins", tag = "accounts", request_body = SignIn, responses(
    (status = 201, description = "Signed in", body = SignedIn),
    (status = 401, description = "Wrong number or password", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    (status = 429, description = "Too many wrong passwords", body = crate::problem::ProblemBody),
))]
pub async fn sign_in(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
    jar: CookieJar,
    Json(form): Json<SignIn>,
) -> Result<(StatusCode, CookieJar, axum::Json<SignedIn>), Problem> {
    require_client(&method, &headers)?;
    let phone = phone_of(&form.phone)?;
    let phone_hash = app.keys.lookup_hash("phone", phone.digits());
    // Before the password is looked at: a guess too many is not answered, right or wrong.
    app.limits.attempts.take(&phone_hash).map_err(Problem::too_often)?;
    let mut tx = app.db.reader().await?;
    let found = account::by_phone(&mut tx, &phone_hash).await?;
    drop(tx);
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    let right = app.passwords.matches(form.password, hash).await?;
    let account = found.filter(|_| right).ok_or_else(|| Problem::new(RefusalCode::LoginWrong))?;
    let cookie = open_login(&app, account.id, headers.get(header::USER_AGENT)).await?;
    Ok((StatusCode::CREATED, jar.add(cookie), axum::Json(SignedIn { account_id: account.id })))
}

/// Opens a login for an account and gives its cookie.
pub async fn open_login(
    app: &App,
    account_id: AccountId,
    device: Option<&HeaderValue>,
) -> Result<Cookie<'static>, Problem> {
    let token = base64url::encode(&random::<32>()?);
    let now = app.clock.now();
    let device: String =
        device.and_then(|v| v.to_str().ok()).unwrap_or("unknown").chars().take(200).collect();
    let row = login::Login {
        id: LoginId::from_uuid(app.clock.new_uuid()),
        token_hash: token_hash(&token),
        account_id,
        device,
        created_at: now,
        last_seen_at: now,
        expires_at: now + LIFE,
        revoked_at: None,
    };
    app.db
        .write_with(row, |tx, row| {
            Box::pin(async move {
                login::insert(tx, row);
                Ok(())
            })
        })
        .await?;
    Ok(login_cookie(token, app.config.tls != Tls::Off))
}

/// Where this account is signed in.
#[utoipa::path(get, path = "/logins", tag = "accounts", responses(
    (status = 200, description = "Devices, newest first", body = Vec<LoginView>),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
))]
pub async fn list(State(app): State<App>, actor: Actor) -> Result<axum::Json<Vec<LoginView>>, Problem> {
    let mut tx = app.db.reader().await?;
    let rows = login::of_account(&mut tx, actor.account, app.clock.now()).await?;
    let view = |row: login::Login| LoginView {
        current: row.id == actor.login,
        id: row.id,
        device: row.device,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
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
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Wrong code, short password, malformed", body = crate::problem::ProblemBody),
    (status = 429, description = "Too many wrong codes", body = crate::problem::ProblemBody),
))]
pub async fn reset(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
    Json(form): Json<ResetPassword>,
) -> Result<StatusCode, Problem> {
    require_client(&method, &headers)?;
    let phone = phone_of(&form.phone)?;
    check_password(&form.password)?;
    let phone_hash = app.keys.lookup_hash("phone", phone.digits());
    app.limits.attempts.take(&phone_hash).map_err(Problem::too_often)?;
    let password_hash = app.passwords.hash(form.password).await?;
    let now = app.clock.now();
    let input = (phone_hash, form.code, password_hash);
    let done = app.db.write_with(input, move |tx, (phone, code, password)| {
        Box::pin(async move {
            if !redeem(tx, phone, Purpose::Reset, code, now).await? {
                return Ok(None);
            }
            // Without an account the answer is the same as for a wrong code.
            let Some(account) = account::by_phone(tx, phone).await? else { return Ok(None) };
            account::set_password(tx, account.id, password);
            login::revoke_others(tx, account.id, None, now);
            Ok(Some(account.id))
        })
    });
    let account = done.await?.ok_or_else(|| Problem::new(RefusalCode::CodeWrong))?;
    app.logins.forget(account);
    Ok(StatusCode::NO_CONTENT)
}
