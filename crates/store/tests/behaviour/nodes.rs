//! Several nodes on one database: they hear of one another's changes and agree on its clock.

use std::time::Duration;
use yikao_store::{Backend, Changed, Db, Result, testing::TestStore};

fn sitting(id: u32) -> Changed {
    Changed {
        kind: "sitting".to_owned(),
        id: id.to_string(),
        school_id: Some("school".to_owned()),
        exam_id: None,
        version: Some(7),
    }
}

async fn node(store: &mut TestStore, name: &str) -> Db {
    store.config.node = name.to_owned();
    store.open().await.unwrap()
}

async fn tell(db: &Db, id: u32) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.notify(sitting(id));
            Ok(())
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_node_hears_a_change_once() {
    let mut store = TestStore::new(Backend::Postgres).await.unwrap();
    let (one, other) = (node(&mut store, "one").await, node(&mut store, "other").await);
    let (mut at_one, mut at_other) = (one.subscribe(), other.subscribe());
    for id in 0..100 {
        tell(&one, id).await.unwrap();
    }
    for id in 0..100 {
        let heard = tokio::time::timeout(Duration::from_secs(10), at_other.recv()).await.unwrap().unwrap();
        assert_eq!(heard, sitting(id));
        assert_eq!(at_one.recv().await.unwrap(), sitting(id));
    }
    tell(&other, 100).await.unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(10), at_one.recv()).await.unwrap().unwrap();
    assert_eq!(heard, sitting(100), "a node hears its own change once, and then the other's");
    one.close().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_whose_clock_is_wrong_learns_by_how_much() {
    let store = TestStore::new(Backend::Postgres).await.unwrap();
    let db = store.open().await.unwrap();
    let right = db.clock_offset(machine_ms).await.unwrap().unwrap();
    let ahead = db.clock_offset(|| machine_ms() + 5_000).await.unwrap().unwrap();
    assert!(right.abs() < 1_000, "{right}");
    assert!((ahead + 5_000).abs() < 1_000, "{ahead}");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_has_no_clock_of_its_own() {
    let store = TestStore::new(Backend::Sqlite).await.unwrap();
    let db = store.open().await.unwrap();
    assert_eq!(db.clock_offset(|| 42).await.unwrap(), None);
    db.close().await;
}

#[expect(clippy::disallowed_methods, reason = "the caller of clock_offset is who knows the machine's time")]
fn machine_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
