//! Jobs: work for later, enqueued with what asks for it, done at least once.

use crate::{Backend, Page, Paged, Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{JobId, SchoolId},
    time::{Millis, Timestamp},
};

/// The longest pause after a failure.
const LONGEST_PAUSE: Millis = Millis::hours(1);

/// Work to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// For whom, where it is a school's.
    pub school_id: Option<SchoolId>,
    /// What is to be done.
    pub kind: String,
    /// While a job with this key waits, another is not enqueued.
    pub dedup_key: Option<String>,
    /// With what, JSON.
    pub body: String,
    /// Beside which others it is done: a long job holds up its own lane alone.
    pub lane: String,
    /// By when somebody wants it; of a lane's due jobs the one wanted first is claimed first.
    pub wanted_at: Timestamp,
    /// Not before.
    pub due_at: Timestamp,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

rows! {
    /// A job as stored.
    pub struct Job {
        /// Its id.
        pub id: JobId,
        /// For whom, where it is a school's.
        pub school_id: Option<SchoolId>,
        /// What is to be done.
        pub kind: String,
        /// While this one waits, another with this key is not enqueued; none once it was claimed.
        pub dedup_key: Option<String>,
        /// With what, JSON.
        pub body: String,
        /// Beside which others it is done.
        pub lane: String,
        /// By when somebody wants it.
        pub wanted_at: Timestamp,
        /// Not before.
        pub due_at: Timestamp,
        /// Times it was claimed.
        pub attempts: i64,
        /// Why it failed last.
        pub last_error: Option<String>,
        /// Who is at it.
        pub locked_by: Option<String>,
        /// Until when; then anybody may claim it.
        pub locked_until: Option<Timestamp>,
        /// When it was done.
        pub done_at: Option<Timestamp>,
        /// When it was enqueued.
        pub created_at: Timestamp,
    }

    /// How many jobs there are.
    pub struct JobCounts {
        /// Not done.
        pub waiting: u64,
        /// Of those, failed at least once.
        pub failing: u64,
    }
}

/// Enqueues a job at the end of the command. One with its key that waits is brought forward instead; it cannot
/// be claimed before the command is kept, and so sees what the command did. One that runs may have looked
/// before: then this is another.
pub fn enqueue(tx: &mut Tx, job: &NewJob) {
    tx.defer(
        "INSERT INTO job (id, school_id, kind, dedup_key, body, lane, wanted_at, due_at, attempts, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9) ON CONFLICT (dedup_key) DO UPDATE SET
             due_at = CASE WHEN excluded.due_at < job.due_at THEN excluded.due_at ELSE job.due_at END,
             wanted_at = CASE WHEN excluded.wanted_at < job.wanted_at THEN excluded.wanted_at ELSE job.wanted_at END",
        args![
            job.id,
            job.school_id,
            &job.kind,
            job.dedup_key.clone(),
            &job.body,
            &job.lane,
            job.wanted_at,
            job.due_at,
            job.created_at
        ],
    );
}

