//! Who works for a school, in which roles. Administrators decide it; who runs the installation names the first.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use yikao_domain::id::{AccountId, CandidateId, CommandId, SchoolId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::time::Timestamp;
use yikao_store::membership::{self, Member};
use yikao_store::{StoreError, Tx, account, school};

use crate::auth::actor::{Actor, PlatformRole, SchoolRole};
use crate::auth::contact::Contact;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::routes::accounts::me::masked;
use crate::state::App;
use crate::{audit, commands, identities};

/// Somebody who works for a school.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberView {
    /// The account.
    pub account_id: AccountId,
    /// Its number, as screens show it.
    #[schema(required)]
    pub phone_masked: Option<String>,
    /// Its e-mail address, as screens show it.
    #[schema(required)]
    pub email_masked: Option<String>,
    /// The name, where the account says who it is.
    #[schema(required)]
    pub name: Option<String>,
    /// What they may do.
    pub roles: Vec<SchoolRole>,
    /// Since when, ms.
    pub since: Timestamp,
}

/// Gives somebody a role.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// The number or e-mail address of an account.
    #[schema(example = "13800000000")]
    pub contact: String,
    /// What they may do.
    pub role: SchoolRole,
}

/// Which role is taken away.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only this role; otherwise all.
    pub role: Option<SchoolRole>,
}

/// Who works for a school.
#[utoipa::path(get, path = "/schools/{school}/members", tag = "schools",
    params(("school" = SchoolId, Path, description = "A school in which one is an administrator")),
    responses(
        (status = 200, description = "Members, oldest first", body = Vec<MemberView>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such school of this person", body = crate::problem::ProblemBody),
    ))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    Path(school): Path<SchoolId>,
) -> Result<axum::Json<Vec<MemberView>>, Problem> {
    may_manage(&app, &actor, school).await?;
    Ok(axum::Json(views(&app, school).await?))
}

/// Gives an account a role in a school.
#[utoipa::path(post, path = "/schools/{school}/members", tag = "schools", request_body = AddMember,
    params(("school" = SchoolId, Path, description = "A school in which one is an administrator")),
    responses(
        (status = 201, description = "The member, with all their roles", body = MemberView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such school of this person, or no account with this number", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn add(
    State(app): State<App>,
    actor: Actor,
    Path(school): Path<SchoolId>,
    Json(form): Json<AddMember>,
) -> Result<(StatusCode, axum::Json<MemberView>), Problem> {
    may_manage(&app, &actor, school).await?;
    let contact_hash = Contact::parse(&form.contact)?.hash(&app.keys);
    let (now, role) = (app.clock.now(), form.role);
    let line =
        audit::line(&app, &actor, Some(school), "member.added", "account", &json!({ "role": role.name() }));
    let asked = (contact_hash, line);
    let added = commands::once(
        &app,
        &actor,
        "schools.member",
        form.command_id,
        asked,
        move |tx, (contact_hash, line)| {
            Box::pin(async move {
                let Some(found) = account::by_contact(tx, contact_hash).await? else {
                    return Ok(Err(RefusalCode::AccountNotFound.into()));
                };
                membership::grant(tx, found.id, school, role.name(), now);
                audit::keep(tx, line, &found.id);
                Ok(Ok(found.id))
            })
        },
    );
    let added: AccountId = added.await?;
    app.logins.forget(added);
    let member = views(&app, school).await?.into_iter().find(|member| member.account_id == added);
    Ok((StatusCode::CREATED, axum::Json(member.ok_or_else(Problem::not_found)?)))
}

/// Takes a member's role, or all of them, away. The last administrator stays.
#[utoipa::path(delete, path = "/schools/{school}/members/{account}", tag = "schools",
    params(("school" = SchoolId, Path, description = "A school in which one is an administrator"),
        ("account" = AccountId, Path, description = "A member"), Which),
    responses(
        (status = 204, description = "Taken away"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such school of this person, or no such member", body = crate::problem::ProblemBody),
        (status = 409, description = "The last administrator", body = crate::problem::ProblemBody),
        (status = 422, description = "No such role", body = crate::problem::ProblemBody),
    ))]
pub async fn remove(
    State(app): State<App>,
    actor: Actor,
    Path((school, account)): Path<(SchoolId, AccountId)>,
    Query(which): Query<Which>,
) -> Result<StatusCode, Problem> {
    may_manage(&app, &actor, school).await?;
    let line =
        audit::line(&app, &actor, Some(school), "member.removed", "account", &json!({ "role": which.role }));
    let done = app.db.write_with(line, move |tx, line| {
        Box::pin(async move {
            let revoked = revoke(tx, school, account, which.role).await?;
            if revoked.is_ok() {
                audit::keep(tx, line, &account);
            }
            Ok(revoked)
        })
    });
    let done: Result<(), Refusal> = done.await?;
    done?;
    app.logins.forget(account);
    Ok(StatusCode::NO_CONTENT)
}

async fn revoke(
    tx: &mut Tx,
    id: SchoolId,
    account: AccountId,
    only: Option<SchoolRole>,
) -> Result<Result<(), Refusal>, StoreError> {
    // One after the other, or two administrators could remove each other at the same moment.
    school::lock(tx, id).await?;
    let members = membership::of_school(tx, id).await?;
    let admin = SchoolRole::Admin.name();
    let is_going =
        |member: &&Member| member.account_id == account && only.is_none_or(|role| role.name() == member.role);
    let going: Vec<_> = members.iter().filter(is_going).collect();
    if going.is_empty() {
        return Ok(Err(RefusalCode::NothingThere.into()));
    }
    let stays = members.iter().any(|member| member.role == admin && !is_going(&member));
    if going.iter().any(|member| member.role == admin) && !stays {
        return Ok(Err(RefusalCode::MemberLastAdmin.into()));
    }
    for member in going {
        membership::revoke(tx, account, id, &member.role).await?;
    }
    Ok(Ok(()))
}

async fn may_manage(app: &App, actor: &Actor, school: SchoolId) -> Result<(), Problem> {
    if !actor.platform_roles.contains(&PlatformRole::Operator) {
        return actor.require(school, &[SchoolRole::Admin]);
    }
    let found = school::get(&mut app.db.reader().await?, school).await?;
    found.map(drop).ok_or_else(Problem::not_found)
}

async fn views(app: &App, school: SchoolId) -> Result<Vec<MemberView>, Problem> {
    let rows = membership::of_school(&mut app.db.reader().await?, school).await?;
    let mut views: Vec<MemberView> = Vec::new();
    for row in rows {
        let role = SchoolRole::parse(&row.role);
        match views.iter_mut().find(|view| view.account_id == row.account_id) {
            Some(view) => view.roles.extend(role),
            None => views.push(one(app, &row, role).await?),
        }
    }
    Ok(views)
}

async fn one(app: &App, row: &Member, role: Option<SchoolRole>) -> Result<MemberView, Problem> {
    let masked = masked(app, row.account_id).await?;
    let who = identities::of(app, CandidateId::from_uuid(*row.account_id.as_uuid())).await?;
    Ok(MemberView {
        account_id: row.account_id,
        phone_masked: masked.phone,
        email_masked: masked.email,
        name: who.map(|who| who.name),
        roles: role.into_iter().collect(),
        since: row.created_at,
    })
}
