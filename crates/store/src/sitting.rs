//! Sittings: state as one versioned document beside the events that led to it.

use crate::{Changed, Page, Paged, Result, Tx, args, columns::rows, many::defer_new_rows};
use yikao_domain::{
    exam::SittingKind,
    id::{CandidateId, CommandId, EnrolmentId, ExamId, MajorId, RevisionId, SchoolId, SessionId, SittingId},
    time::Timestamp,
};

rows! {
    /// A sitting as stored. Everything but `state` is for finding it, copied from the state at every save.
    pub struct SittingRow {
        /// Its id.
        pub id: SittingId,
        /// With whom.
        pub school_id: SchoolId,
        /// In which exam.
        pub exam_id: ExamId,
        /// The revision it is pinned to.
        pub revision_id: RevisionId,
        /// In which major.
        pub major_id: MajorId,
        /// In which session.
        pub session_id: SessionId,
        /// By which enrolment.
        pub enrolment_id: EnrolmentId,
        /// Whose.
        pub candidate_id: CandidateId,
        /// Practice, mock or formal.
        pub kind: SittingKind,
        /// The phase's name.
        pub phase: String,
        /// When the candidate entered.
        pub entered_at: Timestamp,
        /// When it closes, while that is known.
        pub closes_at: Option<Timestamp>,
        /// When time alone will next change it.
        pub due_at: Option<Timestamp>,
        /// The version this was loaded with, from 1.
        pub version: i64,
        /// The version of the state's schema.
        pub schema_version: i64,
        /// The aggregate, JSON.
        pub state: String,
    }

    /// Something that happened in a sitting: the audit log and the reviewers' timeline.
    pub struct EventRow {
        /// In which sitting.
        pub sitting_id: SittingId,
        /// Counted from 1 without gaps.
        pub seq: i64,
        /// With whom.
        pub school_id: SchoolId,
        /// The version of the body's schema.
        pub schema_version: i64,
        /// The event's name.
        pub kind: String,
        /// When.
        pub at: Timestamp,
        /// Who did it: the candidate, a member of staff, the clock.
        pub actor: String,
        /// The command that led to it.
        pub command_id: Option<CommandId>,
        /// The event, JSON.
        pub body: String,
    }
}

/// Which sittings the console asks for.
#[derive(Debug, Clone, Default)]
pub struct SittingFilter {
    /// Only in this phase.
    pub phase: Option<String>,
    /// Only of this candidate.
    pub candidate: Option<CandidateId>,
    /// Only of this kind.
    pub kind: Option<SittingKind>,
    /// Only with a submission whose delivery is settled.
    pub delivered: bool,
}

/// Adds a sitting at the end of the command, and tells who listens. The command meets a conflict, and runs again,
/// where the enrolment has one in this session.
pub fn insert(tx: &mut Tx, sitting: &SittingRow) {
    tx.defer_expecting(
        1,
        "INSERT INTO sitting (id, school_id, exam_id, revision_id, major_id, session_id, enrolment_id,
             candidate_id, kind, phase, entered_at, closes_at, due_at, version, schema_version, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (enrolment_id, session_id) DO NOTHING",
        args![
            sitting.id,
            sitting.school_id,
            sitting.exam_id,
            sitting.revision_id,
            sitting.major_id,
            sitting.session_id,
            sitting.enrolment_id,
            sitting.candidate_id,
            sitting.kind,
            &sitting.phase,
            sitting.entered_at,
            sitting.closes_at,
            sitting.due_at,
            sitting.version,
            sitting.schema_version,
            &sitting.state
        ],
    );
    tell(tx, sitting, sitting.version);
}

/// Saves a loaded and changed sitting as the version after `sitting.version`, at the end of the command, and
/// tells who listens. The command meets a conflict, and runs again, where somebody was faster.
pub fn save(tx: &mut Tx, sitting: &SittingRow) {
    tx.defer_expecting(
        1,
        "UPDATE sitting SET phase = $3, closes_at = $4, due_at = $5, schema_version = $6, state = $7,
             version = version + 1
         WHERE id = $1 AND version = $2",
        args![
            sitting.id,
            sitting.version,
            &sitting.phase,
            sitting.closes_at,
            sitting.due_at,
            sitting.schema_version,
            &sitting.state
        ],
    );
    tell(tx, sitting, sitting.version + 1);
}

/// Appends events at the end of the command, which meets a conflict, and runs again, where a sequence number
/// is taken.
pub fn append(tx: &mut Tx, events: &[EventRow]) {
    let rows = events.iter().map(|event| {
        args![
            event.sitting_id,
            event.seq,
            event.school_id,
            event.schema_version,
            &event.kind,
            event.at,
            &event.actor,
            event.command_id,
            &event.body
        ]
    });
    defer_new_rows(
        tx,
        "INSERT INTO sitting_event
             (sitting_id, seq, school_id, schema_version, kind, at, actor, command_id, body)",
        rows.collect(),
    );
}

/// One sitting.
pub async fn get(tx: &mut Tx, id: SittingId) -> Result<Option<SittingRow>> {
    tx.fetch_optional("SELECT * FROM sitting WHERE id = $1", args![id]).await
}

/// An enrolment's sitting in a session.
pub async fn find(tx: &mut Tx, enrolment: EnrolmentId, session: SessionId) -> Result<Option<SittingRow>> {
    tx.fetch_optional(
        "SELECT * FROM sitting WHERE enrolment_id = $1 AND session_id = $2",
        args![enrolment, session],
    )
    .await
}

