//! Exam revisions: immutable, numbered from 1.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{AccountId, ExamId, RevisionId, SchoolId},
    time::Timestamp,
};

rows! {
    /// One revision of an exam.
    pub struct Revision {
        /// Its id.
        pub id: RevisionId,
        /// Whose.
        pub school_id: SchoolId,
        /// Of which exam.
        pub exam_id: ExamId,
        /// Counted from 1.
        pub number: u32,
        /// The version of the body's schema.
        pub schema_version: i64,
        /// The exam as data, JSON.
        pub body: String,
        /// When it was saved.
        pub created_at: Timestamp,
        /// By whom.
        pub created_by: AccountId,
    }
}

/// Adds a revision at the end of the command. Two of one number cannot be; the second command fails.
pub fn insert(tx: &mut Tx, revision: &Revision) {
    tx.defer(
        "INSERT INTO exam_revision (id, school_id, exam_id, number, schema_version, body, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            revision.id,
            revision.school_id,
            revision.exam_id,
            revision.number,
            revision.schema_version,
            &revision.body,
            revision.created_at,
            revision.created_by
        ],
    );
}

/// One revision.
pub async fn get(tx: &mut Tx, id: RevisionId) -> Result<Option<Revision>> {
    tx.fetch_optional("SELECT * FROM exam_revision WHERE id = $1", args![id]).await
}

/// An exam's latest revision.
pub async fn latest(tx: &mut Tx, exam: ExamId) -> Result<Option<Revision>> {
    tx.fetch_optional(
        "SELECT * FROM exam_revision WHERE exam_id = $1 ORDER BY number DESC LIMIT 1",
        args![exam],
    )
    .await
}

/// An exam's revisions, newest first.
pub async fn of_exam(tx: &mut Tx, exam: ExamId) -> Result<Vec<Revision>> {
    tx.fetch_all("SELECT * FROM exam_revision WHERE exam_id = $1 ORDER BY number DESC", args![exam]).await
}
