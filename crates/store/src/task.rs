//! What candidates have done of the tasks before an exam, and the places of slots.

use crate::{Result, Tx, args, columns::rows, many::numbers, value::Value};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use yikao_domain::{
    id::{CandidateId, DeviceId, EnrolmentId, ExamId, SchoolId, SlotId, TaskId},
    time::Timestamp,
};

rows! {
    /// What a candidate has done of a task.
    pub struct TaskRow {
        /// For which enrolment.
        pub enrolment_id: EnrolmentId,
        /// Which task.
        pub task_id: TaskId,
        /// With whom.
        pub school_id: SchoolId,
        /// Of which exam.
        pub exam_id: ExamId,
        /// Who.
        pub candidate_id: CandidateId,
        /// `reading`, `pledge` or `booking`.
        pub kind: String,
        /// When it was begun.
        pub began_at: Timestamp,
        /// When it was done.
        pub done_at: Option<Timestamp>,
        /// The booked slot.
        pub slot_id: Option<SlotId>,
        /// Its beginning, as it was booked.
        pub starts_at: Option<Timestamp>,
        /// Its end, as it was booked.
        pub ends_at: Option<Timestamp>,
        /// SHA-256 of the text that was signed, hex.
        pub text_hash: Option<String>,
        /// In which language it was shown.
        pub language: Option<String>,
        /// On which device it was signed.
        pub device_id: Option<DeviceId>,
        /// The signature, under the candidate's key.
        pub cipher: Option<Vec<u8>>,
    }

    /// How many places of a slot are taken.
    pub struct SlotTaken {
        /// The slot.
        pub slot_id: SlotId,
        /// So many.
        pub taken: u32,
    }
}

/// Keeps what was done, over what was known of the same task before.
pub fn put(tx: &mut Tx, row: &TaskRow) {
    tx.defer(
        "INSERT INTO task_progress
             (enrolment_id, task_id, school_id, exam_id, candidate_id, kind, began_at, done_at, slot_id, starts_at,
              ends_at, text_hash, language, device_id, cipher)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (enrolment_id, task_id) DO UPDATE SET
             began_at = excluded.began_at, done_at = excluded.done_at, slot_id = excluded.slot_id,
             starts_at = excluded.starts_at, ends_at = excluded.ends_at, text_hash = excluded.text_hash,
             language = excluded.language, device_id = excluded.device_id, cipher = excluded.cipher",
        args![
            row.enrolment_id,
            row.task_id,
            row.school_id,
            row.exam_id,
            row.candidate_id,
            &row.kind,
            row.began_at,
            row.done_at,
            row.slot_id,
            row.starts_at,
            row.ends_at,
            row.text_hash.clone(),
            row.language.clone(),
            row.device_id,
            row.cipher.clone()
        ],
    );
}

/// Forgets what was done of a task: a slot that is given back.
pub fn remove(tx: &mut Tx, enrolment: EnrolmentId, task: TaskId) {
    tx.defer("DELETE FROM task_progress WHERE enrolment_id = $1 AND task_id = $2", args![enrolment, task]);
}

/// What was done for an enrolment.
pub async fn of_enrolment(tx: &mut Tx, enrolment: EnrolmentId) -> Result<Vec<TaskRow>> {
    tx.fetch_all("SELECT * FROM task_progress WHERE enrolment_id = $1 ORDER BY task_id", args![enrolment])
        .await
}

/// What was done for several enrolments.
pub async fn of_enrolments(tx: &mut Tx, enrolments: &[EnrolmentId]) -> Result<Vec<TaskRow>> {
    let mut found = Vec::new();
    for some in enrolments.chunks(64) {
        let args = some.iter().map(Value::from).collect();
        let sql = format!("SELECT * FROM task_progress WHERE enrolment_id IN ({})", numbers(0, some.len()));
        found.append(&mut tx.fetch_all(AssertSqlSafe(sql), args).await?);
    }
    Ok(found)
}

/// How many places are taken of each slot of an exam that anybody booked.
pub async fn taken(tx: &mut Tx, exam: ExamId) -> Result<HashMap<SlotId, u32>> {
    let rows: Vec<SlotTaken> =
        tx.fetch_all("SELECT slot_id, taken FROM slot_taken WHERE exam_id = $1", args![exam]).await?;
    Ok(rows.into_iter().map(|row| (row.slot_id, row.taken)).collect())
}

/// Takes one of `capacity` places; `false` where none is left. Of two who ask for the last one at once one gets it.
pub async fn take_place(tx: &mut Tx, exam: ExamId, slot: SlotId, capacity: u32) -> Result<bool> {
    tx.execute(
        "INSERT INTO slot_taken (slot_id, exam_id, taken) VALUES ($1, $2, 0) ON CONFLICT (slot_id) DO NOTHING",
        args![slot, exam],
    )
    .await?;
    let raised = tx
        .execute(
            "UPDATE slot_taken SET taken = taken + 1 WHERE slot_id = $1 AND taken < $2",
            args![slot, capacity],
        )
        .await?;
    Ok(raised == 1)
}

/// Gives a place back.
pub async fn give_place_back(tx: &mut Tx, slot: SlotId) -> Result<()> {
    tx.execute("UPDATE slot_taken SET taken = taken - 1 WHERE slot_id = $1 AND taken > 0", args![slot])
        .await?;
    Ok(())
}

/// Takes a place in one slot for one in another; `false`, with nothing changed, where none is left. Slots are touched in
/// one order, so that two who change places do not wait for each other.
pub async fn move_place(tx: &mut Tx, exam: ExamId, from: SlotId, to: (SlotId, u32)) -> Result<bool> {
    let (to, capacity) = to;
    if from < to {
        give_place_back(tx, from).await?;
        let moved = take_place(tx, exam, to, capacity).await?;
        if !moved {
            take_place(tx, exam, from, u32::MAX).await?;
        }
        return Ok(moved);
    }
    let moved = take_place(tx, exam, to, capacity).await?;
    if moved {
        give_place_back(tx, from).await?;
    }
    Ok(moved)
}
