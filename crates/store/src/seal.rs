//! Witnessed seals: when the server first knew what a part's segments are.

use crate::{Result, Tx, args, columns::rows, many::insert_rows};
use yikao_domain::{id::PartId, seal::Hash32, time::Timestamp};

rows! {
    /// A seal that the server has seen.
    pub struct WitnessedSeal {
        /// Of which part.
        pub part_id: PartId,
        /// The last segment it commits to, from 1.
        pub idx: u64,
        /// The chain's hash there.
        pub head: Hash32,
        /// When it came.
        pub sealed_at: Timestamp,
        /// Whether that was after the sitting's close.
        pub late: bool,
    }
}

rows! {
    /// Where a seal is.
    pub struct SealKey {
        /// Of which part.
        pub part_id: PartId,
        /// At which index.
        pub idx: u64,
    }
}

/// Keeps seals that are new and answers which were; the first word on an index holds.
pub async fn insert(tx: &mut Tx, seals: &[WitnessedSeal]) -> Result<Vec<SealKey>> {
    let rows = seals.iter().map(|seal| args![seal.part_id, seal.idx, seal.head, seal.sealed_at, seal.late]);
    insert_rows(
        tx,
        "INSERT INTO seal (part_id, idx, head, sealed_at, late)",
        rows.collect(),
        "ON CONFLICT DO NOTHING RETURNING part_id, idx",
    )
    .await
}

/// A part's seals, in order.
pub async fn of_part(tx: &mut Tx, part: PartId) -> Result<Vec<WitnessedSeal>> {
    tx.fetch_all("SELECT * FROM seal WHERE part_id = $1 ORDER BY idx", args![part]).await
}

/// One seal.
pub async fn get(tx: &mut Tx, part: PartId, index: u64) -> Result<Option<WitnessedSeal>> {
    tx.fetch_optional("SELECT * FROM seal WHERE part_id = $1 AND idx = $2", args![part, index]).await
}

/// A part's seal of the highest index.
pub async fn latest(tx: &mut Tx, part: PartId) -> Result<Option<WitnessedSeal>> {
    tx.fetch_optional("SELECT * FROM seal WHERE part_id = $1 ORDER BY idx DESC LIMIT 1", args![part]).await
}

/// The earliest seal that commits to a segment: its `sealed_at` is when the segment was first sealed.
pub async fn first_for(tx: &mut Tx, part: PartId, index: u64) -> Result<Option<WitnessedSeal>> {
    tx.fetch_optional(
        "SELECT * FROM seal WHERE part_id = $1 AND idx >= $2 ORDER BY sealed_at, idx LIMIT 1",
        args![part, index],
    )
    .await
}
