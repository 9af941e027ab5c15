//! Medians of turns, ratios of turns that met in the same round, and how both are printed.

use std::fmt;

use crate::arena::Contender;
use crate::load::Turn;

/// All turns of one contender.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Who.
    pub(crate) who: Contender,
    /// One a round, in the order of rounds.
    pub(crate) turns: Vec<Turn>,
}

/// A ratio: its median over rounds, and how far rounds differ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ratio {
    /// Median over rounds.
    pub(crate) median: f64,
    least: f64,
    most: f64,
}

impl Tally {
    /// Nobody has had a turn yet.
    pub(crate) fn new(who: Contender) -> Self {
        Self { who, turns: Vec::new() }
    }

    /// The median over turns.
    pub(crate) fn median(&self, of: impl Fn(&Turn) -> f64) -> f64 {
        median(self.turns.iter().map(of).collect())
    }

    /// This contender's figure divided by the other's, round by round.
    pub(crate) fn over(&self, other: &Self, of: impl Fn(&Turn) -> f64) -> Ratio {
        Ratio::of(self.turns.iter().zip(&other.turns).map(|(ours, theirs)| of(ours) / of(theirs)).collect())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {:.0} requests/s, {:.3} CPU-s/GB, p50 {:.1} ms, p99 {:.1} ms, load core {:.0} % busy",
            self.who.name(),
            self.median(|turn| turn.requests_per_s),
            self.median(|turn| turn.cpu_per_gb),
            self.median(|turn| turn.latencies.ms(500)),
            self.median(|turn| turn.latencies.ms(990)),
            self.median(|turn| turn.load_busy) * 100.0,
        )
    }
}

impl Ratio {
    /// Of ratios of rounds.
    pub(crate) fn of(rounds: Vec<f64>) -> Self {
        let least = rounds.iter().copied().fold(f64::INFINITY, f64::min);
        let most = rounds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self { median: median(rounds), least, most }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "×{:.2} ({:.2}–{:.2})", self.median, self.least, self.most)
    }
}

/// The middle value; of an even number, the mean of the middle two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), values.len() % 2) {
        (None, _) => f64::NAN,
        (Some(value), 1) => *value,
        (Some(value), _) => f64::midpoint(values[middle - 1], *value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_of_what_was_measured() {
        assert!((median(vec![3.0, 1.0, 9.0]) - 3.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0, 2.0, 9.0]) - 3.0).abs() < 1e-9);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn a_ratio_tells_how_far_rounds_differ() {
        assert_eq!(Ratio::of(vec![0.9, 0.8, 1.25]).to_string(), "×0.90 (0.80–1.25)");
    }
}
