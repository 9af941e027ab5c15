//! What can go wrong below the rules. Refusals are no errors: a command answers them with `Ok`.

use std::sync::Arc;

/// Why a command or a read failed. Cheap to clone, since one failed commit fails many commands.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the aggregate since it was loaded (optimistic version).
    #[error("changed by somebody else since it was loaded")]
    Conflict,
    /// A unique key is taken already; holds the constraint (PostgreSQL) or its columns (SQLite).
    #[error("already there: {0}")]
    Duplicate(String),
    /// A row was expected and is missing.
    #[error("no such row")]
    NotFound,
    /// The database refused or failed.
    #[error("database: {0}")]
    Database(#[source] Arc<sqlx::Error>),
    /// A stored document or value cannot be read, or one cannot be written.
    #[error("{what} cannot be read or written: {why}")]
    Unreadable {
        /// Table and column.
        what: &'static str,
        /// What the reader said.
        why: String,
    },
    /// A statement failed earlier in this command, which went on all the same.
    #[error("an earlier statement of this command failed")]
    AlreadyFailed,
    /// The command panicked; nothing of it was kept.
    #[error("the command panicked")]
    Panicked,
    /// Migrations could not be applied.
    #[error("migrations: {0}")]
    Migration(Arc<sqlx::migrate::MigrateError>),
    /// The configuration cannot work.
    #[error("configuration: {0}")]
    Configuration(String),
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Whether the same command may succeed when it is run again from its beginning.
    pub fn is_retryable(&self) -> bool {
        const SERIALISATION: &str = "40001";
        const DEADLOCK: &str = "40P01";
        match self {
            Self::Conflict => true,
            Self::Database(e) => e
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .is_some_and(|code| code == SERIALISATION || code == DEADLOCK),
            _ => false,
        }
    }

    /// Whether the database undid the failed statement only and the transaction around it still stands, as
    /// SQLite does for broken constraints.
    pub(crate) fn undid_only_its_statement(&self) -> bool {
        match self {
            Self::Duplicate(_) => true,
            Self::Database(e) => e.as_database_error().is_some_and(|e| {
                e.is_unique_violation()
                    || e.is_foreign_key_violation()
                    || e.is_check_violation()
                    || matches!(e.kind(), sqlx::error::ErrorKind::NotNullViolation)
            }),
            _ => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(e) if e.is_unique_violation() => {
                Self::Duplicate(e.constraint().unwrap_or_else(|| e.message()).to_owned())
            }
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolClosed => Self::Closed,
            _ => Self::Database(Arc::new(error)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(Arc::new(error))
    }
}
