//! Candidates' pictures: a row for each, the picture itself an object of its own.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{CandidateId, PictureId},
    seal::Hash32,
    time::{Millis, Timestamp},
};

rows! {
    /// A picture.
    pub struct Picture {
        /// Its id, made by the phone: sending it again is no second picture.
        pub id: PictureId,
        /// Whose.
        pub candidate_id: CandidateId,
        /// What it shows.
        pub kind: String,
        /// Its object's name in storage.
        pub object_key: String,
        /// The generation of the key that it is closed with.
        pub kid: String,
        /// Its size when opened.
        pub plain_bytes: u64,
        /// SHA-256 of the opened bytes.
        pub sha256: Hash32,
        /// What was read on it, closed with the candidate's key.
        pub reading_cipher: Option<Vec<u8>>,
        /// When it was sent.
        pub created_at: Timestamp,
        /// When its object was durable; none while it is being written.
        pub stored_at: Option<Timestamp>,
        /// When it is dropped; none while something needs it.
        pub expires_at: Option<Timestamp>,
        /// When nobody could use it any more: its object is being deleted.
        pub dropped_at: Option<Timestamp>,
    }
}

impl Picture {
    /// Whether it is there to be used.
    pub fn is_there(&self, now: Timestamp) -> bool {
        self.stored_at.is_some()
            && self.dropped_at.is_none()
            && self.expires_at.is_none_or(|until| now < until)
    }
}

/// Announces a picture whose object is about to be written, in place of an attempt that never got that far;
/// `false` where its id is another's, or the picture is there.
pub async fn insert(tx: &mut Tx, picture: &Picture) -> Result<bool> {
    let made = tx
        .execute(
            "INSERT INTO picture (id, candidate_id, kind, object_key, kid, plain_bytes, sha256,
                 reading_cipher, created_at, stored_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, object_key = excluded.object_key,
                 kid = excluded.kid, plain_bytes = excluded.plain_bytes, sha256 = excluded.sha256,
                 reading_cipher = excluded.reading_cipher,
                 created_at = excluded.created_at, expires_at = excluded.expires_at
             WHERE picture.stored_at IS NULL AND picture.dropped_at IS NULL
                 AND picture.candidate_id = excluded.candidate_id",
            args![
                picture.id,
                picture.candidate_id,
                &picture.kind,
                &picture.object_key,
                &picture.kid,
                picture.plain_bytes,
                picture.sha256,
                picture.reading_cipher.clone(),
                picture.created_at,
                picture.stored_at,
                picture.expires_at
            ],
        )
        .await?;
    Ok(made == 1)
}

/// A picture, whatever became of it.
pub async fn get(tx: &mut Tx, id: PictureId) -> Result<Option<Picture>> {
    tx.fetch_optional("SELECT * FROM picture WHERE id = $1", args![id]).await
}

/// Notes that a picture's object is durable; `false` where it was dropped meanwhile.
pub async fn stored(tx: &mut Tx, id: PictureId, object_key: &str, at: Timestamp) -> Result<bool> {
    let noted = tx
        .execute(
            "UPDATE picture SET stored_at = $3 WHERE id = $1 AND object_key = $2 AND dropped_at IS NULL",
            args![id, object_key, at],
        )
        .await?;
    Ok(noted == 1)
}

/// Keeps a candidate's picture for as long as something needs it; `false` where it is not there any more.
pub async fn keep(tx: &mut Tx, candidate: CandidateId, id: PictureId) -> Result<bool> {
    let kept = tx
        .execute(
            "UPDATE picture SET expires_at = NULL
             WHERE id = $1 AND candidate_id = $2 AND stored_at IS NOT NULL AND dropped_at IS NULL",
            args![id, candidate],
        )
        .await?;
    Ok(kept == 1)
}

/// Lets a picture go that nothing needs any more.
pub fn let_go(tx: &mut Tx, id: PictureId, at: Timestamp) {
    tx.defer("UPDATE picture SET expires_at = $2 WHERE id = $1 AND expires_at IS NULL", args![id, at]);
}

/// How many pictures of a candidate there are that they sent and that wait, for as long as `waits`, to be used. What a
/// check kept of the camera goes at another time.
pub async fn waiting(tx: &mut Tx, candidate: CandidateId, waits: Millis) -> Result<u64> {
    let (count,): (i64,) = tx
        .fetch_one(
            "SELECT count(*) FROM picture
             WHERE candidate_id = $1 AND expires_at = created_at + $2 AND dropped_at IS NULL",
            args![candidate, waits],
        )
        .await?;
    Ok(count.unsigned_abs())
}

/// Marks what has expired as dropped: from here on nobody can keep it.
pub async fn drop_expired(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.execute("UPDATE picture SET dropped_at = $1 WHERE expires_at <= $1 AND dropped_at IS NULL", args![now])
        .await
}

/// Marks a picture of a candidate as dropped; `false` where there is none that may go.
pub async fn discard(tx: &mut Tx, candidate: CandidateId, id: PictureId, at: Timestamp) -> Result<bool> {
    let dropped = tx
        .execute(
            "UPDATE picture SET dropped_at = $3
             WHERE id = $1 AND candidate_id = $2 AND expires_at IS NOT NULL AND dropped_at IS NULL",
            args![id, candidate, at],
        )
        .await?;
    Ok(dropped == 1)
}

/// Drops all of a candidate's pictures of a kind, whatever needs them; answers how many.
pub async fn drop_kind(tx: &mut Tx, candidate: CandidateId, kind: &str, at: Timestamp) -> Result<u64> {
    tx.execute(
        "UPDATE picture SET dropped_at = $3 WHERE candidate_id = $1 AND kind = $2 AND dropped_at IS NULL",
        args![candidate, kind, at],
    )
    .await
}

/// Pictures that were dropped and whose objects may still be there; one that was never stored only where it was
/// announced before a moment, for its object may be under way.
pub async fn dropped(tx: &mut Tx, announced_before: Timestamp, limit: u32) -> Result<Vec<Picture>> {
    tx.fetch_all(
        "SELECT * FROM picture
         WHERE dropped_at IS NOT NULL AND (stored_at IS NOT NULL OR created_at < $1)
         ORDER BY dropped_at, id LIMIT $2",
        args![announced_before, limit],
    )
    .await
}

/// Forgets a picture whose object is gone.
pub fn forget(tx: &mut Tx, id: PictureId) {
    tx.defer("DELETE FROM picture WHERE id = $1 AND dropped_at IS NOT NULL", args![id]);
}
