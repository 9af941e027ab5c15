//! Where segments lie in shared storage. The digest decides what a segment is: the first word holds.

use crate::{Result, Tx, args, columns::rows, many::insert_rows};
use std::collections::HashMap;
use yikao_domain::{
    id::{BlockId, PartId, SittingId},
    part::Indexes,
    seal::Hash32,
    time::Timestamp,
};

rows! {
    /// A segment that is durable.
    pub struct Segment {
        /// Of which part.
        pub part_id: PartId,
        /// From 1.
        pub idx: u64,
        /// SHA-256 of its bytes.
        pub digest: Hash32,
        /// The seal it came with.
        pub seal: Hash32,
        /// Its length in bytes.
        pub len: u64,
        /// The block that holds it; none where it lies in a node's own log.
        pub block_id: Option<BlockId>,
        /// Where in the block, in bytes.
        pub at_offset: u64,
        /// When it was stored.
        pub stored_at: Timestamp,
    }

    /// Which segment.
    pub struct SegmentKey {
        /// Of which part.
        pub part_id: PartId,
        /// From 1.
        pub idx: u64,
    }

    /// A run of a part's segments without gaps.
    pub struct Run {
        /// Of which part.
        pub part_id: PartId,
        /// Its first index.
        pub first: u64,
        /// Its last index.
        pub last: u64,
    }
}

/// Notes where segments lie and answers which were new. One that is there already stays as it is: compare
/// its digest with [`get`].
pub async fn insert(tx: &mut Tx, segments: &[Segment]) -> Result<Vec<SegmentKey>> {
    let rows = segments.iter().map(|segment| {
        args![
            segment.part_id,
            segment.idx,
            segment.digest,
            segment.seal,
            segment.len,
            segment.block_id,
            segment.at_offset,
            segment.stored_at
        ]
    });
    insert_rows(
        tx,
        "INSERT INTO segment (part_id, idx, digest, seal, len, block_id, at_offset, stored_at)",
        rows.collect(),
        "ON CONFLICT DO NOTHING RETURNING part_id, idx",
    )
    .await
}

/// One segment.
pub async fn get(tx: &mut Tx, part: PartId, index: u64) -> Result<Option<Segment>> {
    tx.fetch_optional("SELECT * FROM segment WHERE part_id = $1 AND idx = $2", args![part, index]).await
}

/// A part's segments from `first` to `last`, both included, in order.
pub async fn range(tx: &mut Tx, part: PartId, first: u64, last: u64) -> Result<Vec<Segment>> {
    tx.fetch_all(
        "SELECT * FROM segment WHERE part_id = $1 AND idx >= $2 AND idx <= $3 ORDER BY idx",
        args![part, first, last],
    )
    .await
}

/// Folds segments into runs, so that a three-hour part costs a few rows.
macro_rules! runs {
    ($which:literal) => {
        concat!(
            "SELECT part_id, min(idx) AS first, max(idx) AS last FROM (
                 SELECT part_id, idx, idx - row_number() OVER (PARTITION BY part_id ORDER BY idx) AS run
                 FROM segment WHERE ",
            $which,
            ") AS one GROUP BY part_id, run ORDER BY 1, 2"
        )
    };
}

/// Which of a part's segments are there.
pub async fn received(tx: &mut Tx, part: PartId) -> Result<Indexes> {
    let runs: Vec<Run> = tx.fetch_all(runs!("part_id = $1"), args![part]).await?;
    Ok(runs.into_iter().map(|run| (run.first, run.last)).collect::<Vec<_>>().into())
}

/// Which segments are there of each part of a sitting that has any.
pub async fn received_in(tx: &mut Tx, sitting: SittingId) -> Result<HashMap<PartId, Indexes>> {
    let runs: Vec<Run> =
        tx.fetch_all(runs!("part_id IN (SELECT id FROM part WHERE sitting_id = $1)"), args![sitting]).await?;
    let mut of_parts: HashMap<PartId, Vec<(u64, u64)>> = HashMap::new();
    for run in runs {
        of_parts.entry(run.part_id).or_default().push((run.first, run.last));
    }
    Ok(of_parts.into_iter().map(|(part, runs)| (part, runs.into())).collect())
}

/// Bytes of all segments of a sitting.
pub async fn bytes_in(tx: &mut Tx, sitting: SittingId) -> Result<u64> {
    let (bytes,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(coalesce(sum(len), 0) AS BIGINT) FROM segment
             WHERE part_id IN (SELECT id FROM part WHERE sitting_id = $1)",
            args![sitting],
        )
        .await?;
    Ok(bytes.unsigned_abs())
}

/// Forgets, at the end of the command, segments that were sent again after their part's assets were kept.
pub fn forget_settled(tx: &mut Tx) {
    tx.defer(
        "DELETE FROM segment WHERE part_id IN (SELECT id FROM part WHERE state IN ('assembled', 'damaged'))",
        args![],
    );
}

/// Forgets a part's segments at the end of the command, once its assets are kept.
pub fn forget(tx: &mut Tx, part: PartId) {
    tx.defer("DELETE FROM segment WHERE part_id = $1", args![part]);
}
