//! `POST /operator/activation-codes`: a code to sign up with, handed over by a person where no message gets through.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::id::CommandId;
use yikao_domain::refusal::RefusalCode;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::{account, code};

use crate::auth::actor::{Actor, PlatformRole};
use crate::auth::contact::Contact;
use crate::extract::Json;
use crate::problem::Problem;
use crate::routes::accounts::codes::{Purpose, new_code};
use crate::state::App;
use crate::{audit, commands};

/// How long an activation code can be used.
const LIFE: Millis = Millis::hours(24);

/// Asks for an activation code.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueCode {
    /// Made by the client; repeated, the answer is the same code.
    pub command_id: CommandId,
    /// A number or e-mail address without an account.
    #[schema(example = "13800000000")]
    pub contact: String,
}

/// A code to sign up with.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivationCode {
    /// For which number or address.
    pub contact: String,
    /// The code; it is shown here only.
    pub code: String,
    /// Until when it can be used, ms.
    pub expires_at: Timestamp,
}

/// Makes a code with which a number or address signs up as with one that was sent to it.
#[utoipa::path(post, path = "/operator/activation-codes", tag = "operator", request_body = IssueCode, responses(
    (status = 201, description = "A code, valid for 24 hours", body = ActivationCode),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Only for operators, or not from one of the apps", body = crate::problem::ProblemBody),
    (status = 409, description = "It has an account", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
))]
pub async fn issue(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<IssueCode>,
) -> Result<(StatusCode, axum::Json<ActivationCode>), Problem> {
    actor.require_platform(PlatformRole::Operator)?;
    let contact = Contact::parse(&form.contact)?;
    let digits = digits(&app, &actor, &form, contact.text());
    let row = new_code(&app, &contact, Purpose::Register, &digits, LIFE);
    let line = audit::line(&app, &actor, None, "activation.issued", "code", &json!({}));
    let expires_at = commands::once(
        &app,
        &actor,
        "operator.activation",
        form.command_id,
        (row, line),
        |tx, (row, line)| {
            Box::pin(async move {
                if account::by_contact(tx, &row.contact_hash).await?.is_some() {
                    return Ok(Err(RefusalCode::AccountExists.into()));
                }
                code::insert(tx, row);
                audit::keep(tx, line, &row.id);
                Ok(Ok(row.expires_at))
            })
        },
    );
    let expires_at = expires_at.await?;
    let answer = ActivationCode { contact: contact.text().to_owned(), code: digits, expires_at };
    Ok((StatusCode::CREATED, axum::Json(answer)))
}

/// Six digits that follow from the command, so that its repetition is answered without the code being kept.
fn digits(app: &App, actor: &Actor, form: &IssueCode, contact: &str) -> String {
    let command = format!("{}:{}:{contact}", actor.account, form.command_id);
    let hash = app.keys.lookup_hash("activation", &command);
    let number = u64::from_str_radix(hash.get(..15).unwrap_or_default(), 16).unwrap_or_default();
    format!("{:06}", number % 1_000_000)
}
