//! Claims: who a candidate says they are, until an authority or the desk has confirmed it. A claim is kept before
//! anybody is asked, so that a server that dies meanwhile asks again, and nothing is lost silently.

pub mod desk;
mod settle;
mod view;

use serde::{Deserialize, Serialize};
use yikao_domain::document::{DocumentType, Province};
use yikao_domain::id::{CandidateId, ClaimId, PictureId};
use yikao_domain::identity::{self as rules, Answer, ClaimState, Next, Reading, Road};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::review::ReviewKind;
use yikao_domain::roster::Identity;
use yikao_domain::time::Timestamp;
use yikao_store::claim::{self, Claim};
use yikao_store::{StoreError, Tx, identity, picture};

use crate::identities;
use crate::jobs::{self, Work};
use crate::keyring::{CandidateKey, KeyError};
use crate::pictures;
use crate::problem::Problem;
use crate::reviews::{self, Facts, Prepared};
use crate::state::App;

pub use settle::{ask, authenticate, settle};
pub use view::{ClaimView, IdentityState, Reason, state_of};

/// What somebody claims. Personal: kept closed with the candidate's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The name.
    pub name: String,
    /// The number.
    pub number: String,
    /// The province of the examination.
    pub province: Province,
    /// 临时身份证.
    #[serde(default)]
    pub temporary: bool,
    /// How it will have been authenticated.
    pub road: Road,
    /// Whether the candidate corrected what was read.
    #[serde(default)]
    pub corrected: bool,
    /// The photos.
    #[serde(default)]
    pub pictures: Vec<PictureId>,
    /// What was read on them.
    #[serde(default)]
    pub reading: Option<Reading>,
}

/// Photos that come with a claim.
#[derive(Debug, Default)]
pub struct Shown {
    /// Which.
    pub pictures: Vec<PictureId>,
    /// What was read on them.
    pub reading: Option<Reading>,
}

/// A claim ready to be made.
pub struct NewClaim {
    row: Claim,
    pictures: Vec<PictureId>,
    /// Pictures of the claim before, which nothing needs once this one is made.
    former: Vec<PictureId>,
    identity: identity::Identity,
    next: Next,
    at_once: Option<Answer>,
    /// For what no machine can tell.
    review: Option<Prepared>,
}

/// What became of a claim that was to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// It needs nothing more.
    Settled,
    /// The authority has to be asked.
    ToAsk,
    /// It was made before, or is the identity already.
    Before,
}

fn context(candidate: CandidateId) -> String {
    format!("claim:{candidate}")
}

/// What a claim says.
pub fn open(key: &CandidateKey, row: &Claim) -> Result<Said, KeyError> {
    let plain = key.open(&context(row.candidate_id), &row.cipher)?;
    Ok(serde_json::from_slice(&plain)?)
}

/// A claim's identity.
pub fn identity_of(row: &Claim, said: &Said) -> Result<Identity, KeyError> {
    let damaged = || KeyError::Closed("a claim's columns".into());
    Ok(Identity {
        name: said.name.clone(),
        document_type: DocumentType::recognise(&row.document_type).ok_or_else(damaged)?,
        document_number: said.number.clone(),
        province: said.province,
    })
}

/// The state of a stored claim.
pub fn state(row: &Claim) -> Result<ClaimState, StoreError> {
    let unreadable = || StoreError::Unreadable { what: "identity_claim.state", why: row.state.clone() };
    ClaimState::from_code(&row.state).ok_or_else(unreadable)
}