/// Claims up to `limit` due jobs of a lane for `worker` until `until`, those wanted first first. Two workers
/// never get the same one, unless the first lets its time pass.
pub async fn claim(
    tx: &mut Tx,
    lane: &str,
    worker: &str,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<Job>> {
    macro_rules! claim {
        ($skip_locked:literal) => {
            concat!(
                "UPDATE job SET locked_by = $1, locked_until = $3, attempts = attempts + 1, dedup_key = NULL
                 WHERE id IN (SELECT id FROM job WHERE lane = $5 AND done_at IS NULL AND due_at <= $2
                     AND (locked_until IS NULL OR locked_until <= $2) ORDER BY wanted_at, id LIMIT $4",
                $skip_locked,
                ") RETURNING *"
            )
        };
    }
    let sql = match tx.backend() {
        Backend::Sqlite => claim!(""),
        Backend::Postgres => claim!(" FOR UPDATE SKIP LOCKED"),
    };
    let mut jobs: Vec<Job> = tx.fetch_all(sql, args![worker, now, until, limit, lane]).await?;
    jobs.sort_by_key(|job| (job.wanted_at, job.id));
    Ok(jobs)
}

/// When somebody next has to look at a lane: the earliest moment at which a job can be claimed.
pub async fn next_due(tx: &mut Tx, lane: &str) -> Result<Option<Timestamp>> {
    let (due,): (Option<i64>,) = tx
        .fetch_one(
            "SELECT min(CASE WHEN locked_until > due_at THEN locked_until ELSE due_at END)
             FROM job WHERE lane = $1 AND done_at IS NULL",
            args![lane],
        )
        .await?;
    Ok(due.map(Timestamp))
}

/// Keeps a claimed job for longer; `false` where it is not `worker`'s any more.
pub async fn extend(tx: &mut Tx, id: JobId, worker: &str, until: Timestamp) -> Result<bool> {
    let extended = tx
        .execute(
            "UPDATE job SET locked_until = $3 WHERE id = $1 AND locked_by = $2 AND done_at IS NULL",
            args![id, worker, until],
        )
        .await?;
    Ok(extended == 1)
}

/// Gives back, at the end of the command, every job that `worker` had claimed before it was ended.
pub fn give_back(tx: &mut Tx, worker: &str) {
    tx.defer(
        "UPDATE job SET locked_by = NULL, locked_until = NULL WHERE locked_by = $1 AND done_at IS NULL",
        args![worker],
    );
}

/// Notes at the end of the command that a job is done.
pub fn done(tx: &mut Tx, id: JobId, worker: &str, at: Timestamp) {
    tx.defer(
        "UPDATE job SET done_at = $3, locked_by = NULL, locked_until = NULL, last_error = NULL
         WHERE id = $1 AND locked_by = $2",
        args![id, worker, at],
    );
}

/// Notes at the end of the command why a job failed, and when it is due again.
pub fn failed(tx: &mut Tx, id: JobId, worker: &str, error: &str, due_at: Timestamp) {
    tx.defer(
        "UPDATE job SET last_error = $3, due_at = $4, locked_by = NULL, locked_until = NULL
         WHERE id = $1 AND locked_by = $2",
        args![id, worker, error, due_at],
    );
}

/// How long to wait after the n-th attempt failed: one second, doubled each time, an hour at most.
pub fn backoff(attempts: i64) -> Millis {
    let doubled = 1_i64 << attempts.saturating_sub(1).clamp(0, 20);
    Millis::seconds(doubled).min(LONGEST_PAUSE)
}

/// A page of jobs for the console: those that fail first, then by when they are due.
pub async fn page(tx: &mut Tx, include_done: bool, page: Page) -> Result<Paged<Job>> {
    let (total,): (i64,) =
        tx.fetch_one("SELECT count(*) FROM job WHERE done_at IS NULL OR $1 = 1", args![include_done]).await?;
    let items = tx
        .fetch_all(
            "SELECT * FROM job WHERE done_at IS NULL OR $1 = 1
             ORDER BY CASE WHEN done_at IS NOT NULL THEN 2 WHEN last_error IS NOT NULL THEN 0 ELSE 1 END,
                 due_at, id
             LIMIT $2 OFFSET $3",
            args![include_done, page.limit, page.offset],
        )
        .await?;
    Ok(Paged { items, total: total.unsigned_abs() })
}

/// How many jobs wait and how many of them failed.
pub async fn counts(tx: &mut Tx) -> Result<JobCounts> {
    tx.fetch_one(
        "SELECT count(*) AS waiting, count(last_error) AS failing FROM job WHERE done_at IS NULL",
        args![],
    )
    .await
}

/// Deletes jobs done before `before`.
pub fn purge(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM job WHERE done_at < $1", args![before]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds: Vec<_> = [1, 2, 3, 12, 13, 100].map(|n| backoff(n).as_ms() / 1_000).into();
        assert_eq!(seconds, [1, 2, 4, 2_048, 3_600, 3_600]);
    }
}
