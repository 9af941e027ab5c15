//! How many bytes each sitting has brought, as far as this node knows: what it has taken itself since it started,
//! on top of what the storage held when somebody last counted. The hot path asks here and nowhere else.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use yikao_domain::id::SittingId;
use yikao_domain::time::{Millis, Timestamp};

/// A sitting that has sent nothing for this long is counted anew when it does.
const IDLE: Millis = Millis::hours(6);

/// Bytes by sitting.
#[derive(Debug, Default)]
pub struct Usage {
    sittings: Mutex<HashMap<SittingId, Used>>,
}

#[derive(Debug, Clone, Copy)]
struct Used {
    bytes: u64,
    at: Timestamp,
}

impl Usage {
    /// Bytes that are known of.
    pub fn of(&self, sitting: SittingId) -> u64 {
        self.sittings().get(&sitting).map_or(0, |used| used.bytes)
    }

    /// Adds what was taken.
    pub fn add(&self, sitting: SittingId, bytes: u64, at: Timestamp) {
        let mut sittings = self.sittings();
        let used = sittings.entry(sitting).or_insert(Used { bytes: 0, at });
        (used.bytes, used.at) = (used.bytes.saturating_add(bytes), at);
    }

    /// Takes note of what the storage holds, and answers what is known of now.
    pub fn counted(&self, sitting: SittingId, bytes: u64, at: Timestamp) -> u64 {
        let mut sittings = self.sittings();
        let used = sittings.entry(sitting).or_insert(Used { bytes, at });
        (used.bytes, used.at) = (used.bytes.max(bytes), at);
        used.bytes
    }

    /// Forgets sittings that send nothing.
    pub fn forget_idle(&self, now: Timestamp) {
        self.sittings().retain(|_, used| now < used.at + IDLE);
    }

    fn sittings(&self) -> MutexGuard<'_, HashMap<SittingId, Used>> {
        self.sittings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
