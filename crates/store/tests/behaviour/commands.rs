//! Commands: kept or undone as a whole, answered when durable, run again where they may.

use futures_util::future::join_all;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use yikao_store::{Changed, Db, Result, StoreError, Tx, args, testing::TestStore};

const ADD: &str = "INSERT INTO school (id, name, created_at) VALUES ($1, $2, 1)";

async fn add(db: &Db, id: &'static str) -> Result<()> {
    db.write(move |tx| Box::pin(async move { tx.execute(ADD, args![id, "Academy"]).await.map(drop) })).await
}

async fn schools(db: &Db) -> Vec<String> {
    let mut reader = db.reader().await.unwrap();
    let rows: Vec<(String,)> = reader.fetch_all("SELECT id FROM school ORDER BY id", args![]).await.unwrap();
    rows.into_iter().map(|row| row.0).collect()
}

async fn what_was_answered_is_there_for_every_reader(store: TestStore) {
    let db = store.open().await.unwrap();
    add(&db, "a").await.unwrap();
    assert_eq!(schools(&db).await, ["a"]);
    db.close().await;
}

async fn a_body_that_fails_after_writing_leaves_nothing_behind(store: TestStore) {
    let db = store.open().await.unwrap();
    let failed: Result<()> = db
        .write(|tx| {
            Box::pin(async move {
                tx.execute(ADD, args!["a", "Academy"]).await?;
                Err(StoreError::NotFound)
            })
        })
        .await;
    assert!(matches!(failed, Err(StoreError::NotFound)));
    assert!(schools(&db).await.is_empty());
    db.close().await;
}

async fn failing_commands_fail_alone_among_many(store: TestStore) {
    let db = store.open().await.unwrap();
    add(&db, "taken").await.unwrap();
    let good = (0..100).map(|n| {
        let db = db.clone();
        tokio::spawn(async move {
            db.write(move |tx| {
                Box::pin(async move { tx.execute(ADD, args![format!("good-{n:03}"), "A"]).await })
            })
            .await
        })
    });
    let bad = (0..20).map(|n| {
        let db = db.clone();
        tokio::spawn(async move {
            db.write(move |tx| {
                Box::pin(async move {
                    tx.execute(ADD, args![format!("bad-{n}"), "A"]).await?;
                    tx.execute(ADD, args!["taken", "A"]).await
                })
            })
            .await
        })
    });
    let all: Vec<_> = good.chain(bad).collect();
    let outcomes: Vec<_> = join_all(all).await.into_iter().map(Result::unwrap).collect();
    assert!(outcomes[..100].iter().all(|outcome| matches!(outcome, Ok(1))));
    assert!(outcomes[100..].iter().all(|outcome| matches!(outcome, Err(StoreError::Duplicate(_)))));
    assert_eq!(schools(&db).await.len(), 101);
    assert!(!schools(&db).await.iter().any(|id| id.starts_with("bad")));
    db.close().await;
}

async fn writes_that_share_a_trip_fail_with_their_own_command(store: TestStore) {
    let db = store.open().await.unwrap();
    add(&db, "taken").await.unwrap();
    let all: Vec<_> = (0..120_u32).map(|n| tokio::spawn(defer_two(db.clone(), n))).collect();
    let outcomes: Vec<_> = join_all(all).await.into_iter().map(Result::unwrap).collect();
    let of =
        |rest: u32| outcomes.iter().zip(0..).filter(move |(_, n)| n % 6 == rest).map(|(outcome, _)| outcome);
    assert!(of(0).all(|outcome| matches!(outcome, Err(StoreError::Duplicate(_)))));
    assert!(of(1).all(|outcome| matches!(outcome, Err(StoreError::Conflict))));
    assert!((2..6).flat_map(of).all(|outcome| matches!(outcome, Ok(()))));
    assert_eq!(schools(&db).await.len(), 1 + 80);
    db.close().await;
}

