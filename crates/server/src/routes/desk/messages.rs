//! `/desk/conversations` and `/desk/candidates/{candidate}/messages`: the desk and candidates write to each other.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::id::CandidateId;
use yikao_domain::time::Timestamp;
use yikao_store::{account, desk_message};

use crate::audit;
use crate::auth::actor::Actor;
use crate::desk_messages::{self, DeskMessageView, WriteMessage};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::routes::console::people;
use crate::state::App;

/// Conversations that are shown.
const SHOWN: u32 = 100;

/// A candidate with whom the desk has messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationView {
    /// Who.
    pub candidate_id: CandidateId,
    /// Their name, where they have said it.
    pub candidate_name: String,
    /// Messages that nobody at the desk has read.
    pub unread: i64,
    /// Since when the oldest of them waits, ms.
    #[schema(required)]
    pub waiting_since: Option<Timestamp>,
    /// When the newest was written, ms.
    pub last_at: Timestamp,
    /// Whether the candidate is in a formal sitting that is open now.
    pub urgent: bool,
}

/// Conversations, unanswered ones first, those of candidates in an open formal sitting before all.
#[utoipa::path(get, path = "/desk/conversations", tag = "desk",
    responses(
        (status = 200, description = "Conversations", body = Vec<ConversationView>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
    ))]
pub async fn conversations(
    State(app): State<App>,
    actor: Actor,
) -> Result<axum::Json<Vec<ConversationView>>, Problem> {
    super::require(&actor)?;
    let found = desk_message::conversations(&mut app.db.reader().await?, SHOWN).await?;
    let mut views = Vec::with_capacity(found.len());
    for one in found {
        let who = people::identity(&app, one.candidate_id).await?;
        views.push(ConversationView {
            candidate_id: one.candidate_id,
            candidate_name: who.map(|who| who.name).unwrap_or_default(),
            unread: one.unread,
            waiting_since: one.waiting_since,
            last_at: one.last_at,
            urgent: one.urgent_since.is_some(),
        });
    }
    audit::looked(&app, &actor, None, "desk.conversations", "desk", "conversations".to_owned()).await?;
    Ok(axum::Json(views))
}

/// The messages with a candidate, oldest first.
#[utoipa::path(get, path = "/desk/candidates/{candidate}/messages", tag = "desk",
    params(("candidate" = CandidateId, Path, description = "A candidate")),
    responses(
        (status = 200, description = "Messages, oldest first", body = Vec<DeskMessageView>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such candidate", body = crate::problem::ProblemBody),
    ))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    Path(candidate): Path<CandidateId>,
) -> Result<axum::Json<Vec<DeskMessageView>>, Problem> {
    super::require(&actor)?;
    let messages = desk_messages::list(&app, candidate, true).await?;
    audit::looked(&app, &actor, None, "desk.messages", "candidate", candidate.to_string()).await?;
    Ok(axum::Json(messages))
}

/// Writes to a candidate.
#[utoipa::path(post, path = "/desk/candidates/{candidate}/messages", tag = "desk", request_body = WriteMessage,
    params(("candidate" = CandidateId, Path, description = "A candidate")),
    responses(
        (status = 201, description = "The candidate is told", body = Vec<DeskMessageView>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such candidate, or no such review of theirs", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn write(
    State(app): State<App>,
    actor: Actor,
    Path(candidate): Path<CandidateId>,
    Json(form): Json<WriteMessage>,
) -> Result<(StatusCode, axum::Json<Vec<DeskMessageView>>), Problem> {
    super::require(&actor)?;
    let id = yikao_domain::id::AccountId::from_uuid(*candidate.as_uuid());
    account::get(&mut app.db.reader().await?, id).await?.ok_or_else(Problem::not_found)?;
    desk_messages::write(&app, &actor, candidate, true, form).await?;
    Ok((StatusCode::CREATED, axum::Json(desk_messages::list(&app, candidate, true).await?)))
}
