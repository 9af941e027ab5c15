//! Parts: runs of a recorder.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{CandidateId, PartId, SchoolId, SittingId, SubjectId, TakeId},
    seal::Hash32,
    time::{Millis, Timestamp},
};

rows! {
    /// One run of a recorder.
    pub struct Part {
        /// Its id.
        pub id: PartId,
        /// With whom.
        pub school_id: SchoolId,
        /// In which sitting.
        pub sitting_id: SittingId,
        /// 1 = a take, 2 = a subject run.
        pub owner_kind: u8,
        /// That take's or run's id.
        pub owner_id: uuid::Uuid,
        /// For which subject.
        pub subject_id: SubjectId,
        /// For which take, on the main camera.
        pub take_id: Option<TakeId>,
        /// Whose.
        pub candidate_id: CandidateId,
        /// `main` or `companion`.
        pub camera: String,
        /// Counted from 1 within its owner.
        pub number: u32,
        /// What the recorder makes.
        pub mime: String,
        /// Size, rates and sound settings, JSON.
        pub media: String,
        /// The phone, JSON.
        pub device: String,
        /// `open`, `finished`, `complete`, `assembled`, `damaged`, `lapsed` or `expired`.
        pub state: String,
        /// When it was opened.
        pub opened_at: Timestamp,
        /// The last segment's index, once the recorder has said it.
        pub last_index: Option<u64>,
        /// The seal of the last segment.
        pub head: Option<Hash32>,
        /// Bytes that were recorded.
        pub bytes: Option<u64>,
        /// How long it is.
        pub duration_ms: Option<Millis>,
        /// How its assets are encrypted.
        pub cipher: String,
        /// Under which key.
        pub key_id: String,
        /// The segments that its files were made of, as intervals, JSON; none while it is not assembled.
        pub received: Option<String>,
        /// The first segment that was first sealed after the sitting's close, if any.
        pub late_from: Option<u64>,
        /// How long after the close the last of these was sealed.
        pub late_by_ms: Option<Millis>,
    }
}

/// Adds a part at the end of the command.
pub fn insert(tx: &mut Tx, part: &Part) {
    tx.defer(
        "INSERT INTO part (id, school_id, sitting_id, owner_kind, owner_id, subject_id, take_id, candidate_id,
             camera, number, mime, media, device, state, opened_at, last_index, head, bytes, duration_ms, cipher,
             key_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        args![
            part.id,
            part.school_id,
            part.sitting_id,
            part.owner_kind,
            part.owner_id,
            part.subject_id,
            part.take_id,
            part.candidate_id,
            &part.camera,
            part.number,
            &part.mime,
            &part.media,
            &part.device,
            &part.state,
            part.opened_at,
            part.last_index,
            part.head,
            part.bytes,
            part.duration_ms,
            &part.cipher,
            &part.key_id
        ],
    );
}

/// One part.
pub async fn get(tx: &mut Tx, id: PartId) -> Result<Option<Part>> {
    tx.fetch_optional("SELECT * FROM part WHERE id = $1", args![id]).await
}

/// A sitting's parts in the order in which they were opened.
pub async fn of_sitting(tx: &mut Tx, sitting: SittingId) -> Result<Vec<Part>> {
    tx.fetch_all("SELECT * FROM part WHERE sitting_id = $1 ORDER BY opened_at, id", args![sitting]).await
}

/// A take's or subject run's parts, in order.
pub async fn of_owner(tx: &mut Tx, owner_id: &uuid::Uuid) -> Result<Vec<Part>> {
    tx.fetch_all("SELECT * FROM part WHERE owner_id = $1 ORDER BY number", args![owner_id]).await
}

/// Parts in a state, longest first: the first of them, or those after another.
pub async fn in_state(tx: &mut Tx, state: &str, after: Option<&Part>, limit: u32) -> Result<Vec<Part>> {
    let opened_at = after.map_or(Timestamp(i64::MIN), |part| part.opened_at);
    let id = after.map_or_else(String::new, |part| part.id.to_string());
    tx.fetch_all(
        "SELECT * FROM part WHERE state = $1 AND (opened_at > $2 OR (opened_at = $2 AND id > $3))
         ORDER BY opened_at, id LIMIT $4",
        args![state, opened_at, id, limit],
    )
    .await
}

/// The recorder has said where an open part ends; `false` where the part is not open any more.
pub async fn finish(
    tx: &mut Tx,
    id: PartId,
    last_index: u64,
    head: Option<Hash32>,
    duration: Option<Millis>,
) -> Result<bool> {
    let finished = tx
        .execute(
            "UPDATE part SET state = 'finished', last_index = $2, head = $3, duration_ms = $4
             WHERE id = $1 AND state = 'open'",
            args![id, last_index, head, duration],
        )
        .await?;
    Ok(finished == 1)
}

/// Moves a part on; `false` where it was not in state `from`, so that it is moved once.
pub async fn advance(tx: &mut Tx, id: PartId, from: &str, to: &str) -> Result<bool> {
    let moved =
        tx.execute("UPDATE part SET state = $3 WHERE id = $1 AND state = $2", args![id, from, to]).await?;
    Ok(moved == 1)
}

/// What assembly found of a part.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Bytes that arrived.
    pub bytes: u64,
    /// How long what can be played is.
    pub duration: Option<Millis>,
    /// The segments its files are made of, as intervals, JSON.
    pub received: String,
    /// The first segment that was sealed after the close, and how long after it the last one was.
    pub late: Option<(u64, Millis)>,
}

/// Notes what assembly found.
pub fn measure(tx: &mut Tx, id: PartId, found: &Measured) {
    tx.defer(
        "UPDATE part SET bytes = $2, duration_ms = coalesce($3, duration_ms), received = $4, late_from = $5,
             late_by_ms = $6 WHERE id = $1",
        args![
            id,
            found.bytes,
            found.duration,
            &found.received,
            found.late.map(|(from, _)| from),
            found.late.map(|(_, by)| by)
        ],
    );
}

impl Part {
    /// Whether its files were made, and the log may have forgotten it.
    pub fn is_assembled(&self) -> bool {
        matches!(self.state.as_str(), "assembled" | "damaged")
    }
}