/// Of six commands one writes what is taken, one misses a row, and four go well, one of which reads.
async fn defer_two(db: Db, n: u32) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.defer(ADD, args![format!("new-{n}"), "A"]);
            match n % 6 {
                0 => tx.defer(ADD, args!["taken", "A"]),
                1 => tx.defer_expecting(1, "UPDATE school SET name = 'B' WHERE id = $1", args!["nobody"]),
                2 => {
                    let own = "SELECT name FROM school WHERE id = $1";
                    tx.fetch_one::<(String,)>(own, args![format!("new-{n}")]).await?;
                }
                _ => tx.defer_expecting(
                    1,
                    "UPDATE school SET name = 'B' WHERE id = $1",
                    args![format!("new-{n}")],
                ),
            }
            Ok(())
        })
    })
    .await
}

async fn a_panic_undoes_its_command_and_no_other(store: TestStore) {
    let db = store.open().await.unwrap();
    let (one, panicked, other) = tokio::join!(
        add(&db, "one"),
        db.write::<(), _>(|tx| {
            Box::pin(async move {
                tx.execute(ADD, args!["half", "Academy"]).await?;
                panic!("a defect in a rule")
            })
        }),
        add(&db, "other"),
    );
    assert!(one.is_ok() && other.is_ok());
    assert!(matches!(panicked, Err(StoreError::Panicked)));
    assert_eq!(schools(&db).await, ["one", "other"]);
    db.close().await;
}

async fn a_swallowed_error_still_undoes_the_command(store: TestStore) {
    let db = store.open().await.unwrap();
    add(&db, "taken").await.unwrap();
    let swallowed = db
        .write(|tx| {
            Box::pin(async move {
                tx.execute(ADD, args!["half", "Academy"]).await?;
                let _ = tx.execute(ADD, args!["taken", "Academy"]).await;
                Ok(())
            })
        })
        .await;
    assert!(matches!(swallowed, Err(StoreError::AlreadyFailed)));
    assert_eq!(schools(&db).await, ["taken"]);
    db.close().await;
}

async fn deferred_writes_are_seen_by_the_next_read_and_kept_in_order(store: TestStore) {
    let db = store.open().await.unwrap();
    let seen = db
        .write(|tx| {
            Box::pin(async move {
                tx.defer(ADD, args!["a", "Academy"]);
                tx.defer("UPDATE school SET name = $2 WHERE id = $1", args!["a", "Conservatory"]);
                tx.defer(ADD, args!["b", "Institute"]);
                let name: (String,) =
                    tx.fetch_one("SELECT name FROM school WHERE id = $1", args!["a"]).await?;
                tx.defer("DELETE FROM school WHERE id = $1", args!["b"]);
                Ok(name.0)
            })
        })
        .await
        .unwrap();
    assert_eq!(seen, "Conservatory");
    assert_eq!(schools(&db).await, ["a"]);
    db.close().await;
}

async fn a_failing_deferred_write_undoes_the_command(store: TestStore) {
    let db = store.open().await.unwrap();
    add(&db, "taken").await.unwrap();
    let failed = db
        .write(|tx| {
            Box::pin(async move {
                tx.defer(ADD, args!["a", "Academy"]);
                tx.defer(ADD, args!["taken", "Academy"]);
                Ok(())
            })
        })
        .await;
    assert!(matches!(failed, Err(StoreError::Duplicate(_))));
    assert_eq!(schools(&db).await, ["taken"]);
    db.close().await;
}

async fn a_write_that_misses_its_row_is_a_conflict(store: TestStore) {
    let db = store.open().await.unwrap();
    let missed = db
        .write(|tx| {
            Box::pin(async move {
                tx.defer(ADD, args!["a", "Academy"]);
                tx.defer_expecting(1, "UPDATE school SET name = 'x' WHERE id = $1", args!["nobody"]);
                Ok(())
            })
        })
        .await;
    assert!(matches!(missed, Err(StoreError::Conflict)));
    assert!(schools(&db).await.is_empty());
    db.close().await;
}

async fn count_one_more(tx: &mut Tx) -> Result<()> {
    let (name,): (String,) = tx.fetch_one("SELECT name FROM school WHERE id = 'counter'", args![]).await?;
    tokio::task::yield_now().await;
    let next = name.parse::<u32>().unwrap_or_default() + 1;
    tx.defer_expecting(
        1,
        "UPDATE school SET name = $2 WHERE id = 'counter' AND name = $1",
        args![name, next.to_string()],
    );
    Ok(())
}

