//! Where a candidate stands with their identity, in words: what was confirmed, what is asked, why not, what now.

use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::document::{DocumentType, mask};
use yikao_domain::id::{CandidateId, PictureId};
use yikao_domain::identity::{ClaimState, RecordCause, Road};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::time::Timestamp;
use yikao_store::{claim, identity};

use super::{open, state};
use crate::identities;
use crate::language::Reader;
use crate::problem::{Problem, RefusalView};
use crate::routes::accounts::me::IdentityView;
use crate::state::App;

/// Where a candidate stands with their identity.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityState {
    /// Who they are, once that is authenticated.
    #[schema(required)]
    pub identity: Option<IdentityView>,
    /// Who they said they are, unless that is the identity.
    #[schema(required)]
    pub claim: Option<ClaimView>,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// Who somebody says they are, and how far that is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimView {
    /// How far it is.
    pub state: ClaimState,
    /// The name.
    pub name: String,
    /// The document.
    #[schema(value_type = DocumentType)]
    pub document_type: String,
    /// The number, with its middle hidden.
    pub document_number_masked: String,
    /// The province of the examination.
    pub province: String,
    /// 临时身份证.
    pub temporary: bool,
    /// By hand or by photo.
    pub road: Road,
    /// Photos that were sent with it.
    pub pictures: Vec<PictureId>,
    /// Why it is not authenticated (yet), and what to do now.
    #[schema(required)]
    pub refusal: Option<RefusalView>,
    /// What may lie behind it, of which the candidate knows which (C13).
    pub reasons: Vec<Reason>,
    /// The review that decides it.
    #[schema(required)]
    pub review_id: Option<String>,
    /// When it was claimed, ms.
    pub claimed_at: Timestamp,
    /// When that changed last, ms.
    pub changed_at: Timestamp,
}

/// Something that may lie behind an authority's no.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reason {
    /// Which.
    pub reason: RecordCause,
    /// In words, with what to do.
    pub words: RefusalView,
}

/// Where a candidate stands with their identity.
pub async fn state_of(app: &App, reader: &Reader, candidate: CandidateId) -> Result<IdentityState, Problem> {
    let mut tx = app.db.reader().await?;
    let known = identity::get(&mut tx, candidate).await?;
    let row = claim::get(&mut tx, candidate).await?;
    drop(tx);
    let claim = match row {
        Some(row) if state(&row)? != ClaimState::Authenticated => Some(claim_view(app, reader, &row).await?),
        _ => None,
    };
    let identity = match known {
        Some(row) => Some(identities::view(app, row).await?),
        None => None,
    };
    Ok(IdentityState { identity, claim, server_time: app.clock.now() })
}

async fn claim_view(app: &App, reader: &Reader, row: &claim::Claim) -> Result<ClaimView, Problem> {
    let key = identities::key_of(app, &mut app.db.reader().await?, row.candidate_id).await?;
    let (said, state) = (open(&key, row)?, state(row)?);
    let cause = row.cause.as_deref().and_then(RefusalCode::from_code);
    let in_review = (state == ClaimState::InReview).then_some(RefusalCode::IdentityInReview);
    let behind = cause.and_then(RecordCause::from_refusal).map(RecordCause::reasons).unwrap_or_default();
    let words = |code: RefusalCode| RefusalView::new(&Refusal::new(code), reader);
    Ok(ClaimView {
        state,
        name: said.name,
        document_type: row.document_type.clone(),
        document_number_masked: mask(&said.number),
        province: said.province.name().to_owned(),
        temporary: said.temporary,
        road: said.road,
        pictures: said.pictures,
        refusal: in_review.or(cause).map(words),
        reasons: behind
            .iter()
            .map(|reason| Reason { reason: *reason, words: words(reason.refusal()) })
            .collect(),
        review_id: row.review_id.clone(),
        claimed_at: row.claimed_at,
        changed_at: row.changed_at,
    })
}
