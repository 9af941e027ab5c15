//! Schools: the tenants.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{AccountId, SchoolId},
    time::Timestamp,
};

rows! {
    /// A tenant.
    pub struct School {
        /// Its id.
        pub id: SchoolId,
        /// As shown everywhere.
        pub name: String,
        /// When it joined.
        pub created_at: Timestamp,
    }
}

/// Adds a school at the end of the command.
pub fn insert(tx: &mut Tx, school: &School) {
    tx.defer(
        "INSERT INTO school (id, name, created_at) VALUES ($1, $2, $3)",
        args![school.id, &school.name, school.created_at],
    );
}

/// One school.
pub async fn get(tx: &mut Tx, id: SchoolId) -> Result<Option<School>> {
    tx.fetch_optional("SELECT * FROM school WHERE id = $1", args![id]).await
}

/// Makes other commands that lock the same school wait until this one is over.
pub async fn lock(tx: &mut Tx, id: SchoolId) -> Result<()> {
    tx.execute("UPDATE school SET name = name WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Every school, oldest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<School>> {
    tx.fetch_all("SELECT * FROM school ORDER BY created_at, id", args![]).await
}

/// The schools in which an account has a role, oldest first.
pub async fn of_member(tx: &mut Tx, account: AccountId) -> Result<Vec<School>> {
    tx.fetch_all(
        "SELECT * FROM school WHERE id IN (SELECT school_id FROM membership WHERE account_id = $1)
         ORDER BY created_at, id",
        args![account],
    )
    .await
}
