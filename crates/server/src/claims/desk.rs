//! What the desk decides about claims: whether a document is the candidate's (C5, C7, C14), and appeals against
//! another account that has it (C12).

use serde_json::json;
use yikao_domain::id::{AccountId, CandidateId};
use yikao_domain::identity::{ClaimState, Road};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::review::{Review, ReviewKind, Verdict};
use yikao_store::claim::{self, Claim};
use yikao_store::{StoreError, Tx, audit, identity};

use super::{Said, advance, identity_of, open, settle, state};
use crate::faces;
use crate::identities;
use crate::notices;
use crate::problem::Problem;
use crate::reviews::{self, Facts, Picture, Prepared};
use crate::state::App;

/// The topic of reviews about documents.
pub const DOCUMENT: &str = "document";

/// What somebody asks the desk about their claim.
pub struct Asked {
    claim: Claim,
    kind: ReviewKind,
    prepared: Prepared,
}

/// Prepares a review of a candidate's claim: of the document, or of an appeal.
///
/// # Errors
/// Where there is nothing to look at, or the desk looks already.
pub async fn prepare(
    app: &App,
    candidate: CandidateId,
    kind: ReviewKind,
    mut facts: Facts,
) -> Result<Asked, Problem> {
    let mut tx = app.db.reader().await?;
    let row =
        claim::get(&mut tx, candidate).await?.ok_or_else(|| Problem::new(RefusalCode::IdentityRequired))?;
    let key = identities::key_of(app, &mut tx, candidate).await?;
    let held = identity::by_number(&mut tx, &row.document_type, &row.number_hash).await?;
    drop(tx);
    may_ask(&row, kind)?;
    let said = open(&key, &row)?;
    add(&mut facts, &row, &said);
    if let Some(held) = held.filter(|held| held.candidate_id != candidate) {
        facts.automatic.insert("held_since".into(), held.confirmed_at.as_ms().into());
        facts.automatic.insert("held_by".into(), held.candidate_id.to_string().into());
    }
    let prepared = reviews::prepare(app, candidate, kind, DOCUMENT, None, &facts).await?;
    Ok(Asked { claim: row, kind, prepared })
}

/// What the desk compares: what is claimed, its photos, what was read, why the authority said no.
pub(super) fn add(facts: &mut Facts, row: &Claim, said: &Said) {
    let values = [
        ("name", said.name.clone()),
        ("document_type", row.document_type.clone()),
        ("document_number", said.number.clone()),
        ("province", said.province.name().to_owned()),
    ];
    facts.values.extend(values.map(|(name, value)| (name.to_owned(), value)));
    let photos = said.pictures.iter().map(|id| Picture { id: id.to_string(), label: "document".into() });
    facts.pictures.splice(0..0, photos);
    facts.automatic.insert("temporary".into(), said.temporary.into());
    facts.automatic.insert("cause".into(), row.cause.clone().into());
    if let Some(reading) = &said.reading {
        facts.automatic.insert("read_name".into(), reading.name.clone().into());
        facts.automatic.insert("read_number".into(), reading.number.clone().into());
    }
}

fn may_ask(row: &Claim, kind: ReviewKind) -> Result<(), Problem> {
    let now = state(row)?;
    let allowed = if kind == ReviewKind::Appeal { now.may_appeal() } else { now.may_ask_desk() };
    Ok(allowed?)
}

/// Asks the desk, in the transaction that keeps what was asked. Asked again while the desk looks, it is refused.
pub async fn ask(app: &App, tx: &mut Tx, asked: &Asked) -> Result<Result<(), Refusal>, StoreError> {
    let Some(row) = claim::get(tx, asked.claim.candidate_id).await? else {
        return Ok(Err(RefusalCode::IdentityRequired.into()));
    };
    let now = state(&row)?;
    let may = if asked.kind == ReviewKind::Appeal { now.may_appeal() } else { now.may_ask_desk() };
    if let Err(refusal) = may {
        return Ok(Err(refusal));
    }
    let review = reviews::open(app, tx, &asked.prepared).await?;
    to_review(app, tx, &row, review.to_string()).await?;
    Ok(Ok(()))
}

