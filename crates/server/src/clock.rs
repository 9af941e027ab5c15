//! The one clock. No rule reads a phone's time, and no code reads the machine's time but here, so that
//! several nodes can agree on the database's clock and tests can set it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::UNIX_EPOCH;

use yikao_domain::time::Timestamp;

/// Server time in ms since the epoch, agreed with the database, never going backwards on this node.
#[derive(Debug, Default)]
pub struct Clock {
    /// What is added to this machine's time to get the database's, in ms.
    offset: AtomicI64,
    /// How far this machine's own clock is set wrong on purpose, in ms: for trials only.
    skew: i64,
    latest: AtomicI64,
}

impl Clock {
    /// A clock on a machine whose own time is wrong by `skew` ms.
    pub fn with_skew(skew: i64) -> Self {
        Self { skew, ..Self::default() }
    }

    /// This machine's own idea of the time, for measuring it against the database's.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's time")]
    pub fn machine_ms(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX).saturating_add(self.skew)
    }

    /// Sets how far the database's clock is ahead of this machine's, in ms.
    pub fn agree(&self, offset_ms: i64) {
        self.offset.store(offset_ms, Ordering::Relaxed);
    }

    /// Server time.
    pub fn now(&self) -> Timestamp {
        let now = self.machine_ms().saturating_add(self.offset.load(Ordering::Relaxed));
        Timestamp(self.latest.fetch_max(now, Ordering::Relaxed).max(now))
    }

    /// A new `UUIDv7` carrying server time.
    pub fn new_uuid(&self) -> uuid::Uuid {
        let ms = u64::try_from(self.now().0).unwrap_or_default();
        let nanos = u32::try_from(ms % 1000).unwrap_or_default() * 1_000_000;
        uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, ms / 1000, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_goes_backwards_when_the_database_turns_out_to_be_behind() {
        let clock = Clock::default();
        let before = clock.now();
        clock.agree(-10_000);
        assert!(clock.now() >= before);
    }

    #[test]
    fn two_nodes_agree_once_the_skew_is_measured() {
        let (right, ahead) = (Clock::default(), Clock::with_skew(3_000));
        ahead.agree(right.machine_ms() - ahead.machine_ms());
        assert!((right.now().0 - ahead.now().0).abs() < 1_000);
    }
}
