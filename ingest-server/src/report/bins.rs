//! The histogram that people see: bins of equal width, the last one open.

use beacon::{MetricName, Thresholds};
use serde::Serialize;
use utoipa::ToSchema;

/// How many bins there are, the open one included.
const BINS: u32 = 100;

/// A bin of the display histogram: start (included) to end (excluded). Only a value that is exactly
/// a threshold stands in the bin below it, as it is rated with the better side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = HistogramBin)]
pub struct Bin {
    /// Its lower bound, in the metric's unit.
    pub start: f64,
    /// Its upper bound; absent for the last one, which has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub end: Option<f64>,
    /// The share of page views in it.
    pub density: f64,
}

/// All bins of a metric, empty ones too. `values` are in its unit, each with how often it is there;
/// `count` is how many there are.
pub(super) fn histogram(values: &[(f64, u64)], count: u64, name: MetricName) -> Vec<Bin> {
    let mut counts = [0; BINS as usize];
    for (value, n) in values {
        counts[bin_of(*value, name) as usize] += n;
    }
    let bin = |(index, n)| Bin {
        start: start(index, name),
        end: (index + 1 < BINS).then(|| start(index + 1, name)),
        density: share(n, count),
    };
    (0..).zip(counts).map(bin).collect()
}

/// A part as a share of the whole.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    // Counts are far below 2^52.
    #[expect(clippy::cast_precision_loss)]
    let share = part as f64 / whole as f64;
    share
}

/// The value that so many of a hundred do not exceed, the one of the nearest rank; nothing of none.
pub(crate) fn nearest_rank<T: Copy + Ord>(values: &mut [T], per_cent: usize) -> Option<T> {
    let rank = (values.len() * per_cent).div_ceil(100).checked_sub(1)?;
    Some(*values.select_nth_unstable(rank).1)
}

/// In [steps](MetricName::steps_per_unit), so that both thresholds of every metric are exactly
/// bounds of bins: 100 ms, 50 ms, 25 ms, 10 ms, or 0.01. Browsers round INP to 8 ms: bins of 10 ms would have
/// one or two of its values in turns, those of 25 ms have three.
const fn width_steps(name: MetricName) -> u32 {
    match name {
        MetricName::Lcp | MetricName::Fcp => 100_000,
        MetricName::Ttfb => 50_000,
        MetricName::Inp => 25_000,
        MetricName::Fid | MetricName::Cls => 10_000,
    }
}

fn bin_of(value: f64, name: MetricName) -> u32 {
    let steps = in_steps(value, name);
    let Thresholds { good, needs_improvement } = name.thresholds();
    let on_threshold = [good, needs_improvement].map(|t| in_steps(t, name)).contains(&steps);
    let index = steps / width_steps(name) - u32::from(on_threshold);
    index.min(BINS - 1)
}

fn start(index: u32, name: MetricName) -> f64 {
    f64::from(index * width_steps(name)) / name.steps_per_unit()
}

fn in_steps(value: f64, name: MetricName) -> u32 {
    // `as` saturates, and whatever is that large is in the last bin.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let steps = (value * name.steps_per_unit()).round() as u32;
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: MetricName, value: f64) -> Bin {
        let bins = histogram(&[(value, 1)], 1, name);
        assert_eq!(bins.len(), BINS as usize);
        bins.into_iter().find(|bin| bin.density > 0.0).unwrap()
    }

    #[test]
    fn a_value_on_a_bound_stands_above_it_and_on_a_threshold_below_it() {
        for (name, value, start) in [
            (MetricName::Lcp, 0.0, 0.0),
            (MetricName::Lcp, 2400.0, 2400.0),
            (MetricName::Lcp, 2500.0, 2400.0),
            (MetricName::Lcp, 2500.1, 2500.0),
            (MetricName::Ttfb, 1800.0, 1750.0),
            (MetricName::Inp, 75.0, 75.0),
            (MetricName::Cls, 0.1, 0.09),
            (MetricName::Cls, 0.29, 0.29),
            (MetricName::Cls, 0.57, 0.57),
        ] {
            assert_eq!(of(name, value).start.to_bits(), f64::to_bits(start), "{name:?} {value}");
        }
    }

    #[test]
    fn inp_in_steps_of_eight_milliseconds_makes_no_comb() {
        let values = (1..=62).map(|step| (f64::from(step * 8), 1)).collect::<Vec<_>>();
        let bins = histogram(&values, 62, MetricName::Inp);
        for bin in bins.iter().take_while(|bin| bin.start < 500.0) {
            let values = (bin.density * 62.0).round();
            assert!((3.0..=4.0).contains(&values), "{bin:?}");
        }
    }

    #[test]
    fn the_last_bin_takes_all_that_is_larger() {
        for (name, value, start) in [
            (MetricName::Fcp, 9900.0, 9900.0),
            (MetricName::Ttfb, 600_000.0, 4950.0),
            (MetricName::Inp, 1e12, 2475.0),
            (MetricName::Cls, 100.0, 0.99),
        ] {
            let last = of(name, value);
            assert_eq!(last.start.to_bits(), f64::to_bits(start), "{name:?} {value}");
            assert_eq!(last.end, None, "{name:?} {value}");
        }
    }

    #[test]
    fn both_thresholds_of_every_metric_are_bounds_of_bins() {
        for name in MetricName::ALL {
            let Thresholds { good, needs_improvement } = name.thresholds();
            for threshold in [good, needs_improvement] {
                assert_eq!(in_steps(threshold, name) % width_steps(name), 0, "{name:?}");
            }
        }
    }
}
