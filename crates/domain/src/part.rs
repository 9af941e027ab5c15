//! Which segments of a part have arrived, as intervals, and when a part is complete.

use serde::{Deserialize, Serialize};

/// A set of segment indexes (from 1), kept as sorted, disjoint, inclusive intervals that never touch.
///
/// As JSON: `[[1,5],[7,9]]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(u64, u64)>", into = "Vec<(u64, u64)>")]
pub struct Indexes(Vec<(u64, u64)>);

impl Indexes {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an index; whether it was new. Index 0 is none and is never added.
    pub fn insert(&mut self, index: u64) -> bool {
        if index == 0 || self.contains(index) {
            return false;
        }
        let at = self.0.partition_point(|&(_, last)| last < index);
        let joins_left = at > 0 && self.0[at - 1].1 + 1 == index;
        let joins_right = self.0.get(at).is_some_and(|&(first, _)| index + 1 == first);
        match (joins_left, joins_right) {
            (true, true) => {
                self.0[at - 1].1 = self.0[at].1;
                self.0.remove(at);
            }
            (true, false) => self.0[at - 1].1 = index,
            (false, true) => self.0[at].0 = index,
            (false, false) => self.0.insert(at, (index, index)),
        }
        true
    }

    /// Whether this index is in the set.
    pub fn contains(&self, index: u64) -> bool {
        let at = self.0.partition_point(|&(_, last)| last < index);
        self.0.get(at).is_some_and(|&(first, _)| first <= index)
    }

    /// How many indexes the set has.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// Whether the set has none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The highest index.
    pub fn last(&self) -> Option<u64> {
        self.0.last().map(|&(_, last)| last)
    }

    /// The highest index up to which nothing is missing; 0 if the first is.
    pub fn safe_through(&self) -> u64 {
        match self.0.first() {
            Some(&(1, last)) => last,
            _ => 0,
        }
    }

    /// The intervals in the set.
    pub fn intervals(&self) -> &[(u64, u64)] {
        &self.0
    }

    /// The intervals between 1 and `last` (inclusive) that are not in the set.
    pub fn missing(&self, last: u64) -> Vec<(u64, u64)> {
        let mut missing = Vec::new();
        let mut next = 1;
        for &(first, end) in &self.0 {
            if next > last {
                break;
            }
            if first > next {
                missing.push((next, last.min(first - 1)));
            }
            next = end.saturating_add(1);
        }
        if next <= last {
            missing.push((next, last));
        }
        missing
    }

    /// Whether a part that ends at `last` is complete: nothing up to it is missing.
    pub fn is_complete(&self, last: u64) -> bool {
        self.safe_through() >= last
    }
}

impl From<Vec<(u64, u64)>> for Indexes {
    /// Intervals in any order; overlapping and touching ones are joined, index 0 and inverted ones dropped.
    fn from(mut intervals: Vec<(u64, u64)>) -> Self {
        intervals.retain(|&(first, last)| first <= last && last > 0);
        intervals.sort_unstable();
        let mut joined: Vec<(u64, u64)> = Vec::with_capacity(intervals.len());
        for (first, last) in intervals {
            let first = first.max(1);
            match joined.last_mut() {
                Some(previous) if first <= previous.1.saturating_add(1) => previous.1 = previous.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }
}

impl From<Indexes> for Vec<(u64, u64)> {
    fn from(indexes: Indexes) -> Self {
        indexes.0
    }
}

impl FromIterator<u64> for Indexes {
    fn from_iter<I: IntoIterator<Item = u64>>(indexes: I) -> Self {
        indexes.into_iter().map(|index| (index, index)).collect::<Vec<_>>().into()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_hole_is_missing_until_it_is_filled() {
        let mut indexes: Indexes = [1, 2, 3, 5].into_iter().collect();
        assert_eq!(indexes.missing(6), vec![(4, 4), (6, 6)]);
        assert_eq!(indexes.safe_through(), 3);
        assert!(indexes.insert(4));
        assert_eq!(indexes.intervals(), &[(1, 5)]);
        assert!(indexes.is_complete(5));
        assert!(!indexes.is_complete(6));
    }

    #[test]
    fn nothing_is_safe_while_the_first_is_missing() {
        let indexes: Indexes = [2, 3].into_iter().collect();
        assert_eq!(indexes.safe_through(), 0);
        assert!(!indexes.is_complete(1));
    }

    #[test]
    fn a_part_without_segments_is_complete_at_nothing() {
        assert!(Indexes::new().is_complete(0));
        assert_eq!(Indexes::new().missing(0), vec![]);
    }

    proptest! {
        #[test]
        fn intervals_say_the_same_as_a_plain_set(inserted in prop::collection::vec(1_u64..40, 0..60), last in 0_u64..45) {
            let mut indexes = Indexes::new();
            let mut plain = BTreeSet::new();
            for index in inserted {
                prop_assert_eq!(indexes.insert(index), plain.insert(index));
            }
            prop_assert_eq!(indexes.count(), plain.len() as u64);
            prop_assert_eq!(indexes.last(), plain.last().copied());
            prop_assert_eq!(&plain.iter().copied().collect::<Indexes>(), &indexes);
            let missing: BTreeSet<u64> = indexes.missing(last).into_iter().flat_map(|(a, b)| a..=b).collect();
            let expected: BTreeSet<u64> = (1..=last).filter(|index| !plain.contains(index)).collect();
            prop_assert_eq!(missing.is_empty(), indexes.is_complete(last));
            prop_assert_eq!(missing, expected);
        }
    }
}
