//! Assets: a part's assembled files.

use crate::{Result, Tx, args, columns::rows};
use uuid::Uuid;
use yikao_domain::{
    id::{PartId, SchoolId, SittingId},
    seal::Hash32,
    time::Timestamp,
};

rows! {
    /// An assembled file.
    pub struct Asset {
        /// Its id.
        pub id: Uuid,
        /// With whom.
        pub school_id: SchoolId,
        /// Of which part.
        pub part_id: PartId,
        /// `original`, `playable` or `manifest`.
        pub kind: String,
        /// Its name in storage.
        pub object_key: String,
        /// Its size in storage.
        pub bytes: u64,
        /// Its size when opened.
        pub plain_bytes: u64,
        /// SHA-256 of the opened bytes.
        pub sha256: Hash32,
        /// The key it is encrypted under.
        pub kid: String,
        /// What probing found, JSON.
        pub media: String,
        /// When it was made.
        pub created_at: Timestamp,
    }
}

/// Keeps an asset at the end of the command, in place of an earlier one of its kind: assembly may run again.
pub fn put(tx: &mut Tx, asset: &Asset) {
    tx.defer(
        "INSERT INTO asset
             (id, school_id, part_id, kind, object_key, bytes, plain_bytes, sha256, kid, media, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (part_id, kind) DO UPDATE SET id = excluded.id, object_key = excluded.object_key,
             bytes = excluded.bytes, plain_bytes = excluded.plain_bytes, sha256 = excluded.sha256,
             kid = excluded.kid, media = excluded.media, created_at = excluded.created_at",
        args![
            asset.id,
            asset.school_id,
            asset.part_id,
            &asset.kind,
            &asset.object_key,
            asset.bytes,
            asset.plain_bytes,
            asset.sha256,
            &asset.kid,
            &asset.media,
            asset.created_at
        ],
    );
}

/// A part's asset of a kind.
pub async fn get(tx: &mut Tx, part: PartId, kind: &str) -> Result<Option<Asset>> {
    tx.fetch_optional("SELECT * FROM asset WHERE part_id = $1 AND kind = $2", args![part, kind]).await
}

/// All assets of a sitting's parts.
pub async fn of_sitting(tx: &mut Tx, sitting: SittingId) -> Result<Vec<Asset>> {
    tx.fetch_all(
        "SELECT asset.* FROM asset JOIN part ON part.id = asset.part_id
         WHERE part.sitting_id = $1 ORDER BY part.opened_at, asset.part_id, asset.kind",
        args![sitting],
    )
    .await
}
