//! Seasons' own tables of 考生号 patterns, as the operator imported them.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{id::AccountId, time::Timestamp};

rows! {
    /// A season's table.
    pub struct Season {
        /// The year of the 高考.
        pub season: String,
        /// The rules, JSON.
        pub number_rules: String,
        /// Who imported it.
        pub imported_by: AccountId,
        /// When.
        pub imported_at: Timestamp,
    }
}

/// Puts a season's table in place of its earlier one.
pub fn put(tx: &mut Tx, season: &Season) {
    tx.defer(
        "INSERT INTO season (season, number_rules, imported_by, imported_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (season) DO UPDATE SET number_rules = excluded.number_rules,
             imported_by = excluded.imported_by, imported_at = excluded.imported_at",
        args![&season.season, &season.number_rules, season.imported_by, season.imported_at],
    );
}

/// A season's table, where one was imported.
pub async fn get(tx: &mut Tx, season: &str) -> Result<Option<Season>> {
    tx.fetch_optional("SELECT * FROM season WHERE season = $1", args![season]).await
}

/// Forgets a season's table: the usual one holds again.
pub fn remove(tx: &mut Tx, season: &str) {
    tx.defer("DELETE FROM season WHERE season = $1", args![season]);
}