/// Prepares a claim: everything slow is done, and what the photos say is compared.
pub async fn prepare(
    app: &App,
    candidate: CandidateId,
    id: ClaimId,
    who: &Identity,
    temporary: bool,
    shown: Shown,
) -> Result<NewClaim, Problem> {
    let claimed = rules::Claimed {
        name: &who.name,
        document_type: who.document_type,
        number: &who.document_number,
        temporary,
        reading: shown.reading.as_ref(),
        has_photo: !shown.pictures.is_empty(),
    };
    let next = rules::next(&claimed)?;
    let (road, corrected) = match next {
        Next::Ask { road, corrected } => (road, corrected),
        Next::Review => (Road::Desk, false),
    };
    let said = Said {
        name: who.name.clone(),
        number: who.document_number.clone(),
        province: who.province,
        temporary,
        road,
        corrected,
        pictures: shown.pictures,
        reading: shown.reading,
    };
    let mut tx = app.db.reader().await?;
    let key = identities::key_of(app, &mut tx, candidate).await?;
    let before = claim::get(&mut tx, candidate).await?;
    drop(tx);
    let before = before.map(|before| open(&key, &before)).transpose()?;
    let mut former = before.map(|before| before.pictures).unwrap_or_default();
    former.retain(|id| !said.pictures.contains(id));
    let now = app.clock.now();
    let row = Claim {
        candidate_id: candidate,
        id,
        state: ClaimState::Asking.code().to_owned(),
        cause: None,
        kid: app.keys.kid(),
        document_type: who.document_type.code().to_owned(),
        number_hash: identities::number_hash(app, &who.document_number),
        cipher: key.close(&context(candidate), &serde_json::to_vec(&said)?)?,
        review_id: None,
        claimed_at: now,
        changed_at: now,
    };
    let identity = identities::close_with(app, &key, candidate, who, road)?;
    let at_once = app.authority.at_once(who).filter(|_| matches!(next, Next::Ask { .. }));
    let review = match next {
        Next::Review => {
            let mut facts = Facts::default();
            desk::add(&mut facts, &row, &said);
            Some(reviews::prepare(app, candidate, ReviewKind::Identity, desk::DOCUMENT, None, &facts).await?)
        }
        Next::Ask { .. } => None,
    };
    Ok(NewClaim { row, pictures: said.pictures, former, identity, next, at_once, review })
}

/// Makes a claim, in one transaction with whatever settles it at once. A document that another account has is
/// kept as a claim, too: the appeal begins with it.
pub async fn make(app: &App, tx: &mut Tx, new: &NewClaim) -> Result<Result<Made, Refusal>, StoreError> {
    let candidate = new.row.candidate_id;
    let before = claim::get(tx, candidate).await?;
    if let Some(before) = &before {
        if before.id == new.row.id {
            return Ok(Ok(Made::Before));
        }
        if let Err(refusal) = state(before)?.may_claim_anew() {
            return Ok(Err(refusal));
        }
    }
    let owner = identity::by_number(tx, &new.row.document_type, &new.row.number_hash).await?;
    if owner.is_some_and(|owner| owner.candidate_id != candidate) {
        put(tx, new, ClaimState::Taken, Some(RefusalCode::IdentityTaken));
        return Ok(Err(RefusalCode::IdentityTaken.into()));
    }
    if let Err(refusal) = pictures::keep(tx, candidate, &new.pictures).await? {
        return Ok(Err(refusal));
    }
    for id in &new.former {
        picture::let_go(tx, *id, app.clock.now() + pictures::AFTERWARDS);
    }
    put(tx, new, ClaimState::Asking, None);
    match (new.next, new.at_once) {
        (Next::Ask { .. }, Some(answer)) => {
            settle::settle_in(app, tx, &new.row, &new.identity, answer).await?;
            Ok(Ok(Made::Settled))
        }
        (Next::Ask { .. }, None) => {
            let due = app.clock.now() + settle::FIRST_PAUSE;
            jobs::enqueue_at(tx, app, Work::Identify(candidate), due);
            Ok(Ok(Made::ToAsk))
        }
        (Next::Review, _) => {
            if let Some(review) = &new.review {
                let id = reviews::open(app, tx, review).await?;
                desk::to_review(app, tx, &new.row, id.to_string()).await?;
            }
            Ok(Ok(Made::Settled))
        }
    }
}

fn put(tx: &mut Tx, new: &NewClaim, state: ClaimState, cause: Option<RefusalCode>) {
    let cause = cause.map(|code| code.code().to_owned());
    claim::put(tx, &Claim { state: state.code().to_owned(), cause, ..new.row.clone() });
}

/// Moves a claim on; `false` where it is another by now.
pub async fn advance(
    tx: &mut Tx,
    row: &Claim,
    to: ClaimState,
    cause: Option<RefusalCode>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let cause = cause.map(RefusalCode::code);
    claim::advance(tx, row, to.code(), cause, row.review_id.as_deref(), at).await
}
