//! What candidates and the desk write to each other, closed with the candidate's key.

use crate::{Changed, Page, Result, Tx, args, columns::rows, review};
use uuid::Uuid;
use yikao_domain::{
    id::{AccountId, CandidateId, ReviewId},
    time::Timestamp,
};

rows! {
    /// A message.
    pub struct DeskMessage {
        /// Its id.
        pub id: Uuid,
        /// With which candidate.
        pub candidate_id: CandidateId,
        /// About which review, if about one.
        pub review_id: Option<ReviewId>,
        /// Whether the desk wrote it.
        pub from_desk: bool,
        /// Who wrote it.
        pub author_id: AccountId,
        /// The text, closed.
        pub cipher: Vec<u8>,
        /// The device's log, sent by consent, closed.
        pub log_cipher: Option<Vec<u8>>,
        /// When.
        pub at: Timestamp,
        /// When the other side read it.
        pub read_at: Option<Timestamp>,
    }

    /// A candidate whom the desk has messages with.
    pub struct Conversation {
        /// Who.
        pub candidate_id: CandidateId,
        /// Messages that nobody at the desk has read.
        pub unread: i64,
        /// The oldest of them.
        pub waiting_since: Option<Timestamp>,
        /// The newest message of either side.
        pub last_at: Timestamp,
        /// Since when the candidate is in a formal sitting that is open now.
        pub urgent_since: Option<Timestamp>,
    }
}

/// Keeps a message at the end of the command, and tells both sides.
pub fn insert(tx: &mut Tx, message: &DeskMessage) {
    tx.defer(
        "INSERT INTO desk_message
             (id, candidate_id, review_id, from_desk, author_id, cipher, log_cipher, at, read_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            message.id,
            message.candidate_id,
            message.review_id,
            message.from_desk,
            message.author_id,
            &message.cipher,
            message.log_cipher.clone(),
            message.at,
            message.read_at
        ],
    );
    tell(tx, message.candidate_id);
}

/// The messages with a candidate, newest first.
pub async fn of_candidate(tx: &mut Tx, candidate: CandidateId, page: Page) -> Result<Vec<DeskMessage>> {
    tx.fetch_all(
        "SELECT * FROM desk_message WHERE candidate_id = $1 ORDER BY at DESC, id DESC LIMIT $2 OFFSET $3",
        args![candidate, page.limit, page.offset],
    )
    .await
}

/// How many messages of a candidate were sent since a moment.
pub async fn sent_since(tx: &mut Tx, candidate: CandidateId, since: Timestamp) -> Result<u64> {
    let (count,): (i64,) = tx
        .fetch_one(
            "SELECT count(*) FROM desk_message WHERE candidate_id = $1 AND from_desk = 0 AND at > $2",
            args![candidate, since],
        )
        .await?;
    Ok(count.unsigned_abs())
}

/// Notes that one side read what the other wrote up to a moment.
pub fn read(tx: &mut Tx, candidate: CandidateId, from_desk: bool, until: Timestamp, at: Timestamp) {
    tx.defer(
        "UPDATE desk_message SET read_at = $4
         WHERE candidate_id = $1 AND from_desk = $2 AND at <= $3 AND read_at IS NULL",
        args![candidate, from_desk, until, at],
    );
    tell(tx, candidate);
}

/// Conversations: unanswered ones first, those of candidates in an open formal sitting before all.
pub async fn conversations(tx: &mut Tx, limit: u32) -> Result<Vec<Conversation>> {
    tx.fetch_all(
        "SELECT * FROM (SELECT candidate_id,
             count(CASE WHEN from_desk = 0 AND read_at IS NULL THEN 1 END) AS unread,
             min(CASE WHEN from_desk = 0 AND read_at IS NULL THEN at END) AS waiting_since,
             max(at) AS last_at,
             (SELECT min(sitting.entered_at) FROM sitting
                 WHERE sitting.candidate_id = desk_message.candidate_id AND sitting.kind = 'formal'
                   AND sitting.phase IN ('open', 'reopened', 'suspended')) AS urgent_since
             FROM desk_message GROUP BY candidate_id) AS conversation
         ORDER BY CASE WHEN unread = 0 THEN 2 WHEN urgent_since IS NULL THEN 1 ELSE 0 END,
             waiting_since, last_at DESC LIMIT $1",
        args![limit],
    )
    .await
}

fn tell(tx: &mut Tx, candidate: CandidateId) {
    tx.notify(Changed {
        kind: "desk_message".to_owned(),
        id: candidate.to_string(),
        school_id: None,
        exam_id: None,
        version: None,
    });
    review::tell_candidate(tx, candidate);
}
