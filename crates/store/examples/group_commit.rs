//! How many entries a second the store takes: three statements each, as entering a sitting would be, by 1, 8,
//! 64 and 512 tasks at a time. `cargo run --release --example group_commit [postgres://…]`; without an address
//! it measures SQLite in a temporary folder, which must be on a real disk to mean anything.

use std::time::{Duration, Instant};
use yikao_store::{Db, Result, StoreConfig, args};

const STATE: &str = r#"{"phase":"open","closes_at":1790000000000,"subjects":[{"id":"a","attempts":2},{"id":"b","attempts":2}]}"#;
const AT: i64 = 1_790_000_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir_in(".")?;
    let url = std::env::args().nth(1);
    let url = url.unwrap_or_else(|| format!("sqlite://{}", folder.path().join("bench.db").display()));
    let config = StoreConfig::new(url);
    let db = Db::open(&config).await?;
    let run = format!("{:x}", std::process::id());
    found_school(&db, &run).await?;
    for deferred in [false, true] {
        for tasks in [1, 8, 64, 512] {
            let name = format!("{run}-{deferred}-{tasks}");
            let rate = measure(&db, &run, &name, tasks, deferred).await?;
            println!("{:?} deferred={deferred} tasks={tasks}: {rate:.0} entries/s", db.backend());
        }
    }
    db.close().await;
    Ok(())
}

async fn found_school(db: &Db, run: &str) -> Result<()> {
    db.write_with(run.to_owned(), |tx, run| {
        Box::pin(async move {
            tx.defer("INSERT INTO school (id, name, created_at) VALUES ($1, 'Academy', $2)", args![run, AT]);
            tx.defer(
                "INSERT INTO account (id, kid, phone_hash, phone_cipher, password_hash, state, created_at)
                 VALUES ($1, 'k', $2, $2, '', 'active', $3)",
                args![run, run.as_bytes(), AT],
            );
            tx.defer(
                "INSERT INTO exam (id, school_id, state, title, opens_at, closes_at, version, created_at)
                 VALUES ($1, $1, 'open', 'Winter', $2, $2, 1, $2)",
                args![run, AT],
            );
            tx.defer(
                "INSERT INTO exam_revision (id, school_id, exam_id, number, schema_version, body, created_at, created_by)
                 VALUES ($1, $1, $1, 1, 1, '{}', $2, $1)",
                args![run, AT],
            );
            tx.defer(
                "INSERT INTO enrolment (id, school_id, exam_id, major_id, revision_id, candidate_id, confirmed_at)
                 VALUES ($1, $1, $1, 'm', $1, $1, $2)",
                args![run, AT],
            );
            Ok(())
        })
    })
    .await
}

async fn measure(db: &Db, run: &str, name: &str, tasks: usize, deferred: bool) -> Result<f64> {
    let start = Instant::now();
    let all: Vec<_> = (0..tasks)
        .map(|task| {
            let (db, run, name) = (db.clone(), run.to_owned(), format!("{name}-{task}"));
            tokio::spawn(async move {
                let mut entries = 0_u32;
                while start.elapsed() < Duration::from_secs(4) {
                    enter(&db, run.clone(), format!("{name}-{entries}"), deferred).await?;
                    entries += 1;
                }
                Ok::<_, yikao_store::StoreError>(entries)
            })
        })
        .collect();
    let mut entries = 0;
    for task in all {
        entries += task.await.map_err(|_| yikao_store::StoreError::Panicked)??;
    }
    Ok(f64::from(entries) / start.elapsed().as_secs_f64())
}

/// State, event and job.
async fn enter(db: &Db, run: String, id: String, deferred: bool) -> Result<()> {
    const SITTING: &str =
        "INSERT INTO sitting (id, school_id, exam_id, revision_id, major_id, session_id, enrolment_id,
            candidate_id, kind, phase, entered_at, closes_at, due_at, version, schema_version, state)
         VALUES ($1, $2, $2, $2, 'm', $1, $2, $2, 'formal', 'open', $3, $3, $3, 1, 1, $4)";
    const EVENT: &str =
        "INSERT INTO sitting_event (sitting_id, seq, school_id, schema_version, kind, at, actor, body)
         VALUES ($1, 1, $2, 1, 'entered', $3, 'candidate', '{\"entered\":{}}')";
    const JOB: &str = "INSERT INTO job (id, kind, body, due_at, attempts, created_at) VALUES ($1, 'close', '{}', $2, 0, $2)";
    db.write_with((run, id), move |tx, (run, id)| {
        Box::pin(async move {
            let (sitting, event, job) = (args![id, run, AT, STATE], args![id, run, AT], args![id, AT]);
            if deferred {
                tx.defer(SITTING, sitting);
                tx.defer(EVENT, event);
                tx.defer(JOB, job);
            } else {
                tx.execute(SITTING, sitting).await?;
                tx.execute(EVENT, event).await?;
                tx.execute(JOB, job).await?;
            }
            Ok(())
        })
    })
    .await
}
