//! All values of one metric, in a shape that percentiles can be read from.

use crate::{
    histogram,
    roll_up::{Observed, STEPS_PER_BIN_UNIT, Tally},
};
use beacon::MetricName;

/// Up to so many values are kept one by one; more are counted in bins.
pub const EXACT_VALUES_MAX: usize = 10_000;

/// The values of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    name: MetricName,
    tally: Tally,
    /// All values in steps, as long as they are few and each is known.
    exact: Option<Vec<u32>>,
}

impl Distribution {
    /// Without values.
    pub fn new(name: MetricName) -> Self {
        Self { name, tally: Tally::default(), exact: Some(Vec::new()) }
    }

    /// Adds a value, in [steps](MetricName::steps_per_unit).
    pub fn add(&mut self, steps: u32) {
        self.tally.change(Observed::new(self.name, steps), 1);
        self.exact = self.exact.take().filter(|values| values.len() < EXACT_VALUES_MAX);
        if let Some(values) = &mut self.exact {
            values.push(steps);
        }
    }

    /// Adds values that are counted already.
    pub fn merge(&mut self, tally: &Tally) {
        if !tally.is_empty() {
            self.tally.merge(tally);
            self.exact = None;
        }
    }

    /// Adds all values of another one of the same metric.
    pub fn extend(&mut self, other: &Self) {
        self.tally.merge(&other.tally);
        self.exact = match (self.exact.take(), &other.exact) {
            (Some(mut values), Some(more)) if values.len() + more.len() <= EXACT_VALUES_MAX => {
                values.extend(more);
                Some(values)
            }
            _ => None,
        };
    }

    /// Takes a value out that was [added](Self::add) or [merged](Self::merge).
    pub fn retract(&mut self, steps: u32) {
        self.tally.change(Observed::new(self.name, steps), -1);
        if let Some(values) = &mut self.exact {
            // What changes several times was added last.
            match values.iter().rposition(|value| *value == steps) {
                Some(place) => drop(values.swap_remove(place)),
                None => self.exact = None,
            }
        }
    }

    /// The metric.
    pub fn name(&self) -> MetricName {
        self.name
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.ratings().iter().sum()
    }

    /// How many of them are good, need improvement and are poor: always exact.
    pub fn ratings(&self) -> [u64; 3] {
        self.tally.ratings()
    }

    /// By how much a value of [`into_ascending`](Self::into_ascending) may be off, as a share of it.
    pub fn error(&self) -> f64 {
        if self.exact.is_some() { 0.0 } else { histogram::RELATIVE_ERROR }
    }

    /// The values in the metric's unit, in ascending order, each with how often it is there.
    pub fn into_ascending(self) -> Vec<(f64, u64)> {
        let Self { name, tally, exact } = self;
        if let Some(mut values) = exact {
            values.sort_unstable();
            return values.into_iter().map(|steps| (in_units(name, steps), 1)).collect();
        }
        let in_units = |value| value * STEPS_PER_BIN_UNIT / name.steps_per_unit();
        tally.histogram().ascending().map(|(value, count)| (in_units(value), count)).collect()
    }
}

fn in_units(name: MetricName, steps: u32) -> f64 {
    f64::from(steps) / name.steps_per_unit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: impl IntoIterator<Item = u32>) -> Distribution {
        let mut distribution = Distribution::new(MetricName::Lcp);
        values.into_iter().for_each(|value| distribution.add(value));
        distribution
    }

    #[test]
    fn few_values_are_kept_as_they_are() {
        let values = of([2_312_400, 800_005]).into_ascending();
        assert_eq!(values, [(800.005, 1), (2312.4, 1)]);
    }

    #[test]
    fn a_page_view_that_changes_twice_before_anything_is_merged_leaves_only_its_latest_value() {
        let mut distribution = of([590_000]);
        distribution.retract(590_000);
        distribution.add(14_500_000);
        assert_eq!(distribution.into_ascending(), [(14_500.0, 1)]);
    }

    #[test]
    fn the_value_after_the_last_exact_one_turns_them_into_bins() {
        let at_most = u32::try_from(EXACT_VALUES_MAX).unwrap();
        assert!(of(0..at_most).error() == 0.0);
        let binned = of(0..=at_most);
        assert!(binned.error() > 0.0);
        let counted = binned.into_ascending().iter().map(|(_, count)| count).sum::<u64>();
        assert_eq!(counted, u64::from(at_most) + 1);
    }

    #[test]
    fn two_of_few_values_are_together_as_exact() {
        let mut both = of([2_312_400]);
        both.extend(&of([800_005]));
        assert_eq!(both.into_ascending(), [(800.005, 1), (2312.4, 1)]);
        let at_most = u32::try_from(EXACT_VALUES_MAX).unwrap();
        let mut too_many = of(0..at_most);
        too_many.extend(&of([0]));
        assert!(too_many.error() > 0.0);
        assert_eq!(too_many.count(), u64::from(at_most) + 1);
    }

    proptest! {
        #[test]
        fn ratings_are_those_of_the_values_one_by_one(
            values in proptest::collection::vec(0_u32..8_000_000, 0..200)
        ) {
            let mut expected = [0; 3];
            for value in &values {
                expected[MetricName::Lcp.rate(f64::from(*value) / 1e3) as usize] += 1;
            }
            prop_assert_eq!(of(values).ratings(), expected);
        }
    }
}