/// Notes that a review decides a claim; why it was not authenticated stays known.
pub(super) async fn to_review(app: &App, tx: &mut Tx, row: &Claim, review: String) -> Result<(), StoreError> {
    let at = app.clock.now();
    claim::advance(tx, row, ClaimState::InReview.code(), row.cause.as_deref(), Some(&review), at).await?;
    Ok(())
}

/// The desk has decided about a document or an appeal.
pub async fn decided(app: &App, tx: &mut Tx, review: &Review, verdict: Verdict) -> Result<(), StoreError> {
    let Some(row) = in_review(tx, review).await? else { return Ok(()) };
    if verdict == Verdict::Refused {
        let back = if review.kind == ReviewKind::Appeal { ClaimState::Taken } else { ClaimState::Refused };
        advance(tx, &row, back, Some(RefusalCode::IdentityReviewRefused), app.clock.now()).await?;
        return Ok(());
    }
    let key = notices::key_of(app, tx, row.candidate_id).await?;
    let (said, road) = (open(&key, &row).map_err(notices::unreadable)?, road_of(review.kind));
    let who = identity_of(&row, &said).map_err(notices::unreadable)?;
    let own = identities::close_with(app, &key, row.candidate_id, &who, road);
    let own = own.map_err(|problem| notices::failed("identity", &problem))?;
    if review.kind == ReviewKind::Appeal {
        let by = reviews::decided_by(review);
        overturn(app, tx, &row, by).await?;
    }
    settle::authenticate(app, tx, &row, &own).await
}

const fn road_of(kind: ReviewKind) -> Road {
    if matches!(kind, ReviewKind::Appeal) { Road::Appeal } else { Road::Desk }
}

/// Takes the document from the account that has it, and tells whoever owns that.
async fn overturn(app: &App, tx: &mut Tx, row: &Claim, by: Option<AccountId>) -> Result<(), StoreError> {
    let held = identity::by_number(tx, &row.document_type, &row.number_hash).await?;
    let Some(held) = held.filter(|held| held.candidate_id != row.candidate_id) else { return Ok(()) };
    identity::remove(tx, held.candidate_id).await?;
    faces::lose_identity(app, tx, held.candidate_id).await?;
    if let Some(claim) = claim::get(tx, held.candidate_id).await? {
        advance(tx, &claim, ClaimState::Taken, Some(RefusalCode::AppealOverturned), app.clock.now()).await?;
    }
    let detail = json!({ "to": row.candidate_id, "claim": row.id });
    audit::insert(tx, &notices::line(app, by, "identity.moved", held.candidate_id, &detail));
    notices::tell(app, tx, held.candidate_id, by, &RefusalCode::AppealOverturned.into()).await
}

/// A review about a document ended without an answer: the claim is where it was before.
pub async fn cancelled(app: &App, tx: &mut Tx, review: &Review) -> Result<(), StoreError> {
    let Some(row) = in_review(tx, review).await? else { return Ok(()) };
    let back = if review.kind == ReviewKind::Appeal { ClaimState::Taken } else { ClaimState::Refused };
    let cause = row.cause.as_deref().and_then(RefusalCode::from_code);
    advance(tx, &row, back, cause.or(Some(RefusalCode::IdentityReviewRefused)), app.clock.now()).await?;
    Ok(())
}

/// The claim that a review decides, if it still does.
async fn in_review(tx: &mut Tx, review: &Review) -> Result<Option<Claim>, StoreError> {
    let row = claim::get(tx, review.candidate_id).await?;
    let id = review.id.to_string();
    Ok(row.filter(|row| {
        row.state == ClaimState::InReview.code() && row.review_id.as_deref() == Some(id.as_str())
    }))
}
