//! A lost number or mailbox: only an agent puts another in its place, with evidence; its person is told by both.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::id::{AccountId, CandidateId, CommandId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::contact::{self, ContactChange};
use yikao_store::message;

use super::logins::Named;
use super::me::masked;
use crate::auth::actor::{Actor, PlatformRole};
use crate::auth::contact::Contact;
use crate::extract::{Json, Path};
use crate::messenger::{self, Words};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::{audit, commands, identities};

/// How long it is tried to tell a person.
const NOTICE_LIFE: Millis = Millis::hours(72);
/// The longest evidence, in characters.
const EVIDENCE_MAX: usize = 2000;

/// Looks an account up.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookUpAccount {
    /// Its number, its e-mail address, or the document number that it authenticated.
    #[schema(max_length = 254)]
    pub account: String,
}

/// An account as an agent sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountBrief {
    /// The account.
    pub account_id: AccountId,
    /// The name, where the account says who it is.
    #[schema(required)]
    pub name: Option<String>,
    /// Its number, as screens show it.
    #[schema(required)]
    pub phone_masked: Option<String>,
    /// Its e-mail address, as screens show it.
    #[schema(required)]
    pub email_masked: Option<String>,
    /// What agents changed before, newest first.
    pub changes: Vec<ContactChangeView>,
}

/// A contact that was put in another's place.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactChangeView {
    /// When, ms.
    pub at: Timestamp,
    /// What was there before, as screens show it; none where nothing was.
    #[schema(required)]
    pub before_masked: Option<String>,
    /// What came, as screens show it.
    pub after_masked: String,
    /// What showed that it was right.
    pub evidence: String,
}

/// Puts another number or address in the place of the account's.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeContact {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// The new number or e-mail address; it takes the place of the one of its kind.
    #[schema(max_length = 254)]
    pub contact: String,
    /// What shows that it is the account's person who asks: which documents were seen, by which way.
    #[schema(min_length = 1, max_length = 2000)]
    pub evidence: String,
}

/// What is kept of a change, under the candidate's key.
#[derive(Serialize, Deserialize)]
struct Closed {
    before: Option<String>,
    after: String,
    evidence: String,
}

/// Looks an account up, to change how its person is reached. Every look is logged.
#[utoipa::path(post, path = "/desk/account-lookups", tag = "desk", request_body = LookUpAccount, responses(
    (status = 200, description = "The account", body = AccountBrief),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Only for agents, or not from one of the apps", body = crate::problem::ProblemBody),
    (status = 404, description = "No such account", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
))]
pub async fn look_up(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<LookUpAccount>,
) -> Result<axum::Json<AccountBrief>, Problem> {
    actor.require_platform(PlatformRole::Agent)?;
    let named = Named::read(&app, &form.account)?;
    let found = named.accounts(&mut app.db.reader().await?).await?;
    let account = found.first().ok_or_else(|| Problem::new(RefusalCode::AccountNotFound))?.id;
    let line = audit::line(&app, &actor, None, "account.looked_up", "account", &json!({}));
    let kept = app.db.write_with(line, move |tx, line| {
        Box::pin(async move {
            audit::keep(tx, line, &account);
            Ok(())
        })
    });
    kept.await?;
    Ok(axum::Json(brief(&app, account).await?))
}

