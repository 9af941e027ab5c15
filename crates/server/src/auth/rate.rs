//! Limits on how often something may be asked for: by address for everything, and by account or number
//! for what an attacker would try again and again.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// One limit, counted for each key.
pub struct Limit<K: Hash + Eq + Clone> {
    limiter: Option<DefaultKeyedRateLimiter<K>>,
}

impl<K: Hash + Eq + Clone> std::fmt::Debug for Limit<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limit").field("on", &self.limiter.is_some()).finish()
    }
}

impl<K: Hash + Eq + Clone> Limit<K> {
    /// `burst` at once, then one every `every`; a burst of 0 turns the limit off.
    pub fn new(burst: u32, every: Duration) -> Self {
        let quota = NonZeroU32::new(burst)
            .and_then(|burst| Quota::with_period(every).map(|quota| quota.allow_burst(burst)));
        Self { limiter: quota.map(RateLimiter::keyed) }
    }

    /// Counts one; `Err` says how long to wait.
    pub fn take(&self, key: &K) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(key).map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
    }

    /// Forgets keys that have not been seen for a while.
    pub fn forget_idle(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_asks_too_often_waits_and_others_do_not() {
        let limit = Limit::new(2, Duration::from_mins(1));
        assert!(limit.take(&"a").is_ok() && limit.take(&"a").is_ok());
        assert!(limit.take(&"a").unwrap_err() > Duration::from_secs(1));
        assert!(limit.take(&"b").is_ok());
    }
}