async fn commands_that_meet_are_run_again_until_both_are_kept(store: TestStore) {
    let db = store.open().await.unwrap();
    db.write(|tx| Box::pin(async move { tx.execute(ADD, args!["counter", "0"]).await })).await.unwrap();
    let both = (0..4).map(|_| db.write(|tx| Box::pin(count_one_more(tx))));
    assert!(join_all(both).await.iter().all(Result::is_ok));
    let mut reader = db.reader().await.unwrap();
    let (count,): (String,) = reader.fetch_one("SELECT name FROM school", args![]).await.unwrap();
    assert_eq!(count, "4");
    drop(reader);
    db.close().await;
}

async fn a_caller_that_leaves_does_not_stop_the_store(store: TestStore) {
    let db = store.open().await.unwrap();
    let leaving = (0..20).map(|n| {
        let add = db.write(move |tx| {
            Box::pin(async move { tx.execute(ADD, args![format!("left-{n:02}"), "A"]).await })
        });
        tokio::time::timeout(std::time::Duration::from_micros(n * 100), add)
    });
    let left = join_all(leaving).await;
    add(&db, "stayed").await.unwrap();
    let kept = schools(&db).await;
    let answered = left.iter().enumerate().filter(|(_, outcome)| matches!(outcome, Ok(Ok(1))));
    assert!(answered.into_iter().all(|(n, _)| kept.contains(&format!("left-{n:02}"))));
    assert!(kept.contains(&"stayed".to_owned()));
    db.close().await;
}

async fn a_closed_store_has_kept_what_waited_and_takes_no_more(store: TestStore) {
    let db = store.open().await.unwrap();
    let waiting: Vec<_> = ["a", "b", "c"].into_iter().map(|id| add(&db, id)).collect();
    assert!(join_all(waiting).await.iter().all(Result::is_ok));
    db.close().await;
    assert!(matches!(add(&db, "late").await, Err(StoreError::Closed)));
    assert!(matches!(db.reader().await, Err(StoreError::Closed)));
    let again = store.open().await.unwrap();
    assert_eq!(schools(&again).await, ["a", "b", "c"]);
    again.close().await;
}

fn changed(id: &str) -> Changed {
    Changed { kind: "school".to_owned(), id: id.to_owned(), school_id: None, exam_id: None, version: None }
}

async fn changes_are_told_after_the_commit_and_only_then(store: TestStore) {
    let db = store.open().await.unwrap();
    let mut changes = db.subscribe();
    let refused: Result<()> = db
        .write(|tx| {
            Box::pin(async move {
                tx.notify(changed("refused"));
                Err(StoreError::NotFound)
            })
        })
        .await;
    assert!(refused.is_err());
    let runs = Arc::new(AtomicU32::new(0));
    db.write_with(runs, |tx, runs| {
        Box::pin(async move {
            tx.notify(changed("kept"));
            tx.execute(ADD, args!["kept", "Academy"]).await?;
            runs.fetch_add(1, Ordering::Relaxed);
            Ok(())
        })
    })
    .await
    .unwrap();
    assert_eq!(changes.recv().await.unwrap().id, "kept");
    assert!(changes.try_recv().is_err());
    db.close().await;
}

crate::on_both!(
    what_was_answered_is_there_for_every_reader,
    a_body_that_fails_after_writing_leaves_nothing_behind,
    failing_commands_fail_alone_among_many,
    writes_that_share_a_trip_fail_with_their_own_command,
    a_panic_undoes_its_command_and_no_other,
    a_swallowed_error_still_undoes_the_command,
    deferred_writes_are_seen_by_the_next_read_and_kept_in_order,
    a_failing_deferred_write_undoes_the_command,
    a_write_that_misses_its_row_is_a_conflict,
    commands_that_meet_are_run_again_until_both_are_kept,
    a_caller_that_leaves_does_not_stop_the_store,
    a_closed_store_has_kept_what_waited_and_takes_no_more,
    changes_are_told_after_the_commit_and_only_then,
);
