//! Durations of many page views, added up.

use super::{Unit, share};
use beacon::{DURATION_BINS, DURATION_BINS_PER_DOUBLING, Durations};

/// How much a percentile may be off, as a share of it: half of a bin of 2^(1/8).
pub(super) const ERROR: f64 = 0.045;

/// How long all of something took.
#[derive(Clone, Debug, Default)]
pub(super) struct DurationSum {
    pub(super) count: u64,
    pub(super) total_us: u64,
    pub(super) max_us: u32,
    /// By number, from the first of [`DURATION_BINS`] on; none, as long as all are empty.
    bins: Vec<u64>,
}

impl DurationSum {
    /// Adds what a page view tells.
    pub(super) fn add(&mut self, Durations { count, total_us, max_us, bins }: &Durations) {
        self.add_parts(*count, *total_us, *max_us, bins);
    }

    /// The same of one that tells it in parts.
    pub(super) fn add_parts(
        &mut self,
        count: u32,
        total_us: u32,
        max_us: u32,
        bins: &[(i16, u32)],
    ) {
        self.count += u64::from(count);
        self.total_us += u64::from(total_us);
        self.max_us = self.max_us.max(max_us);
        if !bins.is_empty() {
            self.bins.resize(DURATION_BINS.len(), 0);
        }
        for (bin, count) in bins {
            let place = usize::try_from(bin - DURATION_BINS.start).ok();
            if let Some(binned) = place.and_then(|place| self.bins.get_mut(place)) {
                *binned += u64::from(*count);
            }
        }
    }

    /// The duration in milliseconds that so many of a hundred do not exceed: the middle of its bin, which
    /// is off by [`ERROR`] at most. 0 where it is too short to be measured; nothing of none.
    pub(super) fn percentile_ms(&self, per_cent: u64) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let binned = self.bins.iter().sum::<u64>();
        let rank = (self.count * per_cent).div_ceil(100);
        let mut below = self.count.saturating_sub(binned);
        if rank <= below {
            return Some(0.0);
        }
        let bin = DURATION_BINS.zip(&self.bins).find(|(_, count)| {
            below += **count;
            rank <= below
        });
        bin.map(|(bin, _)| middle_ms(bin).min(self.max_ms()))
    }

    /// How durations are spread: bins of half a doubling that are not empty, from, up to, and which share
    /// of all. The first one, from 0 on, has those that are too short to be measured.
    pub(super) fn half_octaves(&self) -> Vec<(f64, f64, f64)> {
        const TOGETHER: usize = DURATION_BINS_PER_DOUBLING as usize / 2;
        let binned = self.bins.iter().sum::<u64>();
        let unmeasured = self.count.saturating_sub(binned);
        let first = (0.0, start_ms(DURATION_BINS.start), unmeasured);
        let starts = DURATION_BINS.step_by(TOGETHER);
        let rest = starts.zip(self.bins.chunks(TOGETHER)).map(|(bin, counts)| {
            let end = bin + DURATION_BINS_PER_DOUBLING / 2;
            (start_ms(bin), start_ms(end), counts.iter().sum())
        });
        let all = std::iter::once(first).chain(rest).filter(|(_, _, count)| *count > 0);
        all.map(|(start, end, count)| (start, end, share(count, self.count))).collect()
    }

    /// All together, in milliseconds.
    pub(super) fn total_ms(&self) -> f64 {
        ms(self.total_us)
    }

    /// The longest one, in milliseconds.
    pub(super) fn max_ms(&self) -> f64 {
        f64::from(self.max_us) / 1000.0
    }
}

/// In milliseconds, as reports tell them.
pub(super) fn rounded_ms(us: u64) -> f64 {
    Unit::Ms.round(ms(us))
}

// Exact up to 2^53 microseconds, which are 285 years.
#[expect(clippy::cast_precision_loss)]
fn ms(us: u64) -> f64 {
    us as f64 / 1000.0
}

fn middle_ms(bin: i16) -> f64 {
    at_ms(f64::from(bin) + 0.5)
}

fn start_ms(bin: i16) -> f64 {
    at_ms(f64::from(bin))
}

fn at_ms(bin: f64) -> f64 {
    1000.0 * (bin / f64::from(DURATION_BINS_PER_DOUBLING)).exp2()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use beacon::duration_bin;
    use proptest::{collection::vec, prelude::*};
    use std::collections::BTreeMap;

    /// As a collector adds them up.
    pub(in crate::report) fn durations(durations_ms: &[f64]) -> Durations {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few seconds"
        )]
        let us = |ms: f64| (ms * 1000.0).round() as u32;
        let mut bins = BTreeMap::<i16, u32>::new();
        for bin in durations_ms.iter().filter_map(|ms| duration_bin(*ms)) {
            *bins.entry(bin).or_default() += 1;
        }
        Durations {
            count: durations_ms.len().try_into().unwrap(),
            total_us: durations_ms.iter().copied().map(us).sum(),
            max_us: durations_ms.iter().copied().map(us).max().unwrap_or_default(),
            bins: bins.into_iter().collect(),
        }
    }

    #[test]
    fn what_took_no_time_is_below_all_others() {
        let mut sum = DurationSum::default();
        sum.add(&durations(&[0.0, 0.0, 0.0, 9.0]));
        assert_eq!(sum.percentile_ms(75), Some(0.0));
        assert_eq!(DurationSum::default().percentile_ms(75), None);
    }

    proptest! {
        #[test]
        fn every_duration_lies_in_a_bin_of_its_spread(all in vec(0.0_f64..2000.0, 1..20)) {
            let mut sum = DurationSum::default();
            sum.add(&durations(&all));
            let bins = sum.half_octaves();
            for ms in &all {
                let has = |(start, end, _): &(f64, f64, f64)| start - 1e-6 <= *ms && *ms <= end + 1e-6;
                prop_assert!(bins.iter().any(has), "{ms} in {bins:?}");
            }
            let shares = bins.iter().map(|(_, _, share)| share).sum::<f64>();
            prop_assert!((shares - 1.0).abs() < 1e-9, "{shares}");
        }

        #[test]
        fn a_percentile_is_as_near_to_that_of_the_durations_as_is_said(
            pages in vec(vec(0.1_f64..2000.0, 1..9), 1..20),
            per_cent in 1_u64..=99,
        ) {
            let mut sum = DurationSum::default();
            for page in &pages {
                sum.add(&durations(page));
            }
            let mut all = pages.concat();
            all.sort_by(f64::total_cmp);
            let rank = (all.len() * usize::try_from(per_cent).unwrap()).div_ceil(100);
            let exact = all[rank - 1];
            let found = sum.percentile_ms(per_cent).unwrap();
            prop_assert!((found - exact).abs() <= exact * ERROR + 0.001, "{found}, {exact}");
        }
    }
}
