//! Receipts: the server's signed words, kept beside the sitting they are about.

use yikao_domain::id::{ReceiptId, SubjectId};
use yikao_domain::signed::Signed;
use yikao_domain::time::Timestamp;
use yikao_store::{Tx, receipt};

use super::command::Loaded;
use crate::base64url;
use crate::state::App;

/// Keeps a signed statement with the command that it is about.
pub fn keep(
    tx: &mut Tx,
    app: &App,
    loaded: &Loaded,
    subject_id: Option<SubjectId>,
    kind: &str,
    signed: &Signed,
    at: Timestamp,
) {
    let row = receipt::Receipt {
        id: ReceiptId::from_uuid(app.clock.new_uuid()),
        school_id: loaded.row.school_id,
        sitting_id: loaded.row.id,
        subject_id,
        kind: kind.to_owned(),
        kid: signed.kid.clone(),
        payload: signed.payload.clone(),
        signature: base64url::decode(&signed.signature).unwrap_or_default(),
        at,
    };
    receipt::insert(tx, &row);
}

/// A kept statement, as it was given out.
pub fn signed(row: &receipt::Receipt) -> Signed {
    Signed {
        kid: row.kid.clone(),
        payload: row.payload.clone(),
        signature: base64url::encode(&row.signature),
    }
}
