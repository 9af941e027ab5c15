//! Who may do what: roles in schools and on the installation.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{AccountId, SchoolId},
    time::Timestamp,
};

rows! {
    /// A role in a school.
    pub struct Membership {
        /// Whose.
        pub account_id: AccountId,
        /// Where.
        pub school_id: SchoolId,
        /// The school's name.
        pub school_name: String,
        /// `admin`, `proctor`, `judge`, `examiner` or `department`.
        pub role: String,
        /// Since when.
        pub created_at: Timestamp,
    }

    /// A member as its school sees it.
    pub struct Member {
        /// Whose.
        pub account_id: AccountId,
        /// The role.
        pub role: String,
        /// Since when.
        pub created_at: Timestamp,
    }
}

/// Gives a role in a school; again is the same.
pub fn grant(tx: &mut Tx, account: AccountId, school: SchoolId, role: &str, at: Timestamp) {
    tx.defer(
        "INSERT INTO membership (account_id, school_id, role, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        args![account, school, role, at],
    );
}

/// Takes a role in a school; `false` where there was none.
pub async fn revoke(tx: &mut Tx, account: AccountId, school: SchoolId, role: &str) -> Result<bool> {
    let taken = tx
        .execute(
            "DELETE FROM membership WHERE account_id = $1 AND school_id = $2 AND role = $3",
            args![account, school, role],
        )
        .await?;
    Ok(taken == 1)
}

/// The roles of an account in all schools.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Membership>> {
    tx.fetch_all(
        "SELECT membership.*, school.name AS school_name
         FROM membership JOIN school ON school.id = membership.school_id
         WHERE account_id = $1 ORDER BY school.name, role",
        args![account],
    )
    .await
}

/// The members of a school, longest first.
pub async fn of_school(tx: &mut Tx, school: SchoolId) -> Result<Vec<Member>> {
    tx.fetch_all(
        "SELECT account_id, role, created_at FROM membership
         WHERE school_id = $1 ORDER BY created_at, account_id, role",
        args![school],
    )
    .await
}

/// Gives a role on the installation (`agent`, `steward`, `operator`); again is the same.
pub fn grant_platform(tx: &mut Tx, account: AccountId, role: &str, at: Timestamp) {
    tx.defer(
        "INSERT INTO platform_role (account_id, role, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        args![account, role, at],
    );
}

/// Takes a role on the installation.
pub fn revoke_platform(tx: &mut Tx, account: AccountId, role: &str) {
    tx.defer("DELETE FROM platform_role WHERE account_id = $1 AND role = $2", args![account, role]);
}
