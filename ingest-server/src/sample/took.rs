//! How long made-up things took, as a beacon tells it.

use beacon::{Durations, duration_bin};
use std::collections::BTreeMap;

/// In microseconds.
// What is made up lasts minutes at most: far below 2^32 of them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn us(ms: f64) -> u32 {
    (ms * 1000.0) as u32
}

/// In whole milliseconds.
// As above.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn whole_ms(ms: f64) -> u32 {
    ms as u32
}

/// All of something.
pub(super) fn took(all_ms: &[f64]) -> Durations {
    Durations {
        count: u32::try_from(all_ms.len()).unwrap_or(u32::MAX),
        total_us: all_ms.iter().map(|ms| us(*ms)).sum(),
        max_us: all_ms.iter().map(|ms| us(*ms)).max().unwrap_or(0),
        bins: bins(all_ms),
    }
}

/// The bins that they are in.
pub(super) fn bins(all_ms: &[f64]) -> Vec<(i16, u32)> {
    let mut bins = BTreeMap::new();
    for bin in all_ms.iter().filter_map(|ms| duration_bin(*ms)) {
        *bins.entry(bin).or_default() += 1;
    }
    bins.into_iter().collect()
}
