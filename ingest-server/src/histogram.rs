//! Exponential histograms as OpenTelemetry defines them, at scale 6: bin `i` holds the values over
//! `base^i` and up to `base^(i+1)`, with `base = 2^(1/64)`.
//! <https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram>
//!
//! Counts are integers, so that histograms merge, and values can be taken out again, exactly.
//! Timings are in seconds, as in OpenTelemetry and Prometheus: a histogram in milliseconds could
//! not be turned into one in seconds without loss.

use std::{collections::BTreeMap, sync::LazyLock};

/// Bins to each doubling of the value: 2 to the power of the scale.
const BINS_PER_OCTAVE: u8 = 64;
/// Values up to this one (0.1 ms, a shift of 0.0001) are counted as zero.
pub const ZERO_THRESHOLD: f64 = 1e-4;
/// By how much the value that stands for a bin may differ from a value in it, as a share of that:
/// `(base - 1) / (base + 1)`, rounded up.
pub const RELATIVE_ERROR: f64 = 0.0055;

/// Where the bins of the octave from 1 to 2 begin. A table, because a logarithm errs on the bounds.
static BOUNDS: LazyLock<[f64; BINS_PER_OCTAVE as usize]> = LazyLock::new(|| {
    let mut bounds = [1.0; BINS_PER_OCTAVE as usize];
    for (index, bound) in (0..).zip(&mut bounds) {
        *bound = lower_bound(index);
    }
    bounds
});

/// Counts of values by bin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    zeros: i64,
    /// No bin is there with a count of 0, so that equal histograms are equal.
    bins: BTreeMap<i16, i64>,
}

impl Histogram {
    /// Adds a finite value that is not negative.
    pub fn add(&mut self, value: f64) {
        self.change(bin(value), 1);
    }

    /// Takes a value out that was added before.
    pub fn retract(&mut self, value: f64) {
        self.change(bin(value), -1);
    }

    /// Adds all values of another one.
    pub fn merge(&mut self, other: &Self) {
        self.zeros += other.zeros;
        for (index, count) in &other.bins {
            self.change(Some(*index), *count);
        }
    }

    fn change(&mut self, bin: Option<i16>, by: i64) {
        let Some(index) = bin else {
            self.zeros += by;
            return;
        };
        let count = self.bins.entry(index).or_default();
        *count += by;
        if *count == 0 {
            self.bins.remove(&index);
        }
    }

    /// The value that stands for each bin, in ascending order, and how many values are in it.
    pub fn ascending(&self) -> impl Iterator<Item = (f64, u64)> {
        let zeros = (self.zeros > 0).then_some((0.0, self.zeros));
        let bins = self.bins.iter().map(|(index, count)| (middle(*index), *count));
        zeros
            .into_iter()
            .chain(bins)
            .filter_map(|(value, count)| Some((value, u64::try_from(count).ok()?)))
    }
}

/// The bin of a value; absent for what counts as zero. The last bin there is takes whatever is
/// larger, which is beyond `2^512`.
fn bin(value: f64) -> Option<i16> {
    if value <= ZERO_THRESHOLD {
        return None;
    }
    let (significand, exponent) = split(value);
    let passed = BOUNDS.partition_point(|bound| *bound < significand);
    // At most 64, so it fits. A significand of exactly 1 is the upper bound of the octave below.
    let within = i32::try_from(passed).unwrap_or_default() - 1;
    let index = i32::from(BINS_PER_OCTAVE) * exponent + within;
    Some(i16::try_from(index).unwrap_or(i16::MAX))
}

/// A normal number as significand (1 to 2, the latter excluded) and power of two.
fn split(value: f64) -> (f64, i32) {
    const EXPONENT_BIAS: i32 = 1023;
    const FRACTION_BITS: u32 = 52;
    let bits = value.to_bits();
    let exponent = (bits >> FRACTION_BITS) as i32 - EXPONENT_BIAS;
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    (f64::from_bits(fraction | 1.0_f64.to_bits()), exponent)
}

/// The value whose relative distance to both bounds of the bin is the same.
fn middle(index: i16) -> f64 {
    let (lower, upper) = (lower_bound(index.into()), lower_bound(i32::from(index) + 1));
    2.0 * lower * upper / (lower + upper)
}

fn lower_bound(index: i32) -> f64 {
    (f64::from(index) / f64::from(BINS_PER_OCTAVE)).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[f64]) -> Histogram {
        let mut histogram = Histogram::default();
        for value in values {
            histogram.add(*value);
        }
        histogram
    }

    fn merged(a: &Histogram, b: &Histogram) -> Histogram {
        let mut sum = a.clone();
        sum.merge(b);
        sum
    }

    #[test]
    fn bins_are_those_of_opentelemetry() {
        // A bin's upper bound belongs to it.
        assert_eq!(bin(1.0), Some(-1));
        assert_eq!(bin(1.0_f64.next_up()), Some(0));
        assert_eq!(bin(2.0), Some(63));
        assert_eq!(bin(0.5), Some(-65));
        assert_eq!(bin(600.0), Some(590));
        assert_eq!(bin(ZERO_THRESHOLD), None);
        assert_eq!(bin(ZERO_THRESHOLD.next_up()), Some(-851));
    }

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![Just(0.0), (0_u32..600_000_000).prop_map(|us| f64::from(us) / 1e6)]
    }

    fn values() -> impl Strategy<Value = Vec<f64>> {
        proptest::collection::vec(value(), 0..100)
    }

    proptest! {
        #[test]
        fn merging_is_associative_and_commutative(a in values(), b in values(), c in values()) {
            let (a, b, c) = (of(&a), of(&b), of(&c));
            prop_assert_eq!(merged(&a, &b), merged(&b, &a));
            prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
        }

        #[test]
        fn merging_is_adding_all_values(a in values(), b in values()) {
            let both = [a.clone(), b.clone()].concat();
            prop_assert_eq!(merged(&of(&a), &of(&b)), of(&both));
        }

        #[test]
        fn a_retracted_value_leaves_no_trace(values in values(), extra in value()) {
            let mut histogram = of(&values);
            histogram.add(extra);
            histogram.retract(extra);
            prop_assert_eq!(histogram, of(&values));
        }

        #[test]
        fn what_stands_for_a_value_is_as_near_as_promised(value in value()) {
            let shown = of(&[value]).ascending().next().unwrap().0;
            if value <= ZERO_THRESHOLD {
                prop_assert!(shown == 0.0);
            } else {
                prop_assert!((shown - value).abs() / value <= RELATIVE_ERROR);
            }
        }

        #[test]
        fn values_keep_their_order(mut values in values()) {
            values.sort_by(f64::total_cmp);
            let shown = of(&values).ascending().collect::<Vec<_>>();
            prop_assert!(shown.is_sorted_by(|a, b| a.0 < b.0));
            prop_assert_eq!(shown.iter().map(|(_, n)| n).sum::<u64>(), values.len() as u64);
        }
    }
}
