//! Reviews: state as one versioned document beside the events that led to it, what people wrote closed.

use crate::{Changed, Page, Paged, Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{AccountId, CandidateId, ReviewId, SittingId},
    review::ReviewKind,
    time::Timestamp,
};

rows! {
    /// A review as stored. Everything but `state` and `facts_cipher` is copied from the state at every save.
    pub struct ReviewRow {
        /// Its id.
        pub id: ReviewId,
        /// About what.
        pub kind: ReviewKind,
        /// Which of several of its kind.
        pub topic: String,
        /// For whom.
        pub candidate_id: CandidateId,
        /// In which sitting it came up.
        pub sitting_id: Option<SittingId>,
        /// The state's name.
        pub status: String,
        /// Who has it before them.
        pub claimed_by: Option<AccountId>,
        /// When it was asked for.
        pub opened_at: Timestamp,
        /// When it is to be answered by.
        pub due_at: Timestamp,
        /// When it came to its end.
        pub closed_at: Option<Timestamp>,
        /// The version this was loaded with, from 1.
        pub version: i64,
        /// The version of the state's schema.
        pub schema_version: i64,
        /// The aggregate, JSON.
        pub state: String,
        /// What it is about, closed with the candidate's key.
        pub facts_cipher: Vec<u8>,
    }

    /// A review in the queue.
    pub struct Queued {
        /// Its id.
        pub id: ReviewId,
        /// The aggregate, JSON.
        pub state: String,
        /// Since when the candidate is in a formal sitting that is open now, if in one.
        pub urgent_since: Option<Timestamp>,
    }

    /// Something that happened to a review.
    pub struct ReviewEvent {
        /// To which.
        pub review_id: ReviewId,
        /// Counted from 1 without gaps.
        pub seq: i64,
        /// The event's name.
        pub kind: String,
        /// When.
        pub at: Timestamp,
        /// Who did it.
        pub actor: String,
        /// The event, JSON; nothing personal.
        pub body: String,
        /// What was written with it, closed.
        pub words_cipher: Option<Vec<u8>>,
    }
}

/// Which reviews the desk asks for.
#[derive(Debug, Clone, Default)]
pub struct ReviewFilter {
    /// Only about this.
    pub kind: Option<ReviewKind>,
    /// Only in this state.
    pub status: Option<String>,
    /// Only those that this agent has.
    pub claimed_by: Option<AccountId>,
    /// Only of this candidate.
    pub candidate: Option<CandidateId>,
    /// Those that are over, instead of those that are not.
    pub closed: bool,
}

/// Opens a review; `false` where the candidate has a live one of this kind and topic. Tells who listens.
pub async fn insert(tx: &mut Tx, review: &ReviewRow) -> Result<bool> {
    let made = tx
        .execute(
            "INSERT INTO review (id, kind, topic, candidate_id, sitting_id, status, claimed_by, opened_at, due_at,
                 closed_at, version, schema_version, state, facts_cipher)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
            args![
                review.id,
                review.kind,
                &review.topic,
                review.candidate_id,
                review.sitting_id,
                &review.status,
                review.claimed_by,
                review.opened_at,
                review.due_at,
                review.closed_at,
                review.version,
                review.schema_version,
                &review.state,
                &review.facts_cipher
            ],
        )
        .await?;
    if made == 1 {
        tell(tx, review.id, review.candidate_id, review.version);
    }
    Ok(made == 1)
}

/// Saves a changed review over the version `loaded`, at the end of the command, and tells who listens. The
/// command meets a conflict, and runs again, where somebody was faster.
pub fn save(tx: &mut Tx, review: &ReviewRow, loaded: i64) {
    tx.defer_expecting(
        1,
        "UPDATE review SET status = $3, claimed_by = $4, due_at = $5, closed_at = $6, version = $7,
             schema_version = $8, state = $9, facts_cipher = $10
         WHERE id = $1 AND version = $2",
        args![
            review.id,
            loaded,
            &review.status,
            review.claimed_by,
            review.due_at,
            review.closed_at,
            review.version,
            review.schema_version,
            &review.state,
            &review.facts_cipher
        ],
    );
    tell(tx, review.id, review.candidate_id, review.version);
}

