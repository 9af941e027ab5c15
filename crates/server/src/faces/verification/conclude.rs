//! What comes of a challenge: the standing, the check that the desk sees, what later checks compare with.

use serde::{Deserialize, Serialize};
use yikao_domain::face::{FaceCause, FaceOutcome, Judgement};
use yikao_domain::id::{FaceChallengeId, FaceCheckId};
use yikao_domain::standing::{FaceMode, Step, verification};
use yikao_store::face::{self, Challenge, Check, Reference};
use yikao_store::{StoreError, Tx, picture};

use super::{Kept, own, still_open};
use crate::auth::actor::Actor;
use crate::commands::Outcome;
use crate::consents::{self, Agreed};
use crate::faces::{keep_standing, standing};
use crate::keyring::CandidateKey;
use crate::pictures::{self, AFTERWARDS};
use crate::state::App;

/// What came of a challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// What the machine says.
    pub outcome: FaceOutcome,
    /// Why, the cause to mend first in front.
    pub causes: Vec<FaceCause>,
    /// What follows.
    pub next: Step,
}

/// A challenge about to end.
pub(super) struct Deciding {
    pub(super) app: App,
    pub(super) actor: Actor,
    pub(super) key: CandidateKey,
    pub(super) agreed: Agreed,
    pub(super) judgement: Judgement,
    /// What later checks compare with, where it passes.
    pub(super) known: Vec<Reference>,
}

impl Deciding {
    /// Ends a challenge of which `counted` frames were judged, unless it ended or went on meanwhile.
    pub(super) async fn finish(&self, tx: &mut Tx, id: FaceChallengeId, counted: usize) -> Outcome<Made> {
        if let Err(refusal) = consents::still(tx, self.actor.candidate(), &self.agreed).await? {
            return Ok(Err(refusal));
        }
        let row = own(tx, &self.actor, id).await?;
        let kept = Kept::open(&self.key, &row)?;
        if let Some(made) = kept.made {
            return Ok(Ok(made));
        }
        if let Err(refusal) = still_open(&row, self.app.clock.now()) {
            return Ok(Err(refusal));
        }
        if kept.frames.len() != counted {
            return Err(StoreError::Conflict);
        }
        self.conclude(tx, row, kept).await
    }

    /// Ends a challenge that is open: once, for the row is saved over the version that was read.
    pub(super) async fn conclude(&self, tx: &mut Tx, row: Challenge, kept: Kept) -> Outcome<Made> {
        let (app, actor, judgement) = (&self.app, &self.actor, &self.judgement);
        let now = app.clock.now();
        let (before, stored) = standing(tx, actor.account).await?;
        let (after, next) = match verification(&before, judgement.outcome, now) {
            Ok(verified) => verified,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if after != before {
            keep_standing(tx, actor.account, stored.as_ref(), &after, now)?;
        }
        if judgement.outcome.passes() {
            face::retire_references(tx, actor.account, now);
            self.known.iter().for_each(|reference| face::put_reference(tx, reference));
        }
        let made = Made { outcome: judgement.outcome, causes: judgement.causes.clone(), next };
        let picture_id = self.picture(tx, &kept).await?;
        face::insert_check(tx, &self.check(picture_id));
        let over = Kept { made: Some(made.clone()), ..Kept::default() };
        let cipher = Some(over.close(&self.key, row.id)?);
        let outcome = Some(made.outcome.code().to_owned());
        face::save_challenge(tx, &Challenge { cipher, closed_at: Some(now), outcome, ..row });
        Ok(Ok(made))
    }

    /// The straight look stays for the desk where it was no plain pass, and goes otherwise.
    async fn picture(&self, tx: &mut Tx, kept: &Kept) -> Result<Option<String>, StoreError> {
        let (Some(id), candidate, now) = (kept.neutral, self.actor.candidate(), self.app.clock.now()) else {
            return Ok(None);
        };
        if self.judgement.outcome == FaceOutcome::Pass {
            picture::discard(tx, candidate, id, now).await?;
            return Ok(None);
        }
        let there = pictures::keep(tx, candidate, &[id]).await?.is_ok();
        picture::let_go(tx, id, now + AFTERWARDS);
        Ok(there.then(|| id.to_string()))
    }

    fn check(&self, picture_id: Option<String>) -> Check {
        Check {
            id: FaceCheckId::from_uuid(self.app.clock.new_uuid()),
            account_id: self.actor.account,
            login_id: self.actor.login,
            sitting_id: None,
            subject_id: None,
            take_id: None,
            purpose: "enrolment".to_owned(),
            mode: FaceMode::Real.code().to_owned(),
            outcome: self.judgement.outcome.code().to_owned(),
            lets_begin: false,
            cause: self.judgement.causes.first().map(|cause| cause.word().to_owned()),
            distance: self.judgement.distance.map(f64::from),
            picture_id,
            at: self.app.clock.now(),
        }
    }
}
