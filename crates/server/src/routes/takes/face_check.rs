//! `POST /sittings/{sitting}/face-checks`: a picture from the camera, just before a take (F4, F5).

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};
use yikao_domain::consent::ConsentKind;
use yikao_domain::face::{FaceCause, FaceOutcome};
use yikao_domain::id::{CommandId, FaceCheckId, PictureId, SittingId, SubjectId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::standing::{self as rules, FaceMode, FaceRule, Step};
use yikao_store::Tx;
use yikao_store::face::{self, Check};
use yikao_store::picture;

use crate::auth::actor::Actor;
use crate::commands::{self, Outcome};
use crate::consents::{self, Agreed};
use crate::extract::{Path, Query};
use crate::faces::{self, Judged};
use crate::language::Reader;
use crate::pictures;
use crate::problem::{Problem, RefusalView};
use crate::sittings::command;
use crate::state::App;

/// The largest picture, in bytes: a frame of a phone's camera is a tenth of it.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The command's name.
const NAME: &str = "takes.face_check";
/// How long a picture waits for its turn to be taken.
const PATIENCE: Duration = Duration::from_secs(10);
/// How every JPEG begins.
const JPEG: [u8; 2] = [0xff, 0xd8];

/// For which subject, under which id.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Made by the client; repeated, the check counts once.
    #[param(value_type = String, format = Uuid)]
    pub command_id: CommandId,
    /// For which subject.
    #[param(value_type = String, format = Uuid)]
    pub subject_id: SubjectId,
}

/// What came of a check.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaceCheckView {
    /// The check; a take may begin with it where `next` says so.
    pub id: FaceCheckId,
    /// What the machine says.
    pub outcome: FaceOutcome,
    /// What follows.
    pub next: Step,
    /// What happened and what to do, where it was no plain pass.
    #[schema(required)]
    pub words: Option<RefusalView>,
}

/// What is kept of it, for when it is sent again.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Made {
    id: FaceCheckId,
    outcome: FaceOutcome,
    next: Step,
    #[serde(default)]
    cause: Option<String>,
}

/// A check on its way.
struct Asking {
    app: App,
    actor: Actor,
    sitting: SittingId,
    subject: SubjectId,
    rule: FaceRule,
    judged: Judged,
    picture_id: Option<PictureId>,
    agreed: Agreed,
}

/// Looks at the face before a take.
#[utoipa::path(post, path = "/sittings/{sitting}/face-checks", tag = "takes",
    request_body(content = Vec<u8>, content_type = "image/jpeg", description = "A JPEG of the camera's picture"),
    params(("sitting" = SittingId, Path, description = "One's own sitting"), Asked),
    responses(
        (status = 201, description = "What came of it; no attempt is used", body = FaceCheckView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps, or without the consent for faces", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting or subject", body = crate::problem::ProblemBody),
        (status = 409, description = "The red bar stands in the way, or no check is asked for", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "No JPEG", body = crate::problem::ProblemBody),
        (status = 429, description = "Too often", body = crate::problem::ProblemBody),
    ))]
