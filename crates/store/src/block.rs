//! Blocks: the segment log's objects in shared storage.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{id::BlockId, time::Timestamp};

rows! {
    /// An object that holds segments of many parts.
    pub struct Block {
        /// Its id.
        pub id: BlockId,
        /// The node that wrote it.
        pub node: String,
        /// Its name in storage.
        pub object_key: String,
        /// Its size.
        pub bytes: u64,
        /// The key it is encrypted under.
        pub kid: String,
        /// When it was written.
        pub created_at: Timestamp,
        /// When it was deleted from storage.
        pub dropped_at: Option<Timestamp>,
    }
}

/// Notes a block at the end of the command; again is the same.
pub fn insert(tx: &mut Tx, block: &Block) {
    tx.defer(
        "INSERT INTO block (id, node, object_key, bytes, kid, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO NOTHING",
        args![block.id, &block.node, &block.object_key, block.bytes, &block.kid, block.created_at],
    );
}

/// One block.
pub async fn get(tx: &mut Tx, id: BlockId) -> Result<Option<Block>> {
    tx.fetch_optional("SELECT * FROM block WHERE id = $1", args![id]).await
}

/// Blocks written before `before` that hold no segment anybody needs, oldest first.
pub async fn unneeded(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<Vec<Block>> {
    tx.fetch_all(
        "SELECT * FROM block WHERE dropped_at IS NULL AND created_at < $1
           AND NOT EXISTS (SELECT 1 FROM segment WHERE segment.block_id = block.id)
         ORDER BY created_at, id LIMIT $2",
        args![before, limit],
    )
    .await
}

/// Notes at the end of the command that a block is gone from storage.
pub fn mark_dropped(tx: &mut Tx, id: BlockId, at: Timestamp) {
    tx.defer("UPDATE block SET dropped_at = $2 WHERE id = $1 AND dropped_at IS NULL", args![id, at]);
}
