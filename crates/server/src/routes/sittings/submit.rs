//! `POST /sittings/{sitting}/submissions`: chooses the take that counts; final for the candidate (N3).

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, SittingId, SubjectId, SubmissionId, TakeId};
use yikao_domain::signed::Signed;
use yikao_domain::sitting::Command;

use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::command::{self, Given};
use crate::sittings::receipt;
use crate::sittings::view::SittingView;
use crate::state::App;

/// Submits a take for a subject.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// For which subject.
    pub subject_id: SubjectId,
    /// Which take.
    pub take_id: TakeId,
}

/// A submission that stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Submitted {
    /// The sitting as it stands.
    pub sitting: SittingView,
    /// The server's signed word on it, for the candidate to keep.
    pub receipt: Signed,
}

/// Submits a take.
#[utoipa::path(post, path = "/sittings/{sitting}/submissions", tag = "sittings", request_body = Submit,
    params(("sitting" = SittingId, Path, description = "One's own sitting")),
    responses(
        (status = 201, description = "Submitted; its footage may still be on the way", body = Submitted),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting, subject or take", body = crate::problem::ProblemBody),
        (status = 409, description = "Submitted before, take lost …", body = crate::problem::ProblemBody),
        (status = 410, description = "The time is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn submit(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<Submit>,
) -> Result<(StatusCode, axum::Json<Submitted>), Problem> {
    command::load_own(&app, sitting, actor.candidate()).await?;
    let submission_id = SubmissionId::from_uuid(app.clock.new_uuid());
    let Submit { subject_id, take_id, command_id } = form;
    let order = Command::Submit { subject_id, take_id, submission_id };
    let given =
        Given { sitting, command_id: Some(command_id), actor: actor.signature(), device: Some(actor.device) };
    let own = app.clone();
    let extra: command::Extra<Signed> =
        Box::new(move |tx, loaded, _, now| receipt::keep_submission(tx, &own, loaded, submission_id, now));
    let done = command::run(&app, given, order, extra).await?;
    let sitting = command::view(&app, &done.loaded, &reader).await?;
    Ok((StatusCode::CREATED, axum::Json(Submitted { sitting, receipt: done.answer })))
}
