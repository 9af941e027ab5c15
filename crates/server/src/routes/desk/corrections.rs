//! `POST /desk/candidates/{candidate}/corrections`: an agent changes what is final, with a reason and evidence (D8).

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::id::{CandidateId, CommandId, PictureId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_store::review;

use crate::auth::actor::{Actor, PlatformRole};
use crate::commands;
use crate::corrections::{self, Changes, Grounds};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::routes::accounts::me::IdentityView;
use crate::state::App;
use crate::{identities, notices, profiles};

/// Changes what is final.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectCandidate {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// What is to hold instead.
    pub changes: Changes,
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Pictures of the candidate's that prove it.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub evidence: Vec<PictureId>,
    /// A review of this candidate's in which it is proven.
    #[serde(default)]
    pub review_id: Option<String>,
}

/// What holds now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Corrected {
    /// Who the candidate is.
    #[schema(required)]
    pub identity: Option<IdentityView>,
    /// What they are this season.
    #[schema(required)]
    pub profile: Option<profiles::ProfileView>,
}

/// Changes what is final of a candidate's.
#[utoipa::path(post, path = "/desk/candidates/{candidate}/corrections", tag = "desk", request_body = CorrectCandidate,
    params(("candidate" = CandidateId, Path, description = "A candidate")),
    responses(
        (status = 200, description = "It holds, and is in the audit log", body = Corrected),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Only for agents, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such candidate, or no such review of theirs", body = crate::problem::ProblemBody),
        (status = 409, description = "Nothing set yet, or another account has the number", body = crate::problem::ProblemBody),
        (status = 410, description = "A picture is gone", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Without a reason or evidence, nothing changed, or malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn correct(
    State(app): State<App>,
    actor: Actor,
    Path(candidate): Path<CandidateId>,
    Json(form): Json<CorrectCandidate>,
) -> Result<axum::Json<Corrected>, Problem> {
    actor.require_platform(PlatformRole::Agent)?;
    identities::key_of(&app, &mut app.db.reader().await?, candidate).await?;
    if let Some(id) = &form.review_id {
        let id = id.parse().map_err(|_| Problem::not_found())?;
        let row = review::get(&mut app.db.reader().await?, id).await?;
        let about = row.filter(|row| row.candidate_id == candidate);
        about.ok_or_else(Problem::not_found)?;
    }
    let grounds =
        Grounds { by: actor.account, reason: form.reason, evidence: form.evidence, review: form.review_id };
    corrections::check_grounds(&app, candidate, &grounds).await?;
    let input = (app.clone(), form.changes, grounds);
    commands::once(
        &app,
        &actor,
        "desk.correction",
        form.command_id,
        input,
        move |tx, (app, changes, grounds)| {
            Box::pin(async move {
                let done = corrections::apply(app, tx, candidate, changes, grounds).await?;
                if done.is_ok() {
                    let told =
                        Refusal::new(RefusalCode::CorrectionMade).with("reason", grounds.reason.clone());
                    notices::tell(app, tx, candidate, Some(grounds.by), &told).await?;
                }
                Ok(done)
            })
        },
    )
    .await?;
    let row = yikao_store::identity::get(&mut app.db.reader().await?, candidate).await?;
    let identity = match row {
        Some(row) => Some(identities::view(&app, row).await?),
        None => None,
    };
    let profile = profiles::state_of(&app, candidate).await?.profile;
    Ok(axum::Json(Corrected { identity, profile }))
}
