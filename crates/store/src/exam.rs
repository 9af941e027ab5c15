//! Exams and their revisions.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    exam::ExamState,
    id::{ExamId, RevisionId, SchoolId},
    time::Timestamp,
};

rows! {
    /// One examination of a school.
    pub struct Exam {
        /// Its id.
        pub id: ExamId,
        /// Whose.
        pub school_id: SchoolId,
        /// How far it is.
        pub state: ExamState,
        /// What candidates see and sittings are pinned to, once there is any.
        pub current_revision_id: Option<RevisionId>,
        /// Copied from the current revision.
        pub title: String,
        /// When candidates may first come.
        pub opens_at: Timestamp,
        /// When it is over.
        pub closes_at: Timestamp,
        /// Counted up by every change.
        pub version: i64,
        /// When it was made.
        pub created_at: Timestamp,
    }
}

/// Adds an exam at the end of the command.
pub fn insert(tx: &mut Tx, exam: &Exam) {
    tx.defer(
        "INSERT INTO exam (id, school_id, state, current_revision_id, title, opens_at, closes_at, version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            exam.id,
            exam.school_id,
            exam.state,
            exam.current_revision_id,
            &exam.title,
            exam.opens_at,
            exam.closes_at,
            exam.version,
            exam.created_at
        ],
    );
}

/// One exam.
pub async fn get(tx: &mut Tx, id: ExamId) -> Result<Option<Exam>> {
    tx.fetch_optional("SELECT * FROM exam WHERE id = $1", args![id]).await
}

/// Makes other commands that lock the same exam wait until this one is over.
pub async fn lock(tx: &mut Tx, id: ExamId) -> Result<()> {
    tx.execute("UPDATE exam SET version = version WHERE id = $1", args![id]).await?;
    Ok(())
}

/// A school's exams, newest first.
pub async fn of_school(tx: &mut Tx, school: SchoolId) -> Result<Vec<Exam>> {
    tx.fetch_all("SELECT * FROM exam WHERE school_id = $1 ORDER BY created_at DESC, id DESC", args![school])
        .await
}

/// Saves a loaded and changed exam as the version after the one it was loaded with, which is `exam.version`.
/// The command fails with a conflict where somebody was faster.
pub fn save(tx: &mut Tx, exam: &Exam) {
    tx.defer_expecting(
        1,
        "UPDATE exam SET state = $3, current_revision_id = $4, title = $5, opens_at = $6, closes_at = $7,
             version = version + 1
         WHERE id = $1 AND version = $2",
        args![
            exam.id,
            exam.version,
            exam.state,
            exam.current_revision_id,
            &exam.title,
            exam.opens_at,
            exam.closes_at
        ],
    );
}
