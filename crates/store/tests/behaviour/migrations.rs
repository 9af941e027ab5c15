//! The schema is there after opening, however often and by how many at once.

use yikao_store::{args, testing::TestStore};

async fn opening_again_finds_the_schema_in_place(store: TestStore) {
    store.open().await.unwrap().close().await;
    store.open().await.unwrap().close().await;
}

async fn several_nodes_may_open_at_the_same_time(store: TestStore) {
    let (one, other, third) = tokio::join!(store.open(), store.open(), store.open());
    one.unwrap().close().await;
    other.unwrap().close().await;
    third.unwrap().close().await;
}

/// As the lists say: what a school owns names it, state and events say their schema's version, and what was
/// made with a key says which.
async fn rows_carry_what_later_releases_need(store: TestStore) {
    const WITH_SCHOOL: &[&str] = &[
        "exam",
        "exam_revision",
        "roster_preview",
        "roster_entry",
        "roster_import",
        "enrolment",
        "sitting",
        "sitting_event",
        "part",
        "asset",
        "receipt",
        "task_progress",
    ];
    const WITH_SCHEMA: &[&str] = &["exam_revision", "sitting", "sitting_event"];
    const WITH_KEY: &[&str] = &[
        "account",
        "code",
        "message",
        "candidate_key",
        "identity",
        "roster_preview",
        "roster_entry",
        "block",
        "asset",
        "receipt",
    ];
    let db = store.open().await.unwrap();
    let mut reader = db.reader().await.unwrap();
    for (column, tables) in [("school_id", WITH_SCHOOL), ("schema_version", WITH_SCHEMA), ("kid", WITH_KEY)] {
        for table in tables {
            let sql = format!("SELECT count({column}) FROM {table}");
            let counted: (i64,) = reader.fetch_one(sqlx::AssertSqlSafe(sql), args![]).await.unwrap();
            assert_eq!(counted.0, 0);
        }
    }
    drop(reader);
    db.close().await;
}

crate::on_both!(
    opening_again_finds_the_schema_in_place,
    several_nodes_may_open_at_the_same_time,
    rows_carry_what_later_releases_need,
);
