//! Exponential histograms as OpenTelemetry defines them, at scale 6: bin `i` holds the values over
//! `base^i` and up to `base^(i+1)`, with `base = 2^(1/64)`.
//! <https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram>
//!
//! Counts are integers, so that histograms merge, and values can be taken out again, exactly.
//! Timings are in seconds, as in OpenTelemetry and Prometheus: a histogram in milliseconds could
//! not be turned into one in seconds without loss.

use crate::varint::{self, Malformed};
use std::sync::LazyLock;

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
    /// In ascending order. No bin is there with a count of 0, so that equal histograms are equal. A
    /// list, because histograms are read, merged and written far more often than bins are added.
    bins: Vec<(i16, i64)>,
}

impl Histogram {
    /// Adds a value so many times; takes it out, when the number is negative.
    pub fn change(&mut self, bin: Bin, by: i64) {
        let Bin(Some(index)) = bin else {
            self.zeros += by;
            return;
        };
        match self.bins.binary_search_by_key(&index, |(index, _)| *index) {
            Ok(place) if self.bins[place].1 == -by => drop(self.bins.remove(place)),
            Ok(place) => self.bins[place].1 += by,
            Err(place) if by != 0 => self.bins.insert(place, (index, by)),
            Err(_) => {}
        }
    }

    /// Adds all values of another one. Most of its bins are there already, and are added in place.
    pub fn merge(&mut self, other: &Self) {
        self.zeros += other.zeros;
        if self.bins.is_empty() {
            self.bins.clone_from(&other.bins);
            return;
        }
        let (mut place, mut new, mut has_empty) = (0, Vec::new(), false);
        for (index, count) in &other.bins {
            while self.bins.get(place).is_some_and(|(known, _)| known < index) {
                place += 1;
            }
            match self.bins.get_mut(place) {
                Some((known, sum)) if known == index => {
                    *sum += count;
                    has_empty |= *sum == 0;
                }
                _ => new.push((*index, *count)),
            }
        }
        if has_empty {
            self.bins.retain(|(_, count)| *count != 0);
        }
        if !new.is_empty() {
            self.bins.extend(new);
            // Two lists in ascending order, one after the other, are merged.
            self.bins.sort_by_key(|(index, _)| *index);
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.zeros == 0 && self.bins.is_empty()
    }

    /// How many values count as zero.
    pub fn zeros(&self) -> i64 {
        self.zeros
    }

    /// The bins that have a count: the number of each, in ascending order, and the count.
    pub fn bins(&self) -> &[(i16, i64)] {
        &self.bins
    }

    /// Of what the two above say; nothing, when bins are not in ascending order or one is empty.
    pub fn of_bins(zeros: i64, bins: Vec<(i16, i64)>) -> Option<Self> {
        let is_ascending = bins.is_sorted_by(|a, b| a.0 < b.0);
        let has_empty = bins.iter().any(|(_, count)| *count == 0);
        (is_ascending && !has_empty).then_some(Self { zeros, bins })
    }

    /// Whether more values were taken out of it somewhere than put in.
    pub fn is_overdrawn(&self) -> bool {
        self.zeros < 0 || self.bins.iter().any(|(_, count)| *count < 0)
    }

    /// Appends it as varints: zeros, how many bins there are, and of each the count, whether it is
    /// the neighbour of the one before, and how far it is from there if it is not.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        varint::put(bytes, &self.zeros);
        varint::put(bytes, &self.bins.len());
        let mut neighbour = 0;
        for (index, count) in &self.bins {
            let index = i32::from(*index);
            varint::put(bytes, &(count << 1 | i64::from(index != neighbour)));
            if index != neighbour {
                varint::put(bytes, &(index - neighbour));
            }
            neighbour = index + 1;
        }
    }

    /// Reads one off the beginning of the bytes.
    ///
    /// # Errors
    /// The bytes are none that [`encode`](Self::encode) makes.
    pub fn decode(bytes: &mut &[u8]) -> Result<Self, Malformed> {
        let zeros = varint::take_signed(bytes)?;
        let mut index = 0_i32;
        let count: usize = varint::take(bytes)?;
        // Each takes a byte at least.
        let mut bins = Vec::with_capacity(count.min(bytes.len()));
        for _ in 0..count {
            let count = varint::take_signed(bytes)?;
            if count & 1 == 1 {
                let step = i32::try_from(varint::take_signed(bytes)?).map_err(|_| Malformed)?;
                index = index.saturating_add(step);
            }
            bins.push((i16::try_from(index).map_err(|_| Malformed)?, count >> 1));
            index += 1;
        }
        if !bins.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(Malformed);
        }
        Ok(Self { zeros, bins })
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

/// Where a value is counted: absent for what counts as zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin(Option<i16>);

/// The bin of a finite value that is not negative. The last bin there is takes whatever is larger,
/// which is beyond `2^512`.
pub fn bin(value: f64) -> Bin {
    if value <= ZERO_THRESHOLD {
        return Bin(None);
    }
    let (significand, exponent) = split(value);
    let passed = BOUNDS.partition_point(|bound| *bound < significand);
    // At most 64, so it fits. A significand of exactly 1 is the upper bound of the octave below.
    let within = i32::try_from(passed).unwrap_or_default() - 1;
    let index = i32::from(BINS_PER_OCTAVE) * exponent + within;
    Bin(Some(i16::try_from(index).unwrap_or(i16::MAX)))
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
            histogram.change(bin(*value), 1);
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
        assert_eq!(bin(1.0), Bin(Some(-1)));
        assert_eq!(bin(1.0_f64.next_up()), Bin(Some(0)));
        assert_eq!(bin(2.0), Bin(Some(63)));
        assert_eq!(bin(0.5), Bin(Some(-65)));
        assert_eq!(bin(600.0), Bin(Some(590)));
        assert_eq!(bin(ZERO_THRESHOLD), Bin(None));
        assert_eq!(bin(ZERO_THRESHOLD.next_up()), Bin(Some(-851)));
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
            histogram.change(bin(extra), 1);
            histogram.change(bin(extra), -1);
            prop_assert_eq!(histogram, of(&values));
        }

        #[test]
        fn what_is_encoded_is_decoded(values in values(), retracted in values()) {
            let mut histogram = of(&values);
            for value in retracted {
                histogram.change(bin(value), -1);
            }
            let mut bytes = Vec::new();
            histogram.encode(&mut bytes);
            prop_assert_eq!(Histogram::decode(&mut &*bytes), Ok(histogram));
        }

        #[test]
        fn no_bytes_make_decoding_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = Histogram::decode(&mut &*bytes);
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
