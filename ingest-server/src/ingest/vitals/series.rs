//! The counts of page views that are alike.

use crate::ingest::page_view::Change;
use beacon::MetricName;

/// Buckets of a metric, but for the last one, which has no bound.
pub const BOUNDS_COUNT: usize = 12;

/// The upper bounds of the buckets, in [steps](MetricName::steps_per_unit) and in the order of
/// [`MetricName::ALL`]: where good ends and poor begins, and what lies between and beyond.
pub const BOUNDS: [[u32; BOUNDS_COUNT]; MetricName::ALL.len()] = [
    millionths([5, 10, 25, 50, 75, 100, 150, 200, 250, 400, 750, 1_500]),
    millionths([250, 500, 750, 1_000, 1_400, 1_800, 2_400, 3_000, 4_500, 7_000, 15_000, 60_000]),
    millionths([16, 40, 64, 104, 152, 200, 264, 352, 500, 752, 1_504, 5_000]),
    millionths([
        500, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_500, 8_000, 12_000, 30_000, 60_000,
    ]),
    millionths([50, 100, 200, 400, 600, 800, 1_000, 1_400, 1_800, 3_000, 6_000, 15_000]),
    millionths([8, 16, 32, 64, 100, 152, 200, 300, 500, 752, 1_504, 5_000]),
];

/// Of thousandths.
const fn millionths(mut bounds: [u32; BOUNDS_COUNT]) -> [u32; BOUNDS_COUNT] {
    let mut index = 0;
    while index < BOUNDS_COUNT {
        bounds[index] *= 1_000;
        index += 1;
    }
    bounds
}

/// What was counted of page views that are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// How many there were.
    pub page_views: u64,
    /// What was measured, in the order of [`MetricName::ALL`].
    pub metrics: [Counts; MetricName::ALL.len()],
}

/// The values of a metric.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many lie up to each of the [bounds](BOUNDS), and over the one before; the last ones lie over
    /// all of them.
    pub buckets: [u64; BOUNDS_COUNT + 1],
    /// All of them together, in steps.
    pub sum: u64,
}

impl Series {
    /// Counts what is known for the first time.
    pub(super) fn count(&mut self, change: &Change) {
        self.page_views += u64::from(change.is_of_new_page_view());
        for name in MetricName::ALL {
            if let Some(steps) = change.first(name) {
                self.metrics[name as usize].add(name, steps);
            }
        }
    }
}

impl Counts {
    fn add(&mut self, name: MetricName, steps: u32) {
        let bounds = &BOUNDS[name as usize];
        self.buckets[bounds.partition_point(|bound| *bound < steps)] += 1;
        self.sum += u64::from(steps);
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_ascend_and_have_the_thresholds_among_them() {
        for (name, bounds) in MetricName::ALL.into_iter().zip(BOUNDS) {
            assert!(bounds.is_sorted_by(|a, b| a < b), "{name:?}");
            let thresholds = name.thresholds();
            for threshold in [thresholds.good, thresholds.needs_improvement] {
                let steps = (threshold * name.steps_per_unit()).to_string();
                assert!(bounds.iter().any(|bound| bound.to_string() == steps), "{name:?} {steps}");
            }
        }
    }

    #[test]
    fn a_value_on_a_bound_lies_below_it() {
        let mut counts = Counts::default();
        for steps in [2_500_000, 2_500_001, 0, u32::MAX] {
            counts.add(MetricName::Lcp, steps);
        }
        assert_eq!(counts.buckets, [1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!((counts.count(), counts.sum), (4, 5_000_001 + u64::from(u32::MAX)));
    }
}
