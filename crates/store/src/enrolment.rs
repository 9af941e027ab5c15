//! Enrolments (确认报考): a candidate confirmed for a major of an exam.

use crate::{Result, Tx, args, columns::rows, many::numbers, value::Value};
use sqlx::AssertSqlSafe;
use yikao_domain::{
    exam::ExamState,
    id::{CandidateId, EnrolmentId, ExamId, MajorId, RevisionId, RosterEntryId, SchoolId},
    time::Timestamp,
};

rows! {
    /// A candidate confirmed for a major.
    pub struct Enrolment {
        /// Its id.
        pub id: EnrolmentId,
        /// With whom.
        pub school_id: SchoolId,
        /// For which exam.
        pub exam_id: ExamId,
        /// For which major.
        pub major_id: MajorId,
        /// The revision it was confirmed under.
        pub revision_id: RevisionId,
        /// Who.
        pub candidate_id: CandidateId,
        /// The list's row that allowed it, unless the exam has no list.
        pub roster_entry_id: Option<RosterEntryId>,
        /// When.
        pub confirmed_at: Timestamp,
    }

    /// An enrolment beside what its exam says now: what entering asks for, in one trip.
    pub struct Entrance {
        /// The enrolment.
        pub id: EnrolmentId,
        /// With whom.
        pub school_id: SchoolId,
        /// For which exam.
        pub exam_id: ExamId,
        /// For which major.
        pub major_id: MajorId,
        /// The revision it was confirmed under.
        pub revision_id: RevisionId,
        /// Who.
        pub candidate_id: CandidateId,
        /// How far the exam is.
        pub exam_state: ExamState,
        /// The exam's revision now.
        pub current_revision_id: Option<RevisionId>,
    }
}

/// Confirms an enrolment; `false` where the candidate has one for this major.
pub async fn insert(tx: &mut Tx, enrolment: &Enrolment) -> Result<bool> {
    let made = tx
        .execute(
            "INSERT INTO enrolment
                 (id, school_id, exam_id, major_id, revision_id, candidate_id, roster_entry_id, confirmed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (exam_id, major_id, candidate_id) DO NOTHING",
            args![
                enrolment.id,
                enrolment.school_id,
                enrolment.exam_id,
                enrolment.major_id,
                enrolment.revision_id,
                enrolment.candidate_id,
                enrolment.roster_entry_id,
                enrolment.confirmed_at
            ],
        )
        .await?;
    Ok(made == 1)
}

/// One enrolment.
pub async fn get(tx: &mut Tx, id: EnrolmentId) -> Result<Option<Enrolment>> {
    tx.fetch_optional("SELECT * FROM enrolment WHERE id = $1", args![id]).await
}

/// Makes other commands that lock the same enrolment wait until this one is over.
pub async fn lock(tx: &mut Tx, id: EnrolmentId) -> Result<()> {
    tx.execute("UPDATE enrolment SET confirmed_at = confirmed_at WHERE id = $1", args![id]).await?;
    Ok(())
}

/// One enrolment, to be entered with.
pub async fn entrance(tx: &mut Tx, id: EnrolmentId) -> Result<Option<Entrance>> {
    tx.fetch_optional(
        "SELECT enrolment.*, exam.state AS exam_state, exam.current_revision_id AS current_revision_id
         FROM enrolment JOIN exam ON exam.id = enrolment.exam_id WHERE enrolment.id = $1",
        args![id],
    )
    .await
}

/// A candidate's enrolment for a major.
pub async fn find(
    tx: &mut Tx,
    exam: ExamId,
    major: MajorId,
    candidate: CandidateId,
) -> Result<Option<Enrolment>> {
    tx.fetch_optional(
        "SELECT * FROM enrolment WHERE exam_id = $1 AND major_id = $2 AND candidate_id = $3",
        args![exam, major, candidate],
    )
    .await
}

/// A candidate's enrolments, newest first.
pub async fn of_candidate(tx: &mut Tx, candidate: CandidateId) -> Result<Vec<Enrolment>> {
    tx.fetch_all(
        "SELECT * FROM enrolment WHERE candidate_id = $1 ORDER BY confirmed_at DESC, id DESC",
        args![candidate],
    )
    .await
}

/// The enrolments of an exam that these entries of its lists led to.
pub async fn of_entries(tx: &mut Tx, exam: ExamId, entries: &[RosterEntryId]) -> Result<Vec<Enrolment>> {
    let mut found = Vec::new();
    for some in entries.chunks(64) {
        let mut args = args![exam];
        args.extend(some.iter().map(Value::from));
        let sql = format!(
            "SELECT * FROM enrolment WHERE exam_id = $1 AND roster_entry_id IN ({})",
            numbers(1, some.len())
        );
        found.append(&mut tx.fetch_all(AssertSqlSafe(sql), args).await?);
    }
    Ok(found)
}

/// How many candidates an exam has.
pub async fn count(tx: &mut Tx, exam: ExamId) -> Result<u64> {
    let (count,): (i64,) =
        tx.fetch_one("SELECT count(*) FROM enrolment WHERE exam_id = $1", args![exam]).await?;
    Ok(count.unsigned_abs())
}
