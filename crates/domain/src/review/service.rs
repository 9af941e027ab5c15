//! The service clock (E2): by when the desk answers, counted in its working time.

use serde::{Deserialize, Serialize};

use crate::time::{Millis, Timestamp};

/// How far local time is ahead of UTC at a moment: the caller knows the zone.
pub type ZoneOffset<'a> = &'a dyn Fn(Timestamp) -> Millis;

/// Within what time a candidate in an open formal sitting is to be helped; after it the desk hears an alarm.
pub const ALARM_AFTER: Millis = Millis::minutes(3);

const DAY: i64 = 86_400_000;
/// Days that are looked at; a desk that opens for a minute a day still answers within a year and a half.
const DAYS: i64 = 600;

/// When the desk works, holidays included (S1 一11), and how long an answer may take in that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceHours {
    /// Minutes after local midnight at which it opens.
    pub opens_min: u16,
    /// Minutes after local midnight at which it closes; 1440: at midnight.
    pub closes_min: u16,
    /// How long an answer may take.
    pub within_ms: Millis,
}

impl Default for ServiceHours {
    fn default() -> Self {
        Self { opens_min: 8 * 60, closes_min: 24 * 60, within_ms: Millis::hours(2) }
    }
}

impl ServiceHours {
    /// Reads `8:00-24:00`.
    pub fn parse(text: &str, within_ms: Millis) -> Option<Self> {
        let minutes = |clock: &str| {
            let (hours, minutes) = clock.trim().split_once(':')?;
            let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
            (minutes < 60 && hours <= 24).then_some(hours * 60 + minutes).filter(|all| *all <= 24 * 60)
        };
        let (opens, closes) = text.split_once('-')?;
        let hours = Self { opens_min: minutes(opens)?, closes_min: minutes(closes)?, within_ms };
        (hours.opens_min < hours.closes_min && within_ms > Millis::ZERO).then_some(hours)
    }

    /// When what was asked for at `from` is to be answered by.
    pub fn due(&self, from: Timestamp, zone: ZoneOffset<'_>) -> Timestamp {
        let mut left = self.within_ms;
        for day in 0..DAYS {
            let (opens, closes) = self.of_day(from, day, zone);
            let begins = opens.max(from);
            let working = closes.since(begins);
            if working >= left {
                return begins + left;
            }
            left = Millis(left.as_ms() - working.as_ms());
        }
        Timestamp::NEVER
    }

    /// Whether somebody is at the desk.
    pub fn is_open(&self, at: Timestamp, zone: ZoneOffset<'_>) -> bool {
        let (opens, closes) = self.of_day(at, 0, zone);
        opens <= at && at < closes
    }

    /// When the desk opens and closes on the local day so many days after that of `from`.
    fn of_day(&self, from: Timestamp, day: i64, zone: ZoneOffset<'_>) -> (Timestamp, Timestamp) {
        let local = from.as_ms().saturating_add(zone(from).as_ms());
        let midnight = local.div_euclid(DAY).saturating_add(day).saturating_mul(DAY);
        let moment = |minutes: u16| {
            let local = Timestamp(midnight) + Millis::minutes(minutes.into());
            // The offset of that very day, up to its last moment: clocks may change between now and then.
            local - zone(local - zone(from) - Millis(1))
        };
        (moment(self.opens_min), moment(self.closes_min))
    }
}

/// When the desk hears an alarm for a candidate who waits in a sitting entered at `entered_at`.
pub fn alarm_at(opened_at: Timestamp, entered_at: Timestamp) -> Timestamp {
    opened_at.max(entered_at) + ALARM_AFTER
}