/// Appends an event at the end of the command.
pub fn append(tx: &mut Tx, event: &ReviewEvent) {
    tx.defer_expecting(
        1,
        "INSERT INTO review_event (review_id, seq, kind, at, actor, body, words_cipher)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        args![
            event.review_id,
            event.seq,
            &event.kind,
            event.at,
            &event.actor,
            &event.body,
            event.words_cipher.clone()
        ],
    );
}

/// One review.
pub async fn get(tx: &mut Tx, id: ReviewId) -> Result<Option<ReviewRow>> {
    tx.fetch_optional("SELECT * FROM review WHERE id = $1", args![id]).await
}

/// A candidate's live review of a kind and topic.
pub async fn live(
    tx: &mut Tx,
    candidate: CandidateId,
    kind: ReviewKind,
    topic: &str,
) -> Result<Option<ReviewRow>> {
    tx.fetch_optional(
        "SELECT * FROM review WHERE candidate_id = $1 AND kind = $2 AND topic = $3 AND closed_at IS NULL",
        args![candidate, kind, topic],
    )
    .await
}

/// A candidate's reviews, newest first.
pub async fn of_candidate(tx: &mut Tx, candidate: CandidateId, limit: u32) -> Result<Vec<ReviewRow>> {
    tx.fetch_all(
        "SELECT * FROM review WHERE candidate_id = $1 ORDER BY opened_at DESC, id DESC LIMIT $2",
        args![candidate, limit],
    )
    .await
}

/// A review's events, in order.
pub async fn events(tx: &mut Tx, id: ReviewId) -> Result<Vec<ReviewEvent>> {
    tx.fetch_all("SELECT * FROM review_event WHERE review_id = $1 ORDER BY seq", args![id]).await
}

/// The text that picks reviews by a filter; what it says of urgency holds now.
const PICKED: &str = "FROM (SELECT review.*, (SELECT min(sitting.entered_at) FROM sitting
        WHERE sitting.candidate_id = review.candidate_id AND sitting.kind = 'formal'
          AND sitting.phase IN ('open', 'reopened', 'suspended')) AS urgent_since FROM review) AS queue
    WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR status = $2) AND ($3 IS NULL OR claimed_by = $3)
      AND ($4 IS NULL OR candidate_id = $4)";

/// A page of the queue: candidates in open formal sittings first, then what is due first. What is over comes
/// latest first.
pub async fn queue(tx: &mut Tx, filter: &ReviewFilter, page: Page) -> Result<Paged<Queued>> {
    let mut args = args![filter.kind, filter.status.clone(), filter.claimed_by, filter.candidate];
    let (which, order) = if filter.closed {
        ("closed_at IS NOT NULL", "closed_at DESC, id DESC")
    } else {
        ("closed_at IS NULL", "CASE WHEN urgent_since IS NULL THEN 1 ELSE 0 END, due_at, id")
    };
    let counted = format!("SELECT count(*) {PICKED} AND {which}");
    let (total,): (i64,) = tx.fetch_one(sqlx::AssertSqlSafe(counted), args.clone()).await?;
    args.extend(args![page.limit, page.offset]);
    let picked =
        format!("SELECT id, state, urgent_since {PICKED} AND {which} ORDER BY {order} LIMIT $5 OFFSET $6");
    let items = tx.fetch_all(sqlx::AssertSqlSafe(picked), args).await?;
    Ok(Paged { items, total: total.unsigned_abs() })
}

/// Since when a candidate is in a formal sitting that is open now.
pub async fn urgent_since(tx: &mut Tx, candidate: CandidateId) -> Result<Option<Timestamp>> {
    let (since,): (Option<i64>,) = tx
        .fetch_one(
            "SELECT min(entered_at) FROM sitting WHERE candidate_id = $1 AND kind = 'formal'
               AND phase IN ('open', 'reopened', 'suspended')",
            args![candidate],
        )
        .await?;
    Ok(since.map(Timestamp))
}

fn tell(tx: &mut Tx, id: ReviewId, candidate: CandidateId, version: i64) {
    tx.notify(Changed {
        kind: "review".to_owned(),
        id: id.to_string(),
        school_id: None,
        exam_id: None,
        version: Some(version),
    });
    tell_candidate(tx, candidate);
}

/// Tells a candidate's pages to look again: a review, a message or their standing has changed.
pub fn tell_candidate(tx: &mut Tx, candidate: CandidateId) {
    tx.notify(Changed {
        kind: "candidate".to_owned(),
        id: candidate.to_string(),
        school_id: None,
        exam_id: None,
        version: None,
    });
}
