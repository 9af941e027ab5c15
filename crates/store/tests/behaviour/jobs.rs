//! Jobs: enqueued with their cause, claimed once, tried again after failures.

use futures_util::future::join_all;
use std::collections::BTreeSet;
use uuid::Uuid;
use yikao_domain::{id::JobId, time::Timestamp};
use yikao_store::{
    Db, Page, Result, StoreError,
    job::{self, Job, NewJob},
    testing::TestStore,
};

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const LATER: Timestamp = Timestamp(1_790_000_060_000);
const MUCH_LATER: Timestamp = Timestamp(1_790_003_600_000);

fn close_sitting(n: u128, dedup_key: Option<&str>) -> NewJob {
    NewJob {
        id: JobId::from_uuid(Uuid::from_u128(n)),
        school_id: None,
        kind: "close_sitting".to_owned(),
        dedup_key: dedup_key.map(str::to_owned),
        body: "{}".to_owned(),
        lane: "quick".to_owned(),
        wanted_at: NOW,
        due_at: NOW,
        created_at: NOW,
    }
}

async fn enqueue(db: &Db, jobs: Vec<NewJob>) {
    db.write_with(jobs, |tx, jobs| {
        Box::pin(async move {
            for job in jobs {
                job::enqueue(tx, job);
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

async fn claim(db: &Db, worker: &'static str, now: Timestamp, limit: u32) -> Vec<Job> {
    db.write(move |tx| Box::pin(job::claim(tx, "quick", worker, now, LATER, limit))).await.unwrap()
}

async fn every_job_is_claimed_by_exactly_one_worker(store: TestStore) {
    let db = store.open().await.unwrap();
    enqueue(&db, (0..60).map(|n| close_sitting(n, None)).collect()).await;
    let workers = (0..6).map(|_| claim(&db, "worker", NOW, 20));
    let claimed: Vec<JobId> = join_all(workers).await.into_iter().flatten().map(|job| job.id).collect();
    let different: BTreeSet<_> = claimed.iter().collect();
    assert_eq!(claimed.len(), different.len());
    let rest = claim(&db, "worker", NOW, 60).await;
    assert_eq!(claimed.len() + rest.len(), 60);
    db.close().await;
}

async fn a_job_goes_with_the_command_that_asked_for_it(store: TestStore) {
    let db = store.open().await.unwrap();
    let undone: Result<()> = db
        .write(|tx| {
            Box::pin(async move {
                job::enqueue(tx, &close_sitting(1, None));
                Err(StoreError::NotFound)
            })
        })
        .await;
    assert!(undone.is_err());
    assert!(claim(&db, "worker", NOW, 10).await.is_empty());
    db.close().await;
}

async fn a_key_is_enqueued_once_until_its_job_is_claimed(store: TestStore) {
    let db = store.open().await.unwrap();
    enqueue(&db, vec![close_sitting(1, Some("sitting-1")), close_sitting(2, Some("sitting-1"))]).await;
    let claimed = claim(&db, "worker", NOW, 10).await;
    assert_eq!(claimed.len(), 1);
    // The one that runs may have looked already: what is asked for now must not be lost with it.
    enqueue(&db, vec![close_sitting(3, Some("sitting-1"))]).await;
    assert_eq!(claim(&db, "worker", NOW, 10).await.len(), 1);
    db.close().await;
}

async fn a_failed_job_waits_and_says_why(store: TestStore) {
    let db = store.open().await.unwrap();
    enqueue(&db, vec![close_sitting(1, None)]).await;
    let id = claim(&db, "worker", NOW, 1).await[0].id;
    db.write(move |tx| {
        Box::pin(async move {
            job::failed(tx, id, "worker", "no disk", LATER);
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    let listed = job::page(&mut reader, false, Page::ALL).await.unwrap();
    assert_eq!(listed.items[0].last_error.as_deref(), Some("no disk"));
    assert_eq!(job::counts(&mut reader).await.unwrap().failing, 1);
    assert_eq!(job::next_due(&mut reader, "quick").await.unwrap(), Some(LATER));
    drop(reader);
    assert!(claim(&db, "worker", NOW, 1).await.is_empty());
    assert_eq!(claim(&db, "worker", LATER, 1).await[0].attempts, 2);
    db.close().await;
}

async fn a_job_whose_worker_died_is_claimed_again_and_the_dead_one_cannot_finish_it(store: TestStore) {
    let db = store.open().await.unwrap();
    enqueue(&db, vec![close_sitting(1, None)]).await;
    let id = claim(&db, "dead", NOW, 1).await[0].id;
    let again =
        db.write(|tx| Box::pin(job::claim(tx, "quick", "alive", LATER, MUCH_LATER, 1))).await.unwrap();
    assert_eq!(again[0].id, id);
    db.write(move |tx| {
        Box::pin(async move {
            job::done(tx, id, "dead", LATER);
            Ok(())
        })
    })
    .await
    .unwrap();
    let mut reader = db.reader().await.unwrap();
    assert_eq!(job::counts(&mut reader).await.unwrap().waiting, 1);
    drop(reader);
    db.close().await;
}

async fn a_lane_holds_up_no_other_and_does_what_is_wanted_first(store: TestStore) {
    let db = store.open().await.unwrap();
    let later = NewJob { wanted_at: MUCH_LATER, ..close_sitting(1, Some("later")) };
    let sooner = NewJob { wanted_at: LATER, ..close_sitting(2, None) };
    let footage = NewJob { lane: "footage".to_owned(), ..close_sitting(3, None) };
    enqueue(&db, vec![later, sooner, footage]).await;
    assert_eq!(ids(&claim(&db, "worker", NOW, 1).await), [2]);
    // Somebody wants it sooner than was thought: it is brought forward.
    let urgent = NewJob { wanted_at: NOW, ..close_sitting(4, Some("later")) };
    enqueue(&db, vec![close_sitting(5, None), urgent]).await;
    assert_eq!(ids(&claim(&db, "worker", NOW, 1).await), [1]);
    let footage = db.write(|tx| Box::pin(job::claim(tx, "footage", "worker", NOW, LATER, 10))).await.unwrap();
    assert_eq!(ids(&footage), [3]);
    assert_eq!(job::next_due(&mut db.reader().await.unwrap(), "footage").await.unwrap(), Some(LATER));
    db.close().await;
}

fn ids(jobs: &[Job]) -> Vec<u128> {
    jobs.iter().map(|job| job.id.as_uuid().as_u128()).collect()
}

crate::on_both!(
    a_lane_holds_up_no_other_and_does_what_is_wanted_first,
    every_job_is_claimed_by_exactly_one_worker,
    a_job_goes_with_the_command_that_asked_for_it,
    a_key_is_enqueued_once_until_its_job_is_claimed,
    a_failed_job_waits_and_says_why,
    a_job_whose_worker_died_is_claimed_again_and_the_dead_one_cannot_finish_it,
);
