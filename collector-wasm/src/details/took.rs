//! How long something took that happens often.

use crate::durations::{bin, microseconds, put};
use beacon::{DURATION_BINS, Durations};

/// How long something took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Took {
    /// Milliseconds.
    pub ms: f64,
    /// The binary logarithm of its seconds, by which its bin is found. JavaScript has one; of its own it
    /// is dear in wasm.
    pub log2: f64,
}

impl Took {
    /// For those that have no JavaScript to ask.
    pub fn of(ms: f64) -> Self {
        Self { ms, log2: (ms / 1000.0).log2() }
    }
}

/// Adds one.
pub(super) fn add(durations: &mut Durations, took: Took) {
    let us = microseconds(took.ms);
    durations.count += 1;
    durations.total_us = durations.total_us.saturating_add(us);
    durations.max_us = durations.max_us.max(us);
    // The last bin has what is more than all.
    put(&mut durations.bins, bin(took.log2).min(DURATION_BINS.end - 1), true);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_takes_no_time_is_in_no_bin_and_what_takes_for_ever_in_the_last() {
        let mut durations = Durations::default();
        add(&mut durations, Took::of(0.0));
        assert_eq!((durations.count, durations.bins.len()), (1, 0));
        add(&mut durations, Took::of(1e12));
        assert_eq!(durations.bins, [(DURATION_BINS.end - 1, 1)]);
        assert_eq!(durations.total_us, u32::MAX);
    }

    proptest! {
        #[test]
        fn bins_are_those_of_the_beacon(all_ms in prop::collection::vec(0.0..1e7, 0..50)) {
            let mut durations = Durations::default();
            for ms in &all_ms {
                add(&mut durations, Took::of(*ms));
            }
            let mut expected: Vec<(i16, u32)> = Vec::new();
            for bin in all_ms.iter().filter_map(|ms| beacon::duration_bin(*ms)) {
                put(&mut expected, bin, true);
            }
            prop_assert_eq!(durations.bins, expected);
        }
    }
}
