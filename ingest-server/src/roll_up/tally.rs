//! The values of a metric, counted: by rating, which is exact, and in bins.

use crate::{
    histogram::{self, Bin, Histogram},
    varint::{self, Malformed},
};
use beacon::{MetricName, Rating};

/// Microseconds in a second, millionths in a score: a histogram is in seconds, or plain scores.
pub const STEPS_PER_BIN_UNIT: f64 = 1e6;

/// A value, ready to be counted in many tallies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    rating: Rating,
    bin: Bin,
}

impl Observed {
    /// A value of a metric, in [steps](MetricName::steps_per_unit).
    pub fn new(name: MetricName, steps: u32) -> Self {
        let rating = name.rate_steps(steps);
        Self { rating, bin: histogram::bin(f64::from(steps) / STEPS_PER_BIN_UNIT) }
    }
}

/// Counts of the values of a metric. They merge, and values can be taken out again, exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Good, needs improvement, poor.
    ratings: [i64; 3],
    histogram: Histogram,
}

impl Tally {
    /// Adds a value so many times; takes it out, when the number is negative.
    pub fn change(&mut self, Observed { rating, bin }: Observed, by: i64) {
        self.ratings[rating as usize] += by;
        self.histogram.change(bin, by);
    }

    /// Adds all values of another one.
    pub fn merge(&mut self, other: &Self) {
        for (rating, more) in self.ratings.iter_mut().zip(other.ratings) {
            *rating += more;
        }
        self.histogram.merge(&other.histogram);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.ratings == [0; 3] && self.histogram.is_empty()
    }

    /// Of what is counted already.
    pub fn of(ratings: [u64; 3], histogram: Histogram) -> Self {
        Self { ratings: ratings.map(|count| count.try_into().unwrap_or(i64::MAX)), histogram }
    }

    /// Whether more values were taken out of it somewhere than put in.
    pub fn is_overdrawn(&self) -> bool {
        self.ratings.iter().any(|count| *count < 0) || self.histogram.is_overdrawn()
    }

    /// How many values are good, need improvement and are poor.
    pub fn ratings(&self) -> [u64; 3] {
        self.ratings.map(|count| count.try_into().unwrap_or_default())
    }

    /// The values in bins.
    pub fn histogram(&self) -> &Histogram {
        &self.histogram
    }

    /// Appends it as it is stored.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        for rating in &self.ratings {
            varint::put(bytes, rating);
        }
        self.histogram.encode(bytes);
    }

    /// Reads one off the beginning of the bytes.
    ///
    /// # Errors
    /// The bytes are none that [`encode`](Self::encode) makes.
    pub fn decode(bytes: &mut &[u8]) -> Result<Self, Malformed> {
        let mut ratings = [0; 3];
        for rating in &mut ratings {
            *rating = varint::take_signed(bytes)?;
        }
        Ok(Self { ratings, histogram: Histogram::decode(bytes)? })
    }
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

    proptest! {
        #[test]
        fn what_is_stored_is_read(
            added in prop::collection::vec(0_u32..8_000_000, 0..50),
            taken in prop::collection::vec(0_u32..8_000_000, 0..50),
        ) {
            let mut tally = Tally::default();
            for (sign, values) in [(1, &added), (-1, &taken)] {
                for steps in values {
                    tally.change(Observed::new(MetricName::Lcp, *steps), sign);
                }
            }
            let mut stored = Vec::new();
            tally.encode(&mut stored);
            prop_assert_eq!(Tally::decode(&mut &*stored), Ok(tally));
        }
    }
}
