//! `POST /sittings/{sitting}/submissions`: chooses the take that counts; final for the candidate (N3).

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, SittingId, SubjectId, SubmissionId, TakeId};
use yikao_domain::signed::Signed;
use yikao_domain::sitting::Command;
use yikao_domain::time::Timestamp;

use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::keyring::Keyring;
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::command::{self, Given, Loaded};
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
    let given = Given { sitting, command_id: Some(command_id), actor: actor.signature() };
    let own = app.clone();
    let extra: command::Extra<Signed> = Box::new(move |tx, loaded, _, now| {
        let signed = word(&own.keys, loaded, subject_id, submission_id, now);
        receipt::keep(tx, &own, loaded, Some(subject_id), "submission", &signed, now);
        signed
    });
    let done = command::run(&app, given, order, extra).await?;
    let sitting = command::view(&app, &done.loaded, &reader).await?;
    Ok((StatusCode::CREATED, axum::Json(Submitted { sitting, receipt: done.answer })))
}

/// What the server says of a submission: which take, with which ends, at what time.
fn word(
    keys: &Keyring,
    loaded: &Loaded,
    subject_id: SubjectId,
    submission_id: SubmissionId,
    now: Timestamp,
) -> Signed {
    let sitting = &loaded.sitting;
    let submission = sitting.submission(submission_id).map(|(_, submission)| submission);
    let take = submission.and_then(|submission| sitting.take(submission.take_id)).map(|(_, take)| take);
    let parts: Vec<_> = take
        .map(|take| take.parts.iter().map(|part| json!({ "part": part.id, "end": part.end })).collect())
        .unwrap_or_default();
    keys.sign(&json!({
        "kind": "submission",
        "sitting": sitting.id,
        "exam": loaded.row.exam_id,
        "candidate": loaded.row.candidate_id,
        "subject": subject_id,
        "submission": submission_id,
        "revision": submission.map(|submission| submission.revision),
        "take": take.map(|take| take.id),
        "parts": parts,
        "server_time": now,
    }))
}
