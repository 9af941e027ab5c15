//! The person behind a request, by the login cookie.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::{Deserialize, Serialize};
use yikao_domain::id::{AccountId, CandidateId, DeviceId, LoginId, SchoolId};
use yikao_domain::refusal::RefusalCode;

use crate::keyring::token_hash;
use crate::problem::Problem;
use crate::state::App;

/// The cookie that carries a login's token.
pub const COOKIE: &str = "yikao_login";

/// A header that the web apps send and a form on somebody else's page cannot.
pub(super) const CLIENT_HEADER: &str = "yikao-client";

/// What somebody may do in a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SchoolRole {
    /// Sets up exams, rosters and members.
    Admin,
    /// Watches sittings, gives time, re-opens and ends.
    Proctor,
    /// Sees submitted footage.
    Judge,
    /// Interviews.
    Examiner,
    /// Writes the requirements of its own subjects.
    Department,
}

/// What somebody may do on the whole installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlatformRole {
    /// Helps candidates (客服).
    Agent,
    /// Checks identities.
    Steward,
    /// Runs the installation.
    Operator,
}

macro_rules! names {
    ($role:ty: $($variant:ident => $name:literal),+) => {
        impl $role {
            /// As the database and JSON write it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
            /// Reads a stored name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
names!(SchoolRole: Admin => "admin", Proctor => "proctor", Judge => "judge", Examiner => "examiner",
    Department => "department");
names!(PlatformRole: Agent => "agent", Steward => "steward", Operator => "operator");

/// Who is asking.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account; a candidate's id is the same.
    pub account: AccountId,
    /// The login that asks.
    pub login: LoginId,
    /// The device that asks.
    pub device: DeviceId,
    /// Roles in schools.
    pub school_roles: Vec<(SchoolId, SchoolRole)>,
    /// Roles on the installation.
    pub platform_roles: Vec<PlatformRole>,
}

impl Actor {
    /// The candidate that this account is.
    pub fn candidate(&self) -> CandidateId {
        CandidateId::from_uuid(*self.account.as_uuid())
    }

    /// The name under which this person's commands are kept in event logs.
    pub fn signature(&self) -> String {
        format!("account:{}", self.account)
    }

    /// Whether they have one of `roles` in `school`.
    pub fn is_in(&self, school: SchoolId, roles: &[SchoolRole]) -> bool {
        self.school_roles.iter().any(|(id, role)| *id == school && roles.contains(role))
    }

    /// Lets pass who has one of `roles` in `school`. To strangers the school's things do not exist (404);
    /// a member with another role is told so (403).
    pub fn require(&self, school: SchoolId, roles: &[SchoolRole]) -> Result<(), Problem> {
        if self.is_in(school, roles) {
            return Ok(());
        }
        let is_member = self.school_roles.iter().any(|(id, _)| *id == school);
        Err(if is_member { Problem::new(RefusalCode::RoleMissing) } else { Problem::not_found() })
    }

    /// Lets pass who runs the installation.
    pub fn require_platform(&self, role: PlatformRole) -> Result<(), Problem> {
        let has = self.platform_roles.contains(&role);
        if has { Ok(()) } else { Err(Problem::new(RefusalCode::RoleMissing)) }
    }
}

impl FromRequestParts<App> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if !parts.method.is_safe() && !has_client_header(&parts.headers) {
            return Err(Problem::new(RefusalCode::ClientHeaderMissing));
        }
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(COOKIE).ok_or_else(|| Problem::new(RefusalCode::LoginRequired))?;
        app.logins.find(&app.db, &token_hash(token.value()), app.clock.now()).await
    }
}

/// Whether a request comes from our own apps. Safe methods need not say.
pub fn has_client_header(headers: &HeaderMap) -> bool {
    headers.contains_key(CLIENT_HEADER)
}

/// Refuses what a foreign page could have sent, where there is no [`Actor`] to do it.
pub fn require_client(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let fine = method.is_safe() || has_client_header(headers);
    if fine { Ok(()) } else { Err(Problem::new(RefusalCode::ClientHeaderMissing)) }
}

/// The cookie that keeps somebody signed in on this device.
pub fn login_cookie(token: String, secure: bool) -> Cookie<'static> {
    Cookie::build((COOKIE, token))
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .permanent()
        .build()
}
