//! `GET /me`: who one is here, and in which roles.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::document::DocumentType;
use yikao_domain::id::{AccountId, SchoolId};
use yikao_domain::time::Timestamp;
use yikao_store::{account, identity, membership};

use crate::auth::actor::Actor;
use crate::auth::phone::Phone;
use crate::identities;
use crate::problem::Problem;
use crate::state::App;

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    /// The account.
    pub account_id: AccountId,
    /// Its number, as screens show it.
    pub phone_masked: String,
    /// Everything one is here.
    pub roles: Vec<RoleView>,
    /// Who one is, once that was said.
    #[schema(required)]
    pub identity: Option<IdentityView>,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// Every role there is, as this answer names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RoleName {
    Candidate,
    Admin,
    Proctor,
    Judge,
    Examiner,
    Department,
    Agent,
    Steward,
    Operator,
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleView {
    /// Which.
    #[schema(value_type = RoleName)]
    pub role: String,
    /// In which school.
    #[schema(required)]
    pub school_id: Option<SchoolId>,
    /// The school's name.
    #[schema(required)]
    pub school_name: Option<String>,
}

/// Who a candidate is, as screens show it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct IdentityView {
    /// The name.
    pub name: String,
    /// The document.
    #[schema(value_type = DocumentType)]
    pub document_type: String,
    /// The number, with its middle hidden.
    pub document_number_masked: String,
    /// Province of the examination.
    pub province: String,
    /// When it was said, ms.
    #[schema(value_type = i64)]
    pub confirmed_at: Timestamp,
}

/// Who is signed in.
#[utoipa::path(get, path = "/me", tag = "accounts", responses(
    (status = 200, description = "Who is signed in", body = MeView),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
))]
pub async fn me(State(app): State<App>, actor: Actor) -> Result<axum::Json<MeView>, Problem> {
    Ok(axum::Json(view(&app, &actor).await?))
}

/// The view of whoever is signed in.
pub async fn view(app: &App, actor: &Actor) -> Result<MeView, Problem> {
    let mut tx = app.db.reader().await?;
    let account = account::get(&mut tx, actor.account).await?.ok_or_else(Problem::not_found)?;
    let memberships = membership::of_account(&mut tx, actor.account).await?;
    let identity = identity::get(&mut tx, actor.candidate()).await?;
    drop(tx);
    let number = app.keys.open(&account.kid, &format!("phone:{}", account.id), &account.phone_cipher)?;
    let number = Phone::parse(&String::from_utf8_lossy(&number));
    let plain = |role: &str| RoleView { role: role.to_owned(), school_id: None, school_name: None };
    let mut roles = vec![plain("candidate")];
    roles.extend(actor.platform_roles.iter().map(|role| plain(role.name())));
    roles.extend(memberships.into_iter().map(|membership| RoleView {
        role: membership.role,
        school_id: Some(membership.school_id),
        school_name: Some(membership.school_name),
    }));
    let identity = match identity {
        Some(row) => Some(identities::view(app, row).await?),
        None => None,
    };
    Ok(MeView {
        account_id: actor.account,
        phone_masked: number.map(|number| number.masked()).unwrap_or_default(),
        roles,
        identity,
        server_time: app.clock.now(),
    })
}