/// A candidate's sittings of a kind that are not over, oldest first.
pub async fn under_way(tx: &mut Tx, candidate: CandidateId, kind: SittingKind) -> Result<Vec<SittingRow>> {
    tx.fetch_all(
        "SELECT * FROM sitting WHERE candidate_id = $1 AND kind = $2 AND phase <> 'closed' ORDER BY entered_at, id",
        args![candidate, kind],
    )
    .await
}

/// How many sittings a session has.
pub async fn entered(tx: &mut Tx, session: SessionId) -> Result<u64> {
    let (entered,): (i64,) =
        tx.fetch_one("SELECT count(*) FROM sitting WHERE session_id = $1", args![session]).await?;
    Ok(entered.unsigned_abs())
}

/// How many sittings of an exam are where.
pub async fn counts(tx: &mut Tx, exam: ExamId) -> Result<SittingCounts> {
    tx.fetch_one(
        "SELECT count(*) AS sittings, count(CASE WHEN phase <> 'closed' THEN 1 END) AS sitting_now,
             count(CASE WHEN EXISTS (SELECT 1 FROM receipt WHERE receipt.sitting_id = sitting.id
                 AND receipt.kind = 'submission') THEN 1 END) AS submitted
         FROM sitting WHERE exam_id = $1",
        args![exam],
    )
    .await
}

/// An enrolment's sittings, oldest first.
pub async fn of_enrolment(tx: &mut Tx, enrolment: EnrolmentId) -> Result<Vec<SittingRow>> {
    tx.fetch_all("SELECT * FROM sitting WHERE enrolment_id = $1 ORDER BY entered_at, id", args![enrolment])
        .await
}

/// A candidate's sittings in all schools, oldest first.
pub async fn of_candidate(tx: &mut Tx, candidate: CandidateId) -> Result<Vec<SittingRow>> {
    tx.fetch_all("SELECT * FROM sitting WHERE candidate_id = $1 ORDER BY entered_at, id", args![candidate])
        .await
}

/// A candidate's formal sittings that are open now.
pub async fn open_formal(tx: &mut Tx, candidate: CandidateId) -> Result<Vec<SittingId>> {
    let rows: Vec<IdRow> = tx
        .fetch_all(
            "SELECT id FROM sitting WHERE candidate_id = $1 AND kind = 'formal'
               AND phase IN ('open', 'reopened', 'suspended') ORDER BY entered_at, id",
            args![candidate],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A sitting's events after `seq`, in order.
pub async fn events(tx: &mut Tx, id: SittingId, after_seq: i64) -> Result<Vec<EventRow>> {
    tx.fetch_all(
        "SELECT * FROM sitting_event WHERE sitting_id = $1 AND seq > $2 ORDER BY seq",
        args![id, after_seq],
    )
    .await
}

/// Sittings that time alone changes by `now`, longest overdue first.
pub async fn due(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Vec<SittingId>> {
    let rows: Vec<IdRow> = tx
        .fetch_all(
            "SELECT id FROM sitting WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at LIMIT $2",
            args![now, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A page of an exam's sittings for the console, latest entry first.
pub async fn page(
    tx: &mut Tx,
    exam: ExamId,
    filter: &SittingFilter,
    page: Page,
) -> Result<Paged<SittingRow>> {
    let mut args = args![exam, filter.phase.clone(), filter.candidate, filter.kind, filter.delivered];
    let (total,): (i64,) = tx
        .fetch_one(
            "SELECT count(*) FROM sitting WHERE exam_id = $1 AND ($2 IS NULL OR phase = $2)
               AND ($3 IS NULL OR candidate_id = $3) AND ($4 IS NULL OR kind = $4)
               AND ($5 = 0 OR EXISTS (SELECT 1 FROM sitting_event
                   WHERE sitting_event.sitting_id = sitting.id AND sitting_event.kind = 'delivered'))",
            args.clone(),
        )
        .await?;
    args.extend(args![page.limit, page.offset]);
    let items = tx
        .fetch_all(
            "SELECT * FROM sitting WHERE exam_id = $1 AND ($2 IS NULL OR phase = $2)
               AND ($3 IS NULL OR candidate_id = $3) AND ($4 IS NULL OR kind = $4)
               AND ($5 = 0 OR EXISTS (SELECT 1 FROM sitting_event
                   WHERE sitting_event.sitting_id = sitting.id AND sitting_event.kind = 'delivered'))
             ORDER BY entered_at DESC, id DESC LIMIT $6 OFFSET $7",
            args,
        )
        .await?;
    Ok(Paged { items, total: total.unsigned_abs() })
}

rows! {
    /// How many sittings of an exam are where.
    pub struct SittingCounts {
        /// All.
        pub sittings: u64,
        /// Those that are not over.
        pub sitting_now: u64,
        /// Those with something submitted.
        pub submitted: u64,
    }

    /// An id alone.
    pub struct IdRow {
        /// It.
        pub id: SittingId,
    }
}

fn tell(tx: &mut Tx, sitting: &SittingRow, version: i64) {
    tx.notify(Changed {
        kind: "sitting".to_owned(),
        id: sitting.id.to_string(),
        school_id: Some(sitting.school_id.to_string()),
        exam_id: Some(sitting.exam_id.to_string()),
        version: Some(version),
    });
}
