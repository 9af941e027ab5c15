//! Faces: how accounts stand, what they are compared with, challenges, checks.

use crate::{Page, Result, Tx, args, columns::rows, review};
use uuid::Uuid;
use yikao_domain::{
    id::{AccountId, CandidateId, FaceChallengeId, FaceCheckId, LoginId, SittingId, SubjectId, TakeId},
    time::Timestamp,
};

rows! {
    /// How an account stands.
    pub struct StandingRow {
        /// Whose.
        pub account_id: AccountId,
        /// Its name.
        pub standing: String,
        /// Counted from 1.
        pub version: i64,
        /// The version of the state's schema.
        pub schema_version: i64,
        /// The aggregate, JSON.
        pub state: String,
        /// When it last changed.
        pub changed_at: Timestamp,
    }

    /// A face that others are compared with.
    pub struct Reference {
        /// Its id.
        pub id: Uuid,
        /// Whose.
        pub account_id: AccountId,
        /// Where it comes from: `document`, `portrait`, `challenge`, `desk`.
        pub source: String,
        /// Which engine made it; others cannot be compared with it.
        pub engine: String,
        /// The embedding, closed.
        pub cipher: Vec<u8>,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it stopped counting.
        pub removed_at: Option<Timestamp>,
    }

    /// A challenge that was issued.
    pub struct Challenge {
        /// Its id.
        pub id: FaceChallengeId,
        /// To whom.
        pub account_id: AccountId,
        /// On which device.
        pub login_id: LoginId,
        /// What its frames have to say, hashed.
        pub nonce_hash: String,
        /// What is to be done, JSON.
        pub steps: String,
        /// How often it was saved, from 1.
        pub version: i64,
        /// When it was issued.
        pub created_at: Timestamp,
        /// Until when it may be answered.
        pub expires_at: Timestamp,
        /// When it was answered; it is not answered twice.
        pub closed_at: Option<Timestamp>,
        /// What came of it.
        pub outcome: Option<String>,
        /// What was measured in its frames, closed.
        pub cipher: Option<Vec<u8>>,
    }

    /// One comparison.
    pub struct Check {
        /// Its id.
        pub id: FaceCheckId,
        /// Whose face it should be.
        pub account_id: AccountId,
        /// On which device.
        pub login_id: LoginId,
        /// In which sitting.
        pub sitting_id: Option<SittingId>,
        /// For which subject.
        pub subject_id: Option<SubjectId>,
        /// During which take.
        pub take_id: Option<TakeId>,
        /// `enrolment`, `take` or `during`.
        pub purpose: String,
        /// `real` or `simulated`.
        pub mode: String,
        /// `pass`, `flag`, `fail` or `cannot_tell`.
        pub outcome: String,
        /// Whether a take may follow.
        pub lets_begin: bool,
        /// Why, where it was no pass.
        pub cause: Option<String>,
        /// How far the faces are apart, where they were compared.
        pub distance: Option<f64>,
        /// The picture, where it was kept.
        pub picture_id: Option<String>,
        /// When.
        pub at: Timestamp,
    }
}

/// How an account stands; none where it was never asked.
pub async fn standing(tx: &mut Tx, account: AccountId) -> Result<Option<StandingRow>> {
    tx.fetch_optional("SELECT * FROM face_standing WHERE account_id = $1", args![account]).await
}

/// Saves a standing over the version before it, at the end of the command, and tells the candidate's pages. The
/// command meets a conflict, and runs again, where somebody was faster.
pub fn save_standing(tx: &mut Tx, row: &StandingRow) {
    let args =
        args![row.account_id, &row.standing, row.version, row.schema_version, &row.state, row.changed_at];
    if row.version == 1 {
        tx.defer_expecting(
            1,
            "INSERT INTO face_standing (account_id, standing, version, schema_version, state, changed_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            args,
        );
    } else {
        tx.defer_expecting(
            1,
            "UPDATE face_standing SET standing = $2, version = $3, schema_version = $4, state = $5,
                 changed_at = $6
             WHERE account_id = $1 AND version = $3 - 1",
            args,
        );
    }
    review::tell_candidate(tx, CandidateId::from_uuid(*row.account_id.as_uuid()));
}

/// Keeps a reference at the end of the command; those of the same source stop counting.
pub fn put_reference(tx: &mut Tx, reference: &Reference) {
    tx.defer(
        "UPDATE face_reference SET removed_at = $3
         WHERE account_id = $1 AND source = $2 AND removed_at IS NULL",
        args![reference.account_id, &reference.source, reference.created_at],
    );
    tx.defer(
        "INSERT INTO face_reference (id, account_id, source, engine, cipher, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            reference.id,
            reference.account_id,
            &reference.source,
            &reference.engine,
            &reference.cipher,
            reference.created_at
        ],
    );
}

/// Everything that an account's face was compared with stops counting, at the end of the command.
pub fn retire_references(tx: &mut Tx, account: AccountId, at: Timestamp) {
    tx.defer(
        "UPDATE face_reference SET removed_at = $2 WHERE account_id = $1 AND removed_at IS NULL",
        args![account, at],
    );
}

/// What an account's face is compared with.
pub async fn references(tx: &mut Tx, account: AccountId) -> Result<Vec<Reference>> {
    tx.fetch_all(
        "SELECT * FROM face_reference WHERE account_id = $1 AND removed_at IS NULL ORDER BY created_at, id",
        args![account],
    )
    .await
}