pub async fn check(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<(StatusCode, axum::Json<FaceCheckView>), Problem> {
    let loaded = command::load_own(&app, sitting, actor.candidate()).await?;
    let policy = &loaded.context.subject(asked.subject_id)?.policy;
    let rule = FaceRule::of(policy, loaded.context.session.kind);
    if !rule.wants_check() {
        return Err(Problem::new(RefusalCode::FaceNotAsked));
    }
    let agreed = consents::require(&app, actor.candidate(), ConsentKind::Faces).await?;
    // What was answered before is answered again, and not looked at.
    let given = commands::was_given(&app, &actor, NAME, asked.command_id).await?;
    if !given {
        faces::standing(&mut app.db.reader().await?, actor.account).await?.0.may_start(&rule)?;
    }
    let picture = picture_of(&app, &actor, request).await?;
    let how = if given { FaceMode::Off } else { rule.mode };
    let judged = faces::judge(&app, &actor, how, picture.clone()).await?;
    let picture_id = for_the_desk(&app, &actor, &judged, &agreed, picture).await?;
    let subject = asked.subject_id;
    let (by, with) = (actor.clone(), app.clone());
    let asking = Asking { app: with, actor: by, sitting, subject, rule, judged, picture_id, agreed };
    let made = commands::once(&app, &actor, NAME, asked.command_id, asking, |tx, asking| {
        Box::pin(async move { weigh(tx, asking).await })
    });
    let made = made.await?;
    let words = words(&made).map(|words| RefusalView::new(&words, &reader));
    let view = FaceCheckView { id: made.id, outcome: made.outcome, next: made.next, words };
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// The JPEG that a request brings; a few are taken at a time, and not many of one account.
///
/// # Errors
/// `request.too_often`, `request.too_large`; the body where it is no JPEG.
pub(super) async fn picture_of(app: &App, actor: &Actor, request: Request) -> Result<Bytes, Problem> {
    app.limits.frames.take(&actor.account).map_err(Problem::too_often)?;
    let _turn = timeout(PATIENCE, app.uploads.acquire()).await.map_err(|_| Problem::too_often(PATIENCE))?;
    let body = Limited::new(request.into_body(), MAX_BYTES).collect().await;
    let picture = body.map_err(|_| Problem::too_large(MAX_BYTES))?.to_bytes();
    if picture.starts_with(&JPEG) { Ok(picture) } else { Err(Problem::field("body", "not a JPEG")) }
}

/// Keeps the picture of a face that was taken for another's: the desk may be asked, and then has to see it.
async fn for_the_desk(
    app: &App,
    actor: &Actor,
    judged: &Judged,
    agreed: &Agreed,
    picture: Bytes,
) -> Result<Option<PictureId>, Problem> {
    if judged.outcome != FaceOutcome::Fail {
        return Ok(None);
    }
    Ok(Some(pictures::of_camera(app, actor.candidate(), agreed.clone(), picture).await?))
}

/// What the answer does to the standing, kept with the check.
async fn weigh(tx: &mut Tx, asking: &Asking) -> Outcome<Made> {
    let Asking { app, actor, rule, judged, agreed, .. } = asking;
    let now = app.clock.now();
    if let Err(refusal) = consents::still(tx, actor.candidate(), agreed).await? {
        return Ok(Err(refusal));
    }
    let (before, row) = faces::standing(tx, actor.account).await?;
    let weighed = if faces::is_unseen(judged) {
        rules::unseen(&before, rule)
    } else {
        rules::take(&before, rule, judged.outcome, now)
    };
    let (after, next) = match weighed {
        Ok(weighed) => weighed,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if after != before {
        faces::keep_standing(tx, actor.account, row.as_ref(), &after, now)?;
    }
    let made = Made {
        id: FaceCheckId::from_uuid(app.clock.new_uuid()),
        outcome: judged.outcome,
        next,
        cause: judged.cause.clone(),
    };
    if let Some(id) = asking.picture_id {
        if let Err(refusal) = pictures::keep(tx, actor.candidate(), &[id]).await? {
            return Ok(Err(refusal));
        }
        picture::let_go(tx, id, now + pictures::AFTERWARDS);
    }
    face::insert_check(tx, &kept(asking, &made));
    Ok(Ok(made))
}

fn kept(asking: &Asking, made: &Made) -> Check {
    Check {
        id: made.id,
        account_id: asking.actor.account,
        login_id: asking.actor.login,
        sitting_id: Some(asking.sitting),
        subject_id: Some(asking.subject),
        take_id: None,
        purpose: "take".to_owned(),
        mode: asking.rule.mode.code().to_owned(),
        outcome: made.outcome.code().to_owned(),
        lets_begin: matches!(made.next, Step::Clear { .. }),
        cause: asking.judged.cause.clone(),
        distance: asking.judged.distance,
        picture_id: asking.picture_id.map(|id| id.to_string()),
        at: asking.app.clock.now(),
    }
}

fn words(made: &Made) -> Option<Refusal> {
    match made.next {
        Step::Clear { flagged: false } => None,
        Step::Clear { flagged: true } => Some(RefusalCode::FaceFlagged.into()),
        Step::Again { left: Some(left) } => Some(Refusal::new(RefusalCode::FaceFailed).with("left", left)),
        Step::Again { left: None } => {
            let cause = made.cause.as_deref().and_then(FaceCause::named);
            Some(cause.map_or(RefusalCode::FaceCannotTell, FaceCause::code).into())
        }
        Step::Struck => Some(RefusalCode::FaceStruck.into()),
    }
}