/// Puts another number or address in the place of an account's; its person is told by the old one and the new.
#[utoipa::path(post, path = "/desk/accounts/{account}/contact-changes", tag = "desk", request_body = ChangeContact,
    params(("account" = AccountId, Path, description = "An account that was looked up")),
    responses(
        (status = 201, description = "It is changed", body = AccountBrief),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Only for agents, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such account", body = crate::problem::ProblemBody),
        (status = 409, description = "Another account has it", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn change(
    State(app): State<App>,
    actor: Actor,
    Path(account): Path<AccountId>,
    Json(form): Json<ChangeContact>,
) -> Result<(StatusCode, axum::Json<AccountBrief>), Problem> {
    actor.require_platform(PlatformRole::Agent)?;
    let evidence = form.evidence.trim();
    if evidence.is_empty() || evidence.chars().count() > EVIDENCE_MAX {
        return Err(Problem::malformed(vec![FieldError::new("evidence", "1 to 2000 characters are wanted")]));
    }
    let after = Contact::parse(&form.contact)?;
    let change = Change::prepare(&app, &actor, account, &after, evidence).await?;
    let changed = commands::once(
        &app,
        &actor,
        "accounts.contact_change",
        form.command_id,
        (app.clone(), change),
        |tx, (app, change)| {
            Box::pin(async move {
                if !contact::replace(tx, &change.new).await? {
                    return Ok(Err(Refusal::new(RefusalCode::AccountExists)));
                }
                contact::note_change(tx, &change.row);
                audit::keep(tx, &change.line, &change.new.account_id);
                for notice in &change.notices {
                    messenger::post(tx, app, notice);
                }
                Ok(Ok(()))
            })
        },
    );
    changed.await?;
    Ok((StatusCode::CREATED, axum::Json(brief(&app, account).await?)))
}

struct Change {
    new: contact::Contact,
    row: ContactChange,
    line: yikao_store::audit::AuditEntry,
    notices: Vec<message::Message>,
}

impl Change {
    async fn prepare(
        app: &App,
        actor: &Actor,
        account: AccountId,
        after: &Contact,
        evidence: &str,
    ) -> Result<Self, Problem> {
        let candidate = CandidateId::from_uuid(*account.as_uuid());
        let key = identities::key_of(app, &mut app.db.reader().await?, candidate).await?;
        let rows = contact::of_account(&mut app.db.reader().await?, account).await?;
        let before = rows.iter().find(|row| row.kind == after.kind());
        let before = before.map(|row| Contact::open(&app.keys, row)).transpose()?;
        let (id, now) = (app.clock.new_uuid(), app.clock.now());
        let closed = Closed {
            before: before.as_ref().map(|before| before.text().to_owned()),
            after: after.text().to_owned(),
            evidence: evidence.to_owned(),
        };
        let row = ContactChange {
            id,
            account_id: account,
            kind: after.kind().to_owned(),
            changed_by: actor.account,
            cipher: key.close(&context(id), &serde_json::to_vec(&closed)?)?,
            at: now,
        };
        let detail = json!({ "kind": after.kind(), "change": id });
        let words = notice(after);
        let told = before.iter().chain([after]).map(|to| messenger::prepare(app, to, &words, NOTICE_LIFE));
        let notices: Result<Vec<_>, Problem> = told.collect();
        Ok(Self {
            new: after.close(&app.keys, account, now)?,
            row,
            line: audit::line(app, actor, None, "contact.changed", "account", &detail),
            notices: notices?.into_iter().flatten().collect(),
        })
    }
}

fn notice(after: &Contact) -> Words {
    let masked = after.masked();
    let (kind, english) = match after {
        Contact::Phone(_) => ("手机号", "phone number"),
        Contact::Email(_) => ("电子邮箱", "e-mail address"),
    };
    Words::Notice {
        chinese: format!("您账号的{kind}已由客服更换为 {masked}。如果不是您本人申请的，请立即联系客服。"),
        english: format!(
            "Support has changed the {english} of your account to {masked}. If you did not ask for this, contact support at once."
        ),
    }
}

async fn brief(app: &App, account: AccountId) -> Result<AccountBrief, Problem> {
    let candidate = CandidateId::from_uuid(*account.as_uuid());
    let masked = masked(app, account).await?;
    let who = identities::of(app, candidate).await?;
    let rows = contact::changes_of(&mut app.db.reader().await?, account).await?;
    let key = identities::key_of(app, &mut app.db.reader().await?, candidate).await?;
    let view = |row: &ContactChange| -> Result<ContactChangeView, Problem> {
        let closed: Closed = serde_json::from_slice(&key.open(&context(row.id), &row.cipher)?)?;
        let masked = |text: &str| Contact::parse(text).map(|contact| contact.masked());
        Ok(ContactChangeView {
            at: row.at,
            before_masked: closed.before.as_deref().map(masked).transpose()?,
            after_masked: masked(&closed.after)?,
            evidence: closed.evidence,
        })
    };
    let changes: Result<Vec<_>, Problem> = rows.iter().map(view).collect();
    Ok(AccountBrief {
        account_id: account,
        name: who.map(|who| who.name),
        phone_masked: masked.phone,
        email_masked: masked.email,
        changes: changes?,
    })
}

fn context(id: uuid::Uuid) -> String {
    format!("contact-change:{id}")
}
