//! A withdrawn consent: the face goes, what comparisons came to stays, and the candidate is told what follows.

use serde_json::{Value, json};
use yikao_domain::id::{AccountId, CandidateId};
use yikao_domain::identity::PictureKind;
use yikao_domain::refusal::RefusalCode;
use yikao_domain::standing::withdrawn;
use yikao_store::{StoreError, Tx, face, picture};

use super::{keep_standing, standing};
use crate::notices;
use crate::state::App;

/// Forgets a candidate's face in the transaction of the withdrawal; answers what went, in numbers. The objects of its
/// pictures cannot be opened from here on, and are deleted after the commit.
pub async fn forget(app: &App, tx: &mut Tx, candidate: CandidateId) -> Result<Value, StoreError> {
    let (account, now) = (AccountId::from_uuid(*candidate.as_uuid()), app.clock.now());
    let mut pictures = 0;
    for kind in PictureKind::of_faces() {
        pictures += picture::drop_kind(tx, candidate, kind.code(), now).await?;
    }
    let gone = face::forget(tx, account).await?;
    let (before, row) = standing(tx, account).await?;
    let after = withdrawn(&before, now);
    if after != before {
        keep_standing(tx, account, row.as_ref(), &after, now)?;
    }
    notices::tell(app, tx, candidate, None, &RefusalCode::ConsentWithdrawn.into()).await?;
    Ok(json!({ "pictures": pictures, "references": gone.references, "challenges": gone.challenges }))
}
