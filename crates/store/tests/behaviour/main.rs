//! How the store behaves, told once and run on both backends.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod commands;
mod desk;
mod durability;
mod exams;
mod footage;
mod jobs;
mod migrations;
mod nodes;
mod people;
mod tasks;
mod world;

/// Runs stories on SQLite and on PostgreSQL, each on an empty store.
#[macro_export]
macro_rules! on_both {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(yikao_store::testing::TestStore::new(yikao_store::Backend::Sqlite).await.unwrap()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(yikao_store::testing::TestStore::new(yikao_store::Backend::Postgres).await.unwrap()).await;
            })+
        }
    };
}
