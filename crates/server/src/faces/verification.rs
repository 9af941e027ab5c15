//! Enrolment (F1, C14): a random challenge that only somebody alive can meet, then the document beside the living face.
//! A challenge is for one login, used once and soon over. What its frames measured is closed with the candidate's key,
//! and goes when the challenge ends.

mod conclude;
mod frames;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use yikao_domain::consent::ConsentKind;
use yikao_domain::face::{self as rules, Embedding, Look, Portraits};
use yikao_domain::id::{CandidateId, CommandId, FaceChallengeId, PictureId};
use yikao_domain::identity::PictureKind;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::face::{self, Challenge};
use yikao_store::picture::Picture;
use yikao_store::{StoreError, Tx, identity};
use yikao_vision::VisionError;

use self::conclude::Deciding;
use super::facts::portraits;
use super::{references, standing};
use crate::auth::actor::Actor;
use crate::commands::{self, Outcome};
use crate::consents::{self, Agreed};
use crate::identities;
use crate::keyring::{self, CandidateKey};
use crate::pictures;
use crate::problem::Problem;
use crate::state::App;

pub use conclude::Made;
pub use frames::{Seen, see};

/// How long a challenge may take.
const LIFE: Millis = Millis::minutes(2);
/// Challenges that an account may begin in [`WHILE`].
const MANY: u64 = 20;
const WHILE: Millis = Millis::hours(1);

/// What is kept of a challenge, closed.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// What was measured in the frames that count, the straight look first.
    #[serde(default)]
    frames: Vec<Look>,
    /// The picture of the first.
    #[serde(default)]
    neutral: Option<PictureId>,
    /// What came of it, once it is over.
    #[serde(default)]
    made: Option<Made>,
}

