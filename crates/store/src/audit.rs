//! The audit log: who did or looked at what.

use crate::{Page, Result, Tx, args, columns::rows};
use uuid::Uuid;
use yikao_domain::{
    id::{AccountId, SchoolId},
    time::Timestamp,
};

rows! {
    /// Something somebody did.
    pub struct AuditEntry {
        /// Its id.
        pub id: Uuid,
        /// Whose thing it was, where it is a school's.
        pub school_id: Option<SchoolId>,
        /// Who; none where the platform did it.
        pub account_id: Option<AccountId>,
        /// What.
        pub action: String,
        /// The kind of thing it was done to.
        pub subject_kind: String,
        /// Its id.
        pub subject_id: String,
        /// When.
        pub at: Timestamp,
        /// More, JSON.
        pub detail: String,
    }
}

/// Adds an entry at the end of the command.
pub fn insert(tx: &mut Tx, entry: &AuditEntry) {
    tx.defer(
        "INSERT INTO audit (id, school_id, account_id, action, subject_kind, subject_id, at, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            entry.id,
            entry.school_id,
            entry.account_id,
            &entry.action,
            &entry.subject_kind,
            &entry.subject_id,
            entry.at,
            &entry.detail
        ],
    );
}

/// What was done to something, newest first.
pub async fn of_subject(
    tx: &mut Tx,
    subject_kind: &str,
    subject_id: &str,
    page: Page,
) -> Result<Vec<AuditEntry>> {
    tx.fetch_all(
        "SELECT * FROM audit WHERE subject_kind = $1 AND subject_id = $2 ORDER BY at DESC, id DESC
         LIMIT $3 OFFSET $4",
        args![subject_kind, subject_id, page.limit, page.offset],
    )
    .await
}

/// What was done in a school, newest first.
pub async fn of_school(tx: &mut Tx, school: SchoolId, page: Page) -> Result<Vec<AuditEntry>> {
    tx.fetch_all(
        "SELECT * FROM audit WHERE school_id = $1 ORDER BY at DESC, id DESC LIMIT $2 OFFSET $3",
        args![school, page.limit, page.offset],
    )
    .await
}

/// What the desk did and looked at, newest first: all of it, or at one thing, or by one person.
pub async fn of_desk(
    tx: &mut Tx,
    subject_id: Option<&str>,
    account: Option<AccountId>,
    page: Page,
) -> Result<Vec<AuditEntry>> {
    tx.fetch_all(
        "SELECT * FROM audit WHERE school_id IS NULL AND (action LIKE 'review.%' OR action LIKE 'desk.%')
           AND ($1 IS NULL OR subject_id = $1) AND ($2 IS NULL OR account_id = $2)
         ORDER BY at DESC, id DESC LIMIT $3 OFFSET $4",
        args![subject_id, account, page.limit, page.offset],
    )
    .await
}
