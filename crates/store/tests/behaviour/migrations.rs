//! The schema is there after opening, however often and by how many at once.

use yikao_store::testing::TestStore;

async fn opening_again_finds_the_schema_in_place(store: TestStore) {
    store.open().await.unwrap().close().await;
    store.open().await.unwrap().close().await;
}

async fn two_nodes_may_open_at_the_same_time(store: TestStore) {
    let (one, other) = tokio::join!(store.open(), store.open());
    one.unwrap().close().await;
    other.unwrap().close().await;
}

crate::on_both!(opening_again_finds_the_schema_in_place, two_nodes_may_open_at_the_same_time);
