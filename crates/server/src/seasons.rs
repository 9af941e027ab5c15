//! Seasons, by the year of the 高考, and the tables of 考生号 patterns that hold in them.

use chrono::{DateTime, Datelike, FixedOffset};
use yikao_domain::profile::{NumberRules, Season};
use yikao_domain::time::Timestamp;
use yikao_store::{StoreError, Tx, season};

/// Seasons turn at midnight in China.
const CHINA: i32 = 8 * 3600;

/// The season of a moment.
pub fn at(now: Timestamp) -> Season {
    let utc = DateTime::from_timestamp_millis(now.as_ms()).unwrap_or_default();
    let local = FixedOffset::east_opt(CHINA)
        .map_or_else(|| utc.naive_utc(), |zone| utc.with_timezone(&zone).naive_local());
    let year = u16::try_from(local.year()).unwrap_or_default();
    Season::of(year, u8::try_from(local.month()).unwrap_or_default())
}

/// The table of a season: the operator's, or the usual one.
pub async fn rules(tx: &mut Tx, of: Season) -> Result<NumberRules, StoreError> {
    let Some(row) = season::get(tx, &of.to_string()).await? else { return Ok(NumberRules::default()) };
    serde_json::from_str(&row.number_rules)
        .map_err(|e| StoreError::Unreadable { what: "season.number_rules", why: e.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_turns_at_midnight_in_china() {
        let last_of_august = 1_788_191_999_000; // 2026-08-31 23:59:59 in China
        assert_eq!(at(Timestamp(last_of_august)), Season(2026));
        assert_eq!(at(Timestamp(last_of_august + 1_000)), Season(2027));
    }
}
