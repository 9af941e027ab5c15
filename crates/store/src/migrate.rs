//! Migrations: one text for both backends, applied when the store opens. They only expand; a later release
//! contracts.
//!
//! Two words differ and are put right for PostgreSQL: `BLOB` is its `BYTEA`, and it knows no `WITHOUT ROWID`.

use crate::Result;
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, SqlSafeStr, SqliteConnection,
    migrate::{Migration, MigrationType, Migrator},
};
use std::borrow::Cow;

const TEXTS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("../migrations/0001_first.sql")),
    (2, "key fingerprints", include_str!("../migrations/0002_key_fingerprints.sql")),
    (10, "accounts", include_str!("../migrations/0010_accounts.sql")),
    (20, "identity", include_str!("../migrations/0020_identity.sql")),
    (30, "desk", include_str!("../migrations/0030_desk.sql")),
    (40, "lanes and counts", include_str!("../migrations/0040_lanes_and_counts.sql")),
    (41, "late", include_str!("../migrations/0041_late.sql")),
    (50, "faces", include_str!("../migrations/0050_faces.sql")),
    (60, "tasks", include_str!("../migrations/0060_tasks.sql")),
    (70, "papers", include_str!("../migrations/0070_papers.sql")),
];

/// Brings a SQLite database up to date, all or nothing, holding its write lock: sqlx takes none there.
pub(crate) async fn sqlite(connection: &mut SqliteConnection) -> Result<()> {
    let mut all = connection.begin_with("BEGIN IMMEDIATE").await?;
    migrator(str::to_owned).run_direct(None, &mut *all, false).await?;
    Ok(all.commit().await?)
}

/// Brings a PostgreSQL database up to date, under an advisory lock.
pub(crate) async fn postgres(connection: &mut PgConnection) -> Result<()> {
    let for_postgres = |text: &str| text.replace(" BLOB", " BYTEA").replace(" WITHOUT ROWID", "");
    Ok(migrator(for_postgres).run_direct(None, connection, false).await?)
}

fn migrator(adapt: impl Fn(&str) -> String) -> Migrator {
    Migrator::with_migrations(
        TEXTS
            .iter()
            .map(|(version, name, text)| {
                let sql = AssertSqlSafe(adapt(text)).into_sql_str();
                Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, sql, false)
            })
            .collect(),
    )
}
