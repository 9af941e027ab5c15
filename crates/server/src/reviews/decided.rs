//! What a review does to what it is about, in the transaction of its opening, decision or end. Each kind has
//! its line here; the work is done where the thing lives.

use yikao_domain::review::{Review, ReviewKind, Verdict};
use yikao_domain::standing::Reviewed;
use yikao_store::{StoreError, Tx};

use crate::claims;
use crate::corrections;
use crate::faces;
use crate::number_appeals;
use crate::state::App;

/// A review begins.
pub(super) async fn opened(app: &App, tx: &mut Tx, review: &Review) -> Result<(), StoreError> {
    match review.kind {
        ReviewKind::Face => faces::on_review(app, tx, review.candidate_id, Reviewed::Opened).await,
        ReviewKind::Identity | ReviewKind::Appeal | ReviewKind::Correction => Ok(()),
    }
}

/// A review has its answer.
pub(super) async fn decided(
    app: &App,
    tx: &mut Tx,
    review: &Review,
    verdict: Verdict,
) -> Result<(), StoreError> {
    match review.kind {
        ReviewKind::Face => {
            let what = if verdict == Verdict::Approved { Reviewed::Approved } else { Reviewed::Refused };
            faces::on_review(app, tx, review.candidate_id, what).await?;
            faces::credit(app, tx, review, verdict).await
        }
        ReviewKind::Appeal if review.topic == number_appeals::CANDIDATE_NUMBER => {
            number_appeals::decided(app, tx, review, verdict).await
        }
        ReviewKind::Identity | ReviewKind::Appeal => claims::desk::decided(app, tx, review, verdict).await,
        ReviewKind::Correction => corrections::decided(app, tx, review, verdict).await,
    }
}

/// A review ends without an answer.
pub(super) async fn cancelled(app: &App, tx: &mut Tx, review: &Review) -> Result<(), StoreError> {
    match review.kind {
        ReviewKind::Face => faces::on_review(app, tx, review.candidate_id, Reviewed::Cancelled).await,
        ReviewKind::Identity | ReviewKind::Appeal => claims::desk::cancelled(app, tx, review).await,
        ReviewKind::Correction => Ok(()),
    }
}
