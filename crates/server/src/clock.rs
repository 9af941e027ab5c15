//! The one clock. No rule reads a phone's time, and no code reads the machine's time but here, so that
//! several nodes can agree on the database's clock and tests can set it.
//!
//! Between two agreements time runs by the machine's steady clock, which nobody sets: when an operator or NTP
//! sets the machine's calendar clock, no exam closes and none stands still.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, UNIX_EPOCH};

use yikao_domain::time::Timestamp;

/// Differences up to this are taken over at once, in ms: drift, and how exactly the other clock can be read.
const DRIFT_MS: i64 = 5_000;
/// How often in a row a larger difference has to be found before it is believed: for about a minute. A clock that
/// is set wrong and right again within it changes nothing.
const BELIEVED_AFTER: u32 = 4;

/// Where time comes from.
pub trait Source: Debug + Send + Sync {
    /// The calendar clock of this machine, in ms since the epoch; anybody may set it.
    fn machine_ms(&self) -> i64;
    /// A clock that only ever runs on, in ms since some moment.
    fn steady_ms(&self) -> i64;
}

/// Server time in ms since the epoch, agreed with the database.
#[derive(Debug)]
pub struct Clock {
    source: Box<dyn Source>,
    /// What is added to steady time to get server time, in ms.
    offset: AtomicI64,
    latest: AtomicI64,
    agreement: Mutex<Agreement>,
}

/// What agreements have found so far.
#[derive(Debug, Default)]
struct Agreement {
    /// Whether there was one at all: the first is believed.
    is_made: bool,
    /// A large difference that was found lately, and how often in a row.
    doubted: Option<(i64, u32)>,
}

/// This machine's clocks.
#[derive(Debug)]
struct Machine {
    started: Instant,
    /// How far the calendar clock is set wrong on purpose, in ms: for trials only.
    skew: i64,
}

impl Source for Machine {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's time")]
    fn machine_ms(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX).saturating_add(self.skew)
    }

    fn steady_ms(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::with_skew(0)
    }
}

impl Clock {
    /// A clock on a machine whose own time is wrong by `skew` ms.
    pub fn with_skew(skew: i64) -> Self {
        Self::with_source(Machine { started: Instant::now(), skew })
    }

    /// A clock that begins with what `source` says.
    pub fn with_source(source: impl Source + 'static) -> Self {
        let offset = source.machine_ms() - source.steady_ms();
        Self {
            source: Box::new(source),
            offset: offset.into(),
            latest: AtomicI64::new(i64::MIN),
            agreement: Mutex::default(),
        }
    }

    /// The clock that only runs on, for measuring the database's against it.
    pub fn steady_ms(&self) -> i64 {
        self.source.steady_ms()
    }

    /// How far this machine's calendar clock is ahead of its steady one: what an installation goes by whose
    /// database has no clock of its own.
    pub fn machine_offset(&self) -> i64 {
        self.source.machine_ms() - self.source.steady_ms()
    }

    /// Takes note of how far the clock that all nodes go by is ahead of this machine's steady one, in ms.
    pub fn agree(&self, offset_ms: i64) {
        let mut agreement = self.agreement.lock().unwrap_or_else(PoisonError::into_inner);
        let change = offset_ms - self.offset.load(Ordering::Relaxed);
        if agreement.believes(offset_ms, change) {
            if agreement.is_made && change.abs() > DRIFT_MS {
                tracing::error!(change_ms = change, "the clock that nodes go by was set: time jumps");
            }
            agreement.is_made = true;
            self.offset.store(offset_ms, Ordering::Relaxed);
        }
        self.let_go_of_the_future();
    }

    /// Moves server time on, as nothing but a test does; the next agreement finds it far ahead, and doubts itself.
    pub fn advance(&self, by_ms: i64) {
        self.offset.fetch_add(by_ms, Ordering::Relaxed);
    }

    /// Server time. It goes back only where it was believed to be much later than it is; then the rules still
    /// keep time from running backwards for any one sitting.
    pub fn now(&self) -> Timestamp {
        let now = self.running();
        Timestamp(self.latest.fetch_max(now, Ordering::Relaxed).max(now))
    }

    /// A new `UUIDv7` carrying server time.
    pub fn new_uuid(&self) -> uuid::Uuid {
        let ms = u64::try_from(self.now().0).unwrap_or_default();
        let nanos = u32::try_from(ms % 1000).unwrap_or_default() * 1_000_000;
        uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, ms / 1000, nanos))
    }

    fn running(&self) -> i64 {
        self.source.steady_ms().saturating_add(self.offset.load(Ordering::Relaxed))
    }

    /// A little too late, time waits until it is right again; much too late, it would wait for hours.
    fn let_go_of_the_future(&self) {
        let now = self.running();
        if self.latest.load(Ordering::Relaxed) > now.saturating_add(DRIFT_MS) {
            self.latest.store(now, Ordering::Relaxed);
        }
    }
}

