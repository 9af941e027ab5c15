//! `/me/face-challenges`: enrolment of one's face, step by step (F1, C14). The person at the desk is the other road.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use http_body_util::{BodyExt, Limited};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yikao_domain::face::{FaceCause, FaceOutcome, Motion};
use yikao_domain::id::FaceChallengeId;
use yikao_domain::refusal::Refusal;
use yikao_domain::standing::Step;
use yikao_domain::time::Timestamp;

use crate::auth::actor::Actor;
use crate::extract::{Json, Path, Query};
use crate::faces::verification::{self, Made, Seen};
use crate::language::Reader;
use crate::problem::{Problem, RefusalView};
use crate::routes::takes::Bare;
use crate::state::App;

/// The largest frame, in bytes: one of a phone's camera is a tenth of it.
const MAX_BYTES: usize = 1024 * 1024;

/// A challenge.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaceChallengeView {
    /// Its id.
    pub id: FaceChallengeId,
    /// What to do after a straight look, in order; left and right are one's own.
    pub steps: Vec<Motion>,
    /// Until when, ms.
    pub expires_at: Timestamp,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// Which frame.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Numbered {
    /// From 1, one more than the frames that count; sent again, it is the same frame.
    #[param(minimum = 1)]
    pub number: u32,
}

/// How far a challenge is after a frame.
#[derive(Debug, Serialize, ToSchema)]
pub struct FrameView {
    /// Frames that count; the first is the straight look.
    pub frames: u32,
    /// Steps that were seen.
    pub steps_done: u32,
    /// Whether all were: finish now.
    pub complete: bool,
    /// What keeps the straight look from being taken, and what to do.
    #[schema(required)]
    pub words: Option<RefusalView>,
    /// What came of the challenge, where this frame ended it.
    #[schema(required)]
    pub result: Option<FaceEnrolmentView>,
}

/// What came of a challenge.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaceEnrolmentView {
    /// What the machine says.
    pub outcome: FaceOutcome,
    /// What follows.
    pub next: Step,
    /// What happened and what to do, where it was no plain pass.
    #[schema(required)]
    pub words: Option<RefusalView>,
}

/// Begins a challenge: random, for this device, used once, and over in two minutes.
#[utoipa::path(post, path = "/me/face-challenges", tag = "faces", request_body = Bare, responses(
    (status = 201, description = "What to do; another challenge that was open is over", body = FaceChallengeView),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps, or without the consent for faces", body = crate::problem::ProblemBody),
    (status = 409, description = "Verified, only the desk can help, or nothing to compare with", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    (status = 429, description = "Too often", body = crate::problem::ProblemBody),
))]
pub async fn begin(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<Bare>,
) -> Result<(StatusCode, axum::Json<FaceChallengeView>), Problem> {
    let begun = verification::begin(&app, &actor, form.command_id).await?;
    let view = FaceChallengeView {
        id: begun.id,
        steps: begun.steps.steps().to_vec(),
        expires_at: begun.expires_at,
        server_time: app.clock.now(),
    };
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Shows a frame of the camera's picture.
#[utoipa::path(post, path = "/me/face-challenges/{challenge}/frames", tag = "faces",
    request_body(content = Vec<u8>, content_type = "image/jpeg", description = "A JPEG of the camera's picture"),
    params(("challenge" = FaceChallengeId, Path, description = "One's own challenge, on this device"), Numbered),
    responses(
        (status = 200, description = "How far the challenge is", body = FrameView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps, or without the consent for faces", body = crate::problem::ProblemBody),
        (status = 404, description = "No such challenge on this device", body = crate::problem::ProblemBody),
        (status = 409, description = "Verified meanwhile, or only the desk can help", body = crate::problem::ProblemBody),
        (status = 410, description = "The challenge is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "No picture", body = crate::problem::ProblemBody),
        (status = 429, description = "Too often", body = crate::problem::ProblemBody),
        (status = 500, description = "Faces cannot be looked at here", body = crate::problem::ProblemBody),
        (status = 503, description = "Too many pictures wait to be looked at", body = crate::problem::ProblemBody),
    ))]
pub async fn frame(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<FaceChallengeId>,
    Query(which): Query<Numbered>,
    request: Request,
) -> Result<axum::Json<FrameView>, Problem> {
    app.limits.frames.take(&actor.account).map_err(Problem::too_often)?;
    let body = Limited::new(request.into_body(), MAX_BYTES).collect().await;
    let picture = body.map_err(|_| Problem::too_large(MAX_BYTES))?.to_bytes();
    let seen = verification::see(&app, &actor, id, which.number as usize, picture).await?;
    Ok(axum::Json(frame_view(&seen, &reader)))
}

/// Ends a challenge and compares the living face with the document. Asked again, the answer is the same.
#[utoipa::path(post, path = "/me/face-challenges/{challenge}/finish", tag = "faces", request_body = Bare,
    params(("challenge" = FaceChallengeId, Path, description = "One's own challenge, on this device")),
    responses(
        (status = 200, description = "What came of it", body = FaceEnrolmentView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps, or without the consent for faces", body = crate::problem::ProblemBody),
        (status = 404, description = "No such challenge on this device", body = crate::problem::ProblemBody),
        (status = 409, description = "Verified meanwhile, or only the desk can help", body = crate::problem::ProblemBody),
        (status = 410, description = "The challenge is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
        (status = 500, description = "Faces cannot be looked at here", body = crate::problem::ProblemBody),
        (status = 503, description = "Too many pictures wait to be looked at", body = crate::problem::ProblemBody),
    ))]
pub async fn finish(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<FaceChallengeId>,
    _form: Json<Bare>,
) -> Result<axum::Json<FaceEnrolmentView>, Problem> {
    let made = verification::finish(&app, &actor, id).await?;
    Ok(axum::Json(enrolment_view(&made, &reader)))
}

fn frame_view(seen: &Seen, reader: &Reader) -> FrameView {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    FrameView {
        frames: count(seen.frames),
        steps_done: count(seen.steps_done),
        complete: seen.complete,
        words: seen.cause.map(|cause| words(cause, reader)),
        result: seen.made.as_ref().map(|made| enrolment_view(made, reader)),
    }
}

fn enrolment_view(made: &Made, reader: &Reader) -> FaceEnrolmentView {
    let first = made.causes.first().copied();
    FaceEnrolmentView {
        outcome: made.outcome,
        next: made.next,
        words: first.map(|cause| words(cause, reader)),
    }
}

fn words(cause: FaceCause, reader: &Reader) -> RefusalView {
    RefusalView::new(&Refusal::new(cause.code()), reader)
}
