//! `GET /operator/messages`: the embedded messenger's outbox, for the operator to read out.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use yikao_domain::time::Timestamp;
use yikao_store::message::{self, Message};

use crate::auth::actor::{Actor, PlatformRole};
use crate::messenger;
use crate::problem::Problem;
use crate::state::App;

/// Most messages in one answer.
const MOST: u32 = 200;

/// A message that has not expired.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    /// The message.
    pub id: Uuid,
    /// To which number or address.
    pub to: String,
    /// Its text.
    pub text: String,
    /// The code in it.
    #[schema(required)]
    pub code: Option<String>,
    /// When it was sent, ms.
    pub created_at: Timestamp,
    /// Until when it is kept, ms.
    pub expires_at: Timestamp,
}

/// Messages that have not expired, newest first.
#[utoipa::path(get, path = "/operator/messages", tag = "operator", responses(
    (status = 200, description = "Messages, newest first", body = Vec<MessageView>),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Only for operators", body = crate::problem::ProblemBody),
))]
pub async fn messages(State(app): State<App>, actor: Actor) -> Result<axum::Json<Vec<MessageView>>, Problem> {
    actor.require_platform(PlatformRole::Operator)?;
    let rows = message::current(&mut app.db.reader().await?, app.clock.now(), MOST).await?;
    let views: Result<Vec<_>, Problem> = rows.into_iter().map(|row| view(&app, &row)).collect();
    Ok(axum::Json(views?))
}

fn view(app: &App, row: &Message) -> Result<MessageView, Problem> {
    let (to, words) = messenger::open(app, row)?;
    Ok(MessageView {
        id: row.id,
        to: to.text().to_owned(),
        code: words.code().map(str::to_owned),
        text: words.text(),
        created_at: row.created_at,
        expires_at: row.expires_at,
    })
}
