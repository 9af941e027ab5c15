//! What was answered survives the process that answered it.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};
use yikao_store::{Backend, Db, StoreConfig, args, testing::TestStore};

/// Set for the child that is killed; holds the database's address.
const VICTIM: &str = "YIKAO_STORE_VICTIM";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_sqlite_answered_survives_sigkill() {
    if let Ok(url) = std::env::var(VICTIM) {
        return add_schools_until_killed(&url).await;
    }
    let store = TestStore::new(Backend::Sqlite).await.unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::what_sqlite_answered_survives_sigkill", "--nocapture"])
        .env(VICTIM, &store.config.url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut answered: Vec<String> =
        lines.by_ref().filter(|line| line.starts_with("kept-")).take(300).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    answered.extend(lines.filter(|line| line.starts_with("kept-") && line.ends_with('.')));
    let db = store.open().await.unwrap();
    let mut reader = db.reader().await.unwrap();
    let stored: Vec<(String,)> = reader.fetch_all("SELECT id FROM school", args![]).await.unwrap();
    let lost: Vec<_> = answered.iter().filter(|id| !stored.iter().any(|row| row.0 == **id)).collect();
    assert!(lost.is_empty(), "answered and lost: {lost:?}");
    let (integrity,): (String,) = reader.fetch_one("PRAGMA integrity_check", args![]).await.unwrap();
    assert_eq!(integrity, "ok");
}

/// Several callers, so that transactions are shared; each says what it was answered.
async fn add_schools_until_killed(url: &str) {
    let db = Db::open(&StoreConfig::new(url)).await.unwrap();
    let callers: Vec<_> = (0..16).map(|caller| tokio::spawn(add_schools(db.clone(), caller))).collect();
    for caller in callers {
        caller.await.unwrap();
    }
}

async fn add_schools(db: Db, caller: u32) {
    for n in 0.. {
        let id = format!("kept-{caller}-{n}.");
        let added = id.clone();
        db.write_with(added, |tx, id| {
            Box::pin(async move {
                tx.execute("INSERT INTO school (id, name, created_at) VALUES ($1, 'A', 1)", args![id]).await
            })
        })
        .await
        .unwrap();
        println!("{id}");
    }
}