/// A challenge as its candidate goes through it.
#[derive(Debug, Clone)]
pub struct Underway {
    /// Its id.
    pub id: FaceChallengeId,
    /// What to do, in order.
    pub steps: rules::Challenge,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Kept {
    fn open(key: &CandidateKey, row: &Challenge) -> Result<Self, StoreError> {
        let Some(closed) = &row.cipher else { return Ok(Self::default()) };
        let unreadable = |why: String| StoreError::Unreadable { what: "face_challenge.cipher", why };
        let plain = key.open(&context(row.id), closed).map_err(|e| unreadable(e.to_string()))?;
        serde_json::from_slice(&plain).map_err(|e| unreadable(e.to_string()))
    }

    fn close(&self, key: &CandidateKey, id: FaceChallengeId) -> Result<Vec<u8>, StoreError> {
        let unreadable = |why: String| StoreError::Unreadable { what: "face_challenge.cipher", why };
        let plain = serde_json::to_vec(self).map_err(|e| unreadable(e.to_string()))?;
        key.close(&context(id), &plain).map_err(|e| unreadable(e.to_string()))
    }
}

fn context(id: FaceChallengeId) -> String {
    format!("face-challenge:{id}")
}

/// Begins a challenge; one that was open before it is over.
///
/// # Errors
/// `consent.required`, `identity.required`, `face.no_portrait`, what the standing says, `face.challenge_many`.
pub async fn begin(app: &App, actor: &Actor, command_id: CommandId) -> Result<Underway, Problem> {
    let candidate = actor.candidate();
    let agreed = consents::require(app, candidate, ConsentKind::Faces).await?;
    let mut tx = app.db.reader().await?;
    if identity::get(&mut tx, candidate).await?.is_none() {
        return Err(Problem::new(RefusalCode::IdentityRequired));
    }
    if portraits(app, &mut tx, candidate).await?.is_empty() {
        return Err(Problem::new(RefusalCode::FaceNoPortrait));
    }
    drop(tx);
    let input = (app.clone(), actor.clone(), agreed, fresh(app, actor)?);
    let begun =
        commands::once(app, actor, "faces.challenge", command_id, input, |tx, (app, actor, agreed, row)| {
            Box::pin(async move { issue(app, tx, actor, agreed, row).await })
        });
    let row = face::challenge(&mut app.db.reader().await?, begun.await?).await?;
    underway(&row.ok_or_else(Problem::not_found)?)
}

fn fresh(app: &App, actor: &Actor) -> Result<Challenge, Problem> {
    let steps = rules::Challenge::from_seed(u64::from_be_bytes(keyring::random()?));
    let now = app.clock.now();
    Ok(Challenge {
        id: FaceChallengeId::from_uuid(app.clock.new_uuid()),
        account_id: actor.account,
        login_id: actor.login,
        nonce_hash: String::new(),
        steps: serde_json::to_string(&steps)?,
        version: 1,
        created_at: now,
        expires_at: now + LIFE,
        closed_at: None,
        outcome: None,
        cipher: None,
    })
}

async fn issue(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    agreed: &Agreed,
    row: &Challenge,
) -> Outcome<FaceChallengeId> {
    if let Err(refusal) = consents::still(tx, actor.candidate(), agreed).await? {
        return Ok(Err(refusal));
    }
    let (stands, _) = standing(tx, actor.account).await?;
    if let Err(refusal) = stands.may_verify() {
        return Ok(Err(refusal));
    }
    if face::issued_since(tx, actor.account, app.clock.now() - WHILE).await? >= MANY {
        return Ok(Err(Refusal::new(RefusalCode::FaceChallengeMany).with("limit", MANY)));
    }
    face::issue(tx, row);
    Ok(Ok(row.id))
}

fn underway(row: &Challenge) -> Result<Underway, Problem> {
    Ok(Underway { id: row.id, steps: steps_of(row)?, expires_at: row.expires_at })
}

fn steps_of(row: &Challenge) -> Result<rules::Challenge, StoreError> {
    serde_json::from_str(&row.steps)
        .map_err(|e| StoreError::Unreadable { what: "face_challenge.steps", why: e.to_string() })
}

/// One's own challenge on this device; to others it does not exist.
async fn own(tx: &mut Tx, actor: &Actor, id: FaceChallengeId) -> Result<Challenge, StoreError> {
    let row = face::challenge(tx, id).await?;
    let row = row.filter(|row| row.account_id == actor.account && row.login_id == actor.login);
    row.ok_or(StoreError::NotFound)
}

/// Whether a challenge still takes frames, and may be finished.
fn still_open(row: &Challenge, now: Timestamp) -> Result<(), Refusal> {
    let open = row.closed_at.is_none() && now < row.expires_at;
    if open { Ok(()) } else { Err(RefusalCode::FaceChallengeOver.into()) }
}

/// Ends a challenge: where all was done, the living face is held beside the document. Asked again, the answer is the
/// same.
///
/// # Errors
/// `face.challenge_over` where another one was begun since, or its time is over; what keeps pictures from being looked at.
pub async fn finish(app: &App, actor: &Actor, id: FaceChallengeId) -> Result<Made, Problem> {
    let candidate = actor.candidate();
    let agreed = consents::require(app, candidate, ConsentKind::Faces).await?;
    let mut tx = app.db.reader().await?;
    let row = own(&mut tx, actor, id).await?;
    let key = identities::key_of(app, &mut tx, candidate).await?;
    let kept = Kept::open(&key, &row)?;
    if let Some(made) = kept.made {
        return Ok(made);
    }
    still_open(&row, app.clock.now())?;
    let shown = portraits(app, &mut tx, candidate).await?;
    drop(tx);
    let met = steps_of(&row)?.evaluate(&kept.frames, &app.face_thresholds);
    let (judgement, known) = match (met.judgement.outcome, kept.frames.first()) {
        (rules::FaceOutcome::Pass, Some(live)) => {
            let looks = Looks::at(app, candidate, &key, &shown).await?;
            let judgement = rules::enrol(live, &looks.portraits(), &app.face_thresholds);
            (judgement, looks.references(app, actor, &key, live)?)
        }
        _ => (met.judgement, Vec::new()),
    };
    let counted = kept.frames.len();
    let deciding = Deciding { app: app.clone(), actor: actor.clone(), key, agreed, judgement, known };
    let made = app.db.write_with(deciding, move |tx, deciding| {
        Box::pin(async move { deciding.finish(tx, id, counted).await })
    });
    let made: Result<Made, Refusal> = made.await?;
    Ok(made?)
}

/// What is seen in a kept picture; none where it cannot be read.
///
/// # Errors
/// What keeps pictures from being looked at: the challenge can be finished a moment later.
async fn look_at(app: &App, jpeg: Bytes) -> Result<Option<Look>, Problem> {
    match app.vision.look(jpeg).await {
        Ok(look) => Ok(Some(look)),
        Err(VisionError::Picture(_)) => Ok(None),
        Err(error) => Err(error.refusal(app.vision.most_bytes()).into()),
    }
}

/// What is seen in the pictures that a face is compared with.
#[derive(Default)]
struct Looks {
    document: Option<Look>,
    portrait: Option<Look>,
    /// Whether the number on the document is not known to be the candidate's.
    unread: bool,
}

impl Looks {
    async fn at(
        app: &App,
        candidate: CandidateId,
        key: &CandidateKey,
        shown: &[Picture],
    ) -> Result<Self, Problem> {
        let number = identities::of(app, candidate).await?.map(|who| who.document_number);
        let mut looks = Self::default();
        for row in shown {
            let is_own = row.kind == PictureKind::Portrait.code();
            let place = if is_own { &mut looks.portrait } else { &mut looks.document };
            if place.is_none() {
                let jpeg = pictures::read(app, row).await?;
                *place = look_at(app, jpeg).await?;
                let read = pictures::reading_of(key, row)?.and_then(|reading| reading.number);
                looks.unread |= !is_own && (read.is_none() || read != number);
            }
        }
        Ok(looks)
    }

    fn portraits(&self) -> Portraits<'_> {
        let (document, portrait) = (self.document.as_ref(), self.portrait.as_ref());
        Portraits { document, portrait, unread: self.unread }
    }

    /// What later checks compare with: the living face, and those that are certainly the same.
    fn references(
        &self,
        app: &App,
        actor: &Actor,
        key: &CandidateKey,
        live: &Look,
    ) -> Result<Vec<face::Reference>, Problem> {
        let is_same = |embedding: &Embedding| {
            rules::judge(embedding, live, &app.face_thresholds).outcome == rules::FaceOutcome::Pass
        };
        let of = |look: Option<&Look>| look.and_then(Look::largest).and_then(|face| face.embedding);
        let shown = [("document", of(self.document.as_ref())), ("portrait", of(self.portrait.as_ref()))];
        let same = shown.into_iter().filter(|(_, face)| face.as_ref().is_some_and(is_same));
        let known = same.chain([("challenge", of(Some(live)))]);
        let known = known.filter_map(|(source, face)| Some((source, face?)));
        let closed =
            known.map(|(source, face)| references::closed(app, key, actor.candidate(), source, &face));
        Ok(closed.collect::<Result<_, _>>()?)
    }
}
