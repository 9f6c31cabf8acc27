//! All values of one metric, in a shape that percentiles can be read from.

use crate::histogram::{self, Histogram};
use beacon::{MetricName, Rating};

/// Up to so many values are kept one by one; more are counted in bins.
pub const EXACT_VALUES_MAX: usize = 10_000;

/// The values of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    name: MetricName,
    count: u64,
    ratings: [u64; 3],
    values: Values,
}

#[derive(Clone, Debug, PartialEq)]
enum Values {
    /// In steps, in the order of arrival.
    Exact(Vec<u32>),
    Binned(Histogram),
}

impl Distribution {
    /// Without values.
    pub fn new(name: MetricName) -> Self {
        Self { name, count: 0, ratings: [0; 3], values: Values::Exact(Vec::new()) }
    }

    /// Adds a value, in [steps](MetricName::steps_per_unit).
    pub fn add(&mut self, steps: u32) {
        self.count += 1;
        self.ratings[self.name.rate(self.in_units(steps)) as usize] += 1;
        match &mut self.values {
            Values::Exact(values) if values.len() < EXACT_VALUES_MAX => values.push(steps),
            Values::Exact(values) => {
                let mut histogram = Histogram::default();
                for known in values.drain(..) {
                    histogram.add(in_bins(known));
                }
                histogram.add(in_bins(steps));
                self.values = Values::Binned(histogram);
            }
            Values::Binned(histogram) => histogram.add(in_bins(steps)),
        }
    }

    /// The metric.
    pub fn name(&self) -> MetricName {
        self.name
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many of them are good, need improvement and are poor: always exact.
    pub fn ratings(&self) -> [u64; 3] {
        self.ratings
    }

    /// By how much a value of [`into_ascending`](Self::into_ascending) may be off, as a share of it.
    pub fn error(&self) -> f64 {
        match self.values {
            Values::Exact(_) => 0.0,
            Values::Binned(_) => histogram::RELATIVE_ERROR,
        }
    }

    /// The values in the metric's unit, in ascending order, each with how often it is there.
    pub fn into_ascending(self) -> Vec<(f64, u64)> {
        let name = self.name;
        match self.values {
            Values::Exact(mut values) => {
                values.sort_unstable();
                values.into_iter().map(|steps| (in_units(name, steps), 1)).collect()
            }
            Values::Binned(histogram) => histogram
                .ascending()
                .map(|(value, count)| (value * STEPS_PER_BIN_UNIT / name.steps_per_unit(), count))
                .collect(),
        }
    }

    fn in_units(&self, steps: u32) -> f64 {
        in_units(self.name, steps)
    }
}

/// Microseconds in a second, millionths in a score: a histogram is in seconds, or plain scores.
const STEPS_PER_BIN_UNIT: f64 = 1e6;

fn in_bins(steps: u32) -> f64 {
    f64::from(steps) / STEPS_PER_BIN_UNIT
}

fn in_units(name: MetricName, steps: u32) -> f64 {
    f64::from(steps) / name.steps_per_unit()
}

// `ratings` is indexed by them.
const _: () = assert!(
    Rating::Good as usize == 0
        && Rating::NeedsImprovement as usize == 1
        && Rating::Poor as usize == 2
);

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
    fn the_value_after_the_last_exact_one_turns_them_into_bins() {
        let at_most = u32::try_from(EXACT_VALUES_MAX).unwrap();
        assert!(of(0..at_most).error() == 0.0);
        let binned = of(0..=at_most);
        assert!(binned.error() > 0.0);
        let counted = binned.into_ascending().iter().map(|(_, count)| count).sum::<u64>();
        assert_eq!(counted, u64::from(at_most) + 1);
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
