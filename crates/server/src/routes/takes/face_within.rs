//! `POST /takes/{take}/face-checks`: a picture from the camera while a take is recorded (F10). What is seen marks the
//! timeline for the reviewers: it stops nothing, strikes nobody, and gives way to the checks that candidates wait for.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use yikao_domain::consent::ConsentKind;
use yikao_domain::id::{FaceCheckId, SittingId, TakeId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::sitting::TakeState;
use yikao_domain::standing::FaceRule;
use yikao_domain::time::Millis;
use yikao_store::Tx;
use yikao_store::face::{self, Check};

use super::face_check::picture_of;
use super::sitting_of;
use crate::auth::actor::Actor;
use crate::commands::Outcome;
use crate::consents::{self, Agreed};
use crate::extract::Path;
use crate::faces::{self, Judged};
use crate::problem::Problem;
use crate::sittings::command;
use crate::state::App;

/// What was seen, on its way to the timeline.
struct Seen {
    actor: Actor,
    agreed: Agreed,
    sitting: SittingId,
    take: TakeId,
    check: Check,
    every: Millis,
}

/// Looks at a face while a take is recorded. A picture outside the recording, or sooner than the exam asks for, is let go.
#[utoipa::path(post, path = "/takes/{take}/face-checks", tag = "takes",
    request_body(content = Vec<u8>, content_type = "image/jpeg", description = "A JPEG of the camera's picture"),
    params(("take" = TakeId, Path, description = "One's own take")),
    responses(
        (status = 204, description = "It was looked at, or did not have to be; nothing changes for the candidate"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps, or without the consent for faces", body = crate::problem::ProblemBody),
        (status = 404, description = "No such take", body = crate::problem::ProblemBody),
        (status = 409, description = "The exam does not ask for it", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "No JPEG", body = crate::problem::ProblemBody),
        (status = 429, description = "Too often", body = crate::problem::ProblemBody),
        (status = 503, description = "Others wait to be looked at: leave this picture out", body = crate::problem::ProblemBody),
    ))]
pub async fn seen(
    State(app): State<App>,
    actor: Actor,
    Path(take_id): Path<TakeId>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let sitting = sitting_of(&app, take_id, actor.candidate()).await?;
    let loaded = command::load_own(&app, sitting, actor.candidate()).await?;
    let (run, take) = loaded.sitting.take(take_id).ok_or_else(Problem::not_found)?;
    let rule = FaceRule::of(&loaded.context.subject(run.subject_id)?.policy, loaded.context.session.kind);
    let Some(every) = rule.within_ms else {
        return Err(Problem::new(RefusalCode::FaceNotAsked));
    };
    let agreed = consents::require(&app, actor.candidate(), ConsentKind::Faces).await?;
    let picture = picture_of(&app, &actor, request).await?;
    let at = app.clock.now();
    let mut tx = app.db.reader().await?;
    let is_early = face::within_since(&mut tx, sitting, take_id, at - half(every)).await?;
    drop(tx);
    if is_early || !matches!(take.state, TakeState::Recording { .. }) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let Judged { outcome, cause, distance } = faces::judge_if_idle(&app, &actor, picture).await?;
    let check = Check {
        id: FaceCheckId::from_uuid(app.clock.new_uuid()),
        account_id: actor.account,
        login_id: actor.login,
        sitting_id: Some(sitting),
        subject_id: Some(run.subject_id),
        take_id: Some(take_id),
        purpose: "during".to_owned(),
        mode: rule.mode.code().to_owned(),
        outcome: outcome.code().to_owned(),
        lets_begin: false,
        cause,
        distance,
        picture_id: None,
        at,
    };
    let seen = Seen { actor, agreed, sitting, take: take_id, check, every };
    let kept: Result<(), Refusal> =
        app.db.write_with(seen, |tx, seen| Box::pin(async move { keep(tx, seen).await })).await?;
    kept?;
    Ok(StatusCode::NO_CONTENT)
}

async fn keep(tx: &mut Tx, seen: &Seen) -> Outcome<()> {
    let Seen { actor, agreed, sitting, take, check, every } = seen;
    if let Err(refusal) = consents::still(tx, actor.candidate(), agreed).await? {
        return Ok(Err(refusal));
    }
    // The same picture may have come twice.
    if !face::within_since(tx, *sitting, *take, check.at - half(*every)).await? {
        face::insert_check(tx, check);
    }
    Ok(Ok(()))
}

/// Phones are not punctual.
fn half(every: Millis) -> Millis {
    Millis(every.as_ms() / 2)
}
