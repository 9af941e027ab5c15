//! `GET /me`: who one is here, and in which roles.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::document::DocumentType;
use yikao_domain::id::{AccountId, DeviceId, SchoolId};
use yikao_domain::time::Timestamp;
use yikao_store::{contact, identity, membership};

use crate::auth::actor::Actor;
use crate::auth::contact::Contact;
use crate::identities;
use crate::problem::Problem;
use crate::state::App;

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    /// The account.
    pub account_id: AccountId,
    /// Its number, as screens show it.
    #[schema(required)]
    pub phone_masked: Option<String>,
    /// Its e-mail address, as screens show it.
    #[schema(required)]
    pub email_masked: Option<String>,
    /// What this device is known by.
    pub device_id: DeviceId,
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

/// How somebody is reached, as screens show it.
#[derive(Debug, Clone, Default)]
pub struct Masked {
    /// By phone.
    pub phone: Option<String>,
    /// By e-mail.
    pub email: Option<String>,
}

/// The contacts of an account, as screens show them.
pub async fn masked(app: &App, account: AccountId) -> Result<Masked, Problem> {
    let rows = contact::of_account(&mut app.db.reader().await?, account).await?;
    let mut masked = Masked::default();
    for row in rows {
        let contact = Contact::open(&app.keys, &row)?;
        let shown = match contact {
            Contact::Phone(_) => &mut masked.phone,
            Contact::Email(_) => &mut masked.email,
        };
        *shown = Some(contact.masked());
    }
    Ok(masked)
}

/// The view of whoever is signed in.
pub async fn view(app: &App, actor: &Actor) -> Result<MeView, Problem> {
    let mut tx = app.db.reader().await?;
    let memberships = membership::of_account(&mut tx, actor.account).await?;
    let identity = identity::get(&mut tx, actor.candidate()).await?;
    drop(tx);
    let masked = masked(app, actor.account).await?;
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
        phone_masked: masked.phone,
        email_masked: masked.email,
        device_id: actor.device,
        roles,
        identity,
        server_time: app.clock.now(),
    })
}
