//! How the desk is set up: when somebody is there, how soon they answer, what takes two of them.

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use yikao_domain::review::{ReviewKind, ServiceHours};
use yikao_domain::time::{Millis, Timestamp};

use crate::config::Config;

/// The desk's set-up.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Its working time.
    pub hours: ServiceHours,
    /// The zone in which its hours are meant.
    pub zone: Tz,
    four_eyes: Vec<ReviewKind>,
}

impl Desk {
    /// Reads it from the configuration.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_config(config: &Config) -> Result<Self, String> {
        let within = Millis::minutes(config.desk_answers_within_minutes.into());
        let hours = ServiceHours::parse(&config.desk_hours, within)
            .ok_or_else(|| format!("--desk-hours {}: write 8:00-24:00", config.desk_hours))?;
        let zone = config
            .desk_zone
            .parse()
            .map_err(|_| format!("--desk-zone {}: no such zone", config.desk_zone))?;
        let kind = |name: &String| {
            let kind = ReviewKind::ALL.into_iter().find(|kind| kind.code() == name);
            kind.ok_or_else(|| format!("--desk-four-eyes {name}: no such review"))
        };
        Ok(Self { hours, zone, four_eyes: config.desk_four_eyes.iter().map(kind).collect::<Result<_, _>>()? })
    }

    /// By when what is asked for now is answered (E2).
    pub fn due(&self, now: Timestamp) -> Timestamp {
        self.hours.due(now, &|at| self.offset(at))
    }

    /// Whether somebody is there now.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.hours.is_open(now, &|at| self.offset(at))
    }

    /// Whether two people have to agree.
    pub fn wants_four_eyes(&self, kind: ReviewKind) -> bool {
        self.four_eyes.contains(&kind)
    }

    fn offset(&self, at: Timestamp) -> Millis {
        let utc = DateTime::<Utc>::from_timestamp_millis(at.as_ms()).unwrap_or_default();
        Millis::seconds(self.zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_the_zones_own() {
        let hours = ServiceHours::default();
        let desk = Desk { hours, zone: chrono_tz::Asia::Shanghai, four_eyes: vec![ReviewKind::Face] };
        // 2026-04-18 03:00 in Shanghai.
        let night = Timestamp(1_776_452_400_000);
        assert_eq!(desk.due(night), night + Millis::hours(7));
        assert!(!desk.is_open(night));
        assert!(desk.wants_four_eyes(ReviewKind::Face) && !desk.wants_four_eyes(ReviewKind::Appeal));
    }
}
