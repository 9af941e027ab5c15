//! The frames of a challenge: each is looked at as it comes, counts once, and says how far it is.

use bytes::Bytes;
use yikao_domain::consent::ConsentKind;
use yikao_domain::face::{FaceCause, Look, Progress};
use yikao_domain::id::{FaceChallengeId, PictureId};
use yikao_domain::refusal::Refusal;
use yikao_domain::seal::Hash32;
use yikao_store::face::{self, Challenge};
use yikao_store::{StoreError, Tx};

use super::conclude::{Deciding, Made};
use super::{Kept, own, steps_of, still_open};
use crate::auth::actor::Actor;
use crate::commands::Outcome;
use crate::consents::{self, Agreed};
use crate::identities;
use crate::keyring::CandidateKey;
use crate::pictures;
use crate::problem::Problem;
use crate::state::App;

/// Frames that count in one challenge; whoever has not met it by then has not.
const MOST: usize = 120;

/// How far a challenge is after a frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Frames that count.
    pub frames: usize,
    /// Steps that were seen.
    pub steps_done: usize,
    /// Whether all were.
    pub complete: bool,
    /// What keeps the straight look from being taken.
    pub cause: Option<FaceCause>,
    /// What came of the challenge, where this frame ended it.
    pub made: Option<Made>,
}

/// A frame on its way.
struct Frame {
    app: App,
    actor: Actor,
    key: CandidateKey,
    agreed: Agreed,
    challenge: FaceChallengeId,
    number: usize,
    digest: String,
    look: Look,
    neutral: Option<PictureId>,
}

/// Looks at a frame. `number` counts from 1: sent again, it is the same frame, and no picture counts twice.
///
/// # Errors
/// `face.challenge_over`; what keeps the picture from being looked at.
pub async fn see(
    app: &App,
    actor: &Actor,
    challenge: FaceChallengeId,
    number: usize,
    picture: Bytes,
) -> Result<Seen, Problem> {
    let candidate = actor.candidate();
    let agreed = consents::require(app, candidate, ConsentKind::Faces).await?;
    let mut tx = app.db.reader().await?;
    let row = own(&mut tx, actor, challenge).await?;
    let key = identities::key_of(app, &mut tx, candidate).await?;
    drop(tx);
    let kept = Kept::open(&key, &row)?;
    if kept.made.is_some() || number <= kept.frames.len() {
        return Ok(seen(app, &row, &kept)?);
    }
    still_open(&row, app.clock.now())?;
    let digest = Hash32::of(&picture).to_hex();
    if face::knows_frame(&mut app.db.reader().await?, actor.account, &digest).await? {
        return Ok(seen(app, &row, &kept)?);
    }
    let failed = |error: yikao_vision::VisionError| error.refusal(app.vision.most_bytes());
    let look = app.vision.look(picture.clone()).await.map_err(failed)?;
    let mut neutral = None;
    if kept.frames.is_empty() {
        if let Err(cause) = steps_of(&row)?.may_begin(&look, &app.face_thresholds) {
            return Ok(Seen { cause: Some(cause), ..seen(app, &row, &kept)? });
        }
        neutral = Some(pictures::of_camera(app, candidate, agreed.clone(), picture).await?);
    }
    let (app, actor) = (app.clone(), actor.clone());
    let frame = Frame { app: app.clone(), actor, key, agreed, challenge, number, digest, look, neutral };
    let counted = app.db.write_with(frame, |tx, frame| Box::pin(async move { frame.count(tx).await }));
    let counted: Result<Seen, Refusal> = counted.await?;
    Ok(counted?)
}

impl Frame {
    async fn count(&self, tx: &mut Tx) -> Outcome<Seen> {
        if let Err(refusal) = consents::still(tx, self.actor.candidate(), &self.agreed).await? {
            return Ok(Err(refusal));
        }
        let row = own(tx, &self.actor, self.challenge).await?;
        let mut kept = Kept::open(&self.key, &row)?;
        if kept.made.is_some() || self.number != kept.frames.len() + 1 {
            return Ok(Ok(seen(&self.app, &row, &kept)?));
        }
        let now = self.app.clock.now();
        if let Err(refusal) = still_open(&row, now) {
            return Ok(Err(refusal));
        }
        if !face::note_frame(tx, self.actor.account, &self.digest, now).await? {
            return Ok(Ok(seen(&self.app, &row, &kept)?));
        }
        kept.frames.push(self.look.clone());
        kept.neutral = kept.neutral.or(self.neutral);
        let steps = steps_of(&row)?;
        let met = steps.progress(&kept.frames, &self.app.face_thresholds);
        let now_seen = Seen::of(&met, &kept);
        let judgement = match met.broken {
            Some(broken) => broken,
            None if kept.frames.len() < MOST || met.complete => {
                let cipher = Some(kept.close(&self.key, row.id)?);
                let saved = Challenge { cipher, ..row };
                face::save_challenge(tx, &saved);
                return Ok(Ok(now_seen));
            }
            None => steps.evaluate(&kept.frames, &self.app.face_thresholds).judgement,
        };
        let deciding = Deciding {
            app: self.app.clone(),
            actor: self.actor.clone(),
            key: self.key.clone(),
            agreed: self.agreed.clone(),
            judgement,
            known: Vec::new(),
        };
        Ok(deciding.conclude(tx, row, kept).await?.map(|made| Seen { made: Some(made), ..now_seen }))
    }
}

impl Seen {
    fn of(met: &Progress, kept: &Kept) -> Self {
        Self {
            frames: kept.frames.len(),
            steps_done: met.steps_done,
            complete: met.complete,
            cause: None,
            made: kept.made.clone(),
        }
    }
}

fn seen(app: &App, row: &Challenge, kept: &Kept) -> Result<Seen, StoreError> {
    Ok(Seen::of(&steps_of(row)?.progress(&kept.frames, &app.face_thresholds), kept))
}
