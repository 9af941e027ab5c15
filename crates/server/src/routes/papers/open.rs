//! `POST /sittings/{sitting}/papers`: opens a subject's paper. The questions are drawn, and reading begins.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, SittingId, SubjectId};
use yikao_domain::seal::Hash32;
use yikao_domain::sitting::Command;

use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::keyring::random;
use crate::language::Reader;
use crate::papers::{self, PaperKeys};
use crate::problem::Problem;
use crate::sittings::command::{self, Given};
use crate::sittings::view::SittingView;
use crate::state::App;

/// Opens a subject's paper.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPaper {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Of which subject.
    pub subject_id: SubjectId,
}

/// A paper that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperOpened {
    /// The sitting as it stands.
    pub sitting: SittingView,
    /// What opens the candidate's own questions.
    pub keys: PaperKeys,
}

/// Opens a subject's paper: the questions are drawn, once and for all, and reading begins.
#[utoipa::path(post, path = "/sittings/{sitting}/papers", tag = "papers", request_body = OpenPaper,
    params(("sitting" = SittingId, Path, description = "One's own sitting")),
    responses(
        (status = 200, description = "Open; opening again gives the same questions", body = PaperOpened),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting or subject, or nothing is asked in it", body = crate::problem::ProblemBody),
        (status = 409, description = "Not its turn yet …", body = crate::problem::ProblemBody),
        (status = 410, description = "The time is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn open(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<OpenPaper>,
) -> Result<axum::Json<PaperOpened>, Problem> {
    command::load_own(&app, sitting, actor.candidate()).await?;
    let given = Given {
        sitting,
        command_id: Some(form.command_id),
        actor: actor.signature(),
        device: Some(actor.device),
    };
    let order = Command::OpenPaper { subject_id: form.subject_id, seed: Hash32(random()?) };
    let done = command::run(&app, given, order, Box::new(|_, _, _, _| ())).await?;
    let keys = papers::keys(&app, &done.loaded, form.subject_id)?;
    Ok(axum::Json(PaperOpened { sitting: command::view(&app, &done.loaded, &reader).await?, keys }))
}
