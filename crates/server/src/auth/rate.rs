//! Limits on how often something may be asked for: by who asks for everything, and by number for what an
//! attacker would try again and again.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{Extensions, HeaderMap};
use axum_extra::extract::cookie::CookieJar;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::actor::COOKIE;
use super::address::Address;
use crate::keyring::token_hash;
use crate::routes::parts;
use crate::state::{App, Asker};

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

/// Counts a request of whoever asks; `Err` says how long to wait.
pub async fn count(app: &App, headers: &HeaderMap, extensions: &Extensions) -> Result<(), Duration> {
    let Address(Some(address)) = Address::of(extensions, headers, &app.config.proxies) else { return Ok(()) };
    let limit = &app.limits.requests;
    if let Some(capability) = parts::shown(app, headers) {
        return limit.take(&Asker::Sitting(capability.sitting));
    }
    let token = CookieJar::from_headers(headers).get(COOKIE).map(|cookie| token_hash(cookie.value()));
    if let Some(account) = token.as_ref().and_then(|token| app.logins.lately(token)) {
        return limit.take(&Asker::Account(account));
    }
    let refused = limit.take(&Asker::Address(address));
    let (Err(_), Some(token)) = (refused, token) else { return refused };
    // Nobody here knows this login yet. It is looked up only now, so that made-up ones cost their address.
    match app.logins.find(&app.db, &token, app.clock.now()).await {
        Ok(actor) => limit.take(&Asker::Account(actor.account)),
        Err(_) => refused,
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