/// Issues a challenge at the end of the command; those that were open before it are over.
pub fn issue(tx: &mut Tx, challenge: &Challenge) {
    tx.defer(
        "UPDATE face_challenge SET closed_at = $2, outcome = 'replaced'
         WHERE account_id = $1 AND closed_at IS NULL",
        args![challenge.account_id, challenge.created_at],
    );
    tx.defer(
        "INSERT INTO face_challenge
             (id, account_id, login_id, nonce_hash, steps, version, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            challenge.id,
            challenge.account_id,
            challenge.login_id,
            &challenge.nonce_hash,
            &challenge.steps,
            challenge.version,
            challenge.created_at,
            challenge.expires_at
        ],
    );
}

/// One challenge.
pub async fn challenge(tx: &mut Tx, id: FaceChallengeId) -> Result<Option<Challenge>> {
    tx.fetch_optional("SELECT * FROM face_challenge WHERE id = $1", args![id]).await
}

/// Saves what was measured, or what came of it, as the version after `challenge.version`.
pub fn save_challenge(tx: &mut Tx, challenge: &Challenge) {
    tx.defer_expecting(
        1,
        "UPDATE face_challenge SET cipher = $3, closed_at = $4, outcome = $5, version = version + 1
         WHERE id = $1 AND version = $2 AND closed_at IS NULL",
        args![
            challenge.id,
            challenge.version,
            challenge.cipher.clone(),
            challenge.closed_at,
            challenge.outcome.clone()
        ],
    );
}

/// How many challenges were issued to an account since a moment.
pub async fn issued_since(tx: &mut Tx, account: AccountId, since: Timestamp) -> Result<u64> {
    let (count,): (i64,) = tx
        .fetch_one(
            "SELECT count(*) FROM face_challenge WHERE account_id = $1 AND created_at > $2",
            args![account, since],
        )
        .await?;
    Ok(count.unsigned_abs())
}

/// Whether the account has sent this very picture before.
pub async fn knows_frame(tx: &mut Tx, account: AccountId, digest: &str) -> Result<bool> {
    let (count,): (i64,) = tx
        .fetch_one(
            "SELECT count(*) FROM face_frame WHERE account_id = $1 AND digest = $2",
            args![account, digest],
        )
        .await?;
    Ok(count > 0)
}

/// Notes a frame's digest; `false` where the account has sent this very picture before.
pub async fn note_frame(tx: &mut Tx, account: AccountId, digest: &str, at: Timestamp) -> Result<bool> {
    let new = tx
        .execute(
            "INSERT INTO face_frame (account_id, digest, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            args![account, digest, at],
        )
        .await?;
    Ok(new == 1)
}

/// Keeps a comparison at the end of the command.
pub fn insert_check(tx: &mut Tx, check: &Check) {
    tx.defer(
        "INSERT INTO face_check (id, account_id, login_id, sitting_id, subject_id, take_id, purpose, mode, outcome,
             lets_begin, cause, distance, picture_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            check.id,
            check.account_id,
            check.login_id,
            check.sitting_id,
            check.subject_id,
            check.take_id,
            &check.purpose,
            &check.mode,
            &check.outcome,
            check.lets_begin,
            check.cause.clone(),
            check.distance,
            check.picture_id.clone(),
            check.at
        ],
    );
}

/// One comparison.
pub async fn check(tx: &mut Tx, id: FaceCheckId) -> Result<Option<Check>> {
    tx.fetch_optional("SELECT * FROM face_check WHERE id = $1", args![id]).await
}

/// An account's comparisons, newest first.
pub async fn checks(tx: &mut Tx, account: AccountId, page: Page) -> Result<Vec<Check>> {
    tx.fetch_all(
        "SELECT * FROM face_check WHERE account_id = $1 ORDER BY at DESC, id DESC LIMIT $2 OFFSET $3",
        args![account, page.limit, page.offset],
    )
    .await
}

/// A sitting's comparisons, oldest first.
pub async fn checks_of_sitting(tx: &mut Tx, sitting: SittingId) -> Result<Vec<Check>> {
    tx.fetch_all("SELECT * FROM face_check WHERE sitting_id = $1 ORDER BY at, id", args![sitting]).await
}

/// Whether a take's face was looked at while it was recorded, after `since`.
pub async fn within_since(tx: &mut Tx, sitting: SittingId, take: TakeId, since: Timestamp) -> Result<bool> {
    let found: Option<Check> = tx
        .fetch_optional(
            "SELECT * FROM face_check
             WHERE sitting_id = $1 AND at > $3 AND take_id = $2 AND purpose = 'during' LIMIT 1",
            args![sitting, take, since],
        )
        .await?;
    Ok(found.is_some())
}

/// What was known of a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// Faces that others were compared with.
    pub references: u64,
    /// Challenges, with what was measured in their frames.
    pub challenges: u64,
}

/// Forgets a face: what others are compared with, and what was measured. What comparisons came to stays.
pub async fn forget(tx: &mut Tx, account: AccountId) -> Result<Forgotten> {
    let references = tx.execute("DELETE FROM face_reference WHERE account_id = $1", args![account]).await?;
    let challenges = tx.execute("DELETE FROM face_challenge WHERE account_id = $1", args![account]).await?;
    tx.execute("UPDATE face_check SET picture_id = NULL WHERE account_id = $1", args![account]).await?;
    Ok(Forgotten { references, challenges })
}

/// Forgets challenges that were over before a moment, and the digests of their frames.
pub fn purge(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM face_challenge WHERE expires_at < $1", args![before]);
    tx.defer("DELETE FROM face_frame WHERE at < $1", args![before]);
}
