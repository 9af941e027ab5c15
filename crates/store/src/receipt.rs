//! Receipts: the server's signed word on submissions and deliveries.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{ReceiptId, SchoolId, SittingId, SubjectId},
    time::Timestamp,
};

rows! {
    /// Something the server signed.
    pub struct Receipt {
        /// Its id.
        pub id: ReceiptId,
        /// With whom.
        pub school_id: SchoolId,
        /// For which sitting.
        pub sitting_id: SittingId,
        /// For which subject.
        pub subject_id: Option<SubjectId>,
        /// `submission`, `delivery` …
        pub kind: String,
        /// The key it was signed with.
        pub kid: String,
        /// The exact text that was signed.
        pub payload: String,
        /// Ed25519.
        pub signature: Vec<u8>,
        /// When.
        pub at: Timestamp,
    }
}

/// Keeps a receipt at the end of the command.
pub fn insert(tx: &mut Tx, receipt: &Receipt) {
    tx.defer(
        "INSERT INTO receipt (id, school_id, sitting_id, subject_id, kind, kid, payload, signature, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            receipt.id,
            receipt.school_id,
            receipt.sitting_id,
            receipt.subject_id,
            &receipt.kind,
            &receipt.kid,
            &receipt.payload,
            &receipt.signature,
            receipt.at
        ],
    );
}

/// A sitting's receipts, in order.
pub async fn of_sitting(tx: &mut Tx, sitting: SittingId) -> Result<Vec<Receipt>> {
    tx.fetch_all("SELECT * FROM receipt WHERE sitting_id = $1 ORDER BY at, id", args![sitting]).await
}