impl Agreement {
    fn believes(&mut self, offset: i64, change: i64) -> bool {
        if !self.is_made || change.abs() <= DRIFT_MS {
            self.doubted = None;
            return true;
        }
        let times = match self.doubted {
            Some((before, times)) if (offset - before).abs() <= DRIFT_MS => times + 1,
            _ => 1,
        };
        self.doubted = (times < BELIEVED_AFTER).then_some((offset, times));
        self.doubted.is_none()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const START: i64 = 1_790_000_000_000;
    const HOUR: i64 = 3_600_000;

    /// Clocks that a test sets.
    #[derive(Debug, Clone)]
    struct Hands(Arc<(AtomicI64, AtomicI64)>);

    impl Hands {
        fn new() -> Self {
            Self(Arc::new((START.into(), 7.into())))
        }

        /// Time passes.
        fn pass(&self, ms: i64) {
            self.0.0.fetch_add(ms, Ordering::Relaxed);
            self.0.1.fetch_add(ms, Ordering::Relaxed);
        }

        /// Somebody sets the calendar clock.
        fn set(&self, by: i64) {
            self.0.0.fetch_add(by, Ordering::Relaxed);
        }
    }

    impl Source for Hands {
        fn machine_ms(&self) -> i64 {
            self.0.0.load(Ordering::Relaxed)
        }

        fn steady_ms(&self) -> i64 {
            self.0.1.load(Ordering::Relaxed)
        }
    }

    /// A clock whose database has none of its own, agreed with the machine.
    fn clock() -> (Hands, Clock) {
        let hands = Hands::new();
        let clock = Clock::with_source(hands.clone());
        clock.agree(clock.machine_offset());
        (hands, clock)
    }

    fn agree_for(hands: &Hands, clock: &Clock, times: u32) {
        for _ in 0..times {
            hands.pass(15_000);
            clock.agree(clock.machine_offset());
        }
    }

    #[test]
    fn time_runs_on_steadily_while_somebody_sets_the_machines_clock() {
        let (hands, clock) = clock();
        hands.set(HOUR);
        hands.pass(1_000);
        assert_eq!(clock.now(), Timestamp(START + 1_000));
        hands.set(-2 * HOUR);
        assert_eq!(clock.now(), Timestamp(START + 1_000));
    }

    #[test]
    fn a_step_that_is_taken_back_within_a_minute_changes_nothing() {
        let (hands, clock) = clock();
        hands.set(HOUR);
        agree_for(&hands, &clock, BELIEVED_AFTER - 1);
        hands.set(-HOUR);
        agree_for(&hands, &clock, 1);
        assert_eq!(clock.now(), Timestamp(START + 15_000 * i64::from(BELIEVED_AFTER)));
    }

    #[test]
    fn a_step_that_stays_is_believed_and_one_that_was_wrong_is_left_again_without_a_restart() {
        let (hands, clock) = clock();
        hands.set(HOUR);
        agree_for(&hands, &clock, BELIEVED_AFTER);
        assert_eq!(clock.now(), Timestamp(hands.machine_ms()));
        hands.set(-HOUR);
        agree_for(&hands, &clock, BELIEVED_AFTER);
        assert_eq!(clock.now(), Timestamp(hands.machine_ms()));
        hands.pass(20);
        assert_eq!(clock.now(), Timestamp(hands.machine_ms()), "and time goes on from there");
    }

    #[test]
    fn differences_that_vary_are_never_believed() {
        let (hands, clock) = clock();
        for step in [HOUR, HOUR, -HOUR, HOUR, 3 * HOUR, -HOUR] {
            hands.set(step);
            agree_for(&hands, &clock, 1);
        }
        assert_eq!(clock.now(), Timestamp(START + 6 * 15_000));
    }

    #[test]
    fn a_little_too_late_it_waits_and_never_goes_back() {
        let (hands, clock) = clock();
        let before = clock.now();
        hands.set(-3_000);
        clock.agree(clock.machine_offset());
        assert_eq!(clock.now(), before);
        hands.pass(3_500);
        assert_eq!(clock.now(), Timestamp(START + 500));
    }

    #[test]
    fn the_first_agreement_is_believed_whatever_it_says() {
        let clock = Clock::with_source(Hands::new());
        clock.agree(START + HOUR - 7);
        assert_eq!(clock.now(), Timestamp(START + HOUR));
    }
}
