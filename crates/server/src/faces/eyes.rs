//! Whether a picture shows the account's face. What the machine cannot say is "cannot tell": nobody is struck for
//! a bad picture, or for what an installation lacks; the take begins flagged in the end, and people look.

use bytes::Bytes;
use yikao_domain::face::{self as rules, FaceCause, FaceOutcome, Judgement, Look};
use yikao_domain::id::CandidateId;
use yikao_domain::standing::FaceMode;
use yikao_vision::{Patience, VisionError};

use super::references;
use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::state::App;

/// The account's face is known from nothing: the desk vouched for it, or the picture is gone.
const NO_REFERENCE: &str = "no_reference";
/// The installation has no engine.
const NO_ENGINE: &str = "no_engine";

/// What was found of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Whether it is the person.
    pub outcome: FaceOutcome,
    /// Why, where it was no pass: a word of `FaceCause`, or what kept the machine from looking.
    pub cause: Option<String>,
    /// How far the faces are apart, where they were compared.
    pub distance: Option<f64>,
}

/// Compares a picture with what the account is known by; a rehearsal compares nothing (F8). Where so many wait that this
/// one cannot, that is no answer about the picture, and no take waits for it for ever.
pub async fn judge(app: &App, actor: &Actor, mode: FaceMode, picture: Bytes) -> Result<Judged, Problem> {
    if mode != FaceMode::Real {
        return Ok(Judged { outcome: FaceOutcome::Pass, cause: None, distance: None });
    }
    compare(app, actor, picture, Patience::Waits).await
}

/// Compares a picture where nobody waits for the answer. Of several causes the one that reviewers should know first: a
/// performer who turns away hides nobody beside them.
///
/// # Errors
/// `vision.busy` as soon as others are looked at.
pub async fn judge_if_idle(app: &App, actor: &Actor, picture: Bytes) -> Result<Judged, Problem> {
    compare(app, actor, picture, Patience::IfIdle).await
}

/// Whether nobody could look, whatever the picture shows: another one helps nobody.
pub fn is_unseen(judged: &Judged) -> bool {
    matches!(judged.cause.as_deref(), Some(NO_REFERENCE | NO_ENGINE))
}

async fn compare(app: &App, actor: &Actor, picture: Bytes, patience: Patience) -> Result<Judged, Problem> {
    let candidate = CandidateId::from_uuid(*actor.account.as_uuid());
    let known_by = references::of(app, &mut app.db.reader().await?, candidate).await?;
    if known_by.is_empty() {
        return Ok(cannot_tell(NO_REFERENCE));
    }
    let look = match look(app, picture, patience).await? {
        Ok(look) => look,
        Err(cause) => return Ok(cannot_tell(cause)),
    };
    let judgements = known_by.iter().map(|known| rules::judge(known, &look, &app.face_thresholds));
    let Some(nearest) = judgements.min_by(nearer) else { return Ok(cannot_tell(NO_REFERENCE)) };
    Ok(if patience == Patience::IfIdle { of_several(nearest) } else { nearest.into() })
}

/// What is seen in a picture, or why nothing is that says something of the person.
///
/// # Errors
/// `vision.busy`.
async fn look(app: &App, picture: Bytes, patience: Patience) -> Result<Result<Look, &'static str>, Problem> {
    Ok(match app.vision.look_with(picture, patience).await {
        Ok(look) => Ok(look),
        Err(busy @ VisionError::Busy) if patience == Patience::IfIdle => {
            return Err(busy.refusal(app.vision.most_bytes()).into());
        }
        Err(VisionError::Busy) => Err("busy"),
        Err(VisionError::Picture(_)) => Err("bad_picture"),
        Err(VisionError::Unavailable(what)) => {
            tracing::error!(what, "faces cannot be looked at");
            Err(NO_ENGINE)
        }
        Err(error) => {
            tracing::warn!(%error, "a face was not looked at");
            Err("engine_failed")
        }
    })
}

fn of_several(mut judgement: Judgement) -> Judged {
    const TELLING: [FaceCause; 3] = [FaceCause::NotSamePerson, FaceCause::SeveralFaces, FaceCause::WeakMatch];
    let known = TELLING.into_iter().find(|cause| judgement.causes.contains(cause));
    judgement.causes.splice(0..0, known);
    judgement.into()
}

/// Which of two judgements was made on the nearer reference.
fn nearer(one: &Judgement, other: &Judgement) -> std::cmp::Ordering {
    let far = |judgement: &Judgement| judgement.distance.unwrap_or(f32::MAX);
    far(one).total_cmp(&far(other))
}

fn cannot_tell(cause: &str) -> Judged {
    Judged { outcome: FaceOutcome::CannotTell, cause: Some(cause.to_owned()), distance: None }
}

impl From<Judgement> for Judged {
    fn from(judgement: Judgement) -> Self {
        let cause = judgement.causes.first().map(|cause| cause.word().to_owned());
        Self { outcome: judgement.outcome, cause, distance: judgement.distance.map(f64::from) }
    }
}
