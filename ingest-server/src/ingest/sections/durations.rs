//! How long something took, in numbers that fit together.

use super::wrong;
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{DURATION_BINS, Durations, limits};
use std::{collections::HashSet, ops::Range};

/// Checks durations of which there is at least one.
pub(super) fn check(
    Durations { count, total_us, max_us, bins }: &Durations,
    reason: Reason,
    field: impl Fn(&str) -> String,
) -> Result<(), Rejection> {
    if *count == 0 {
        return wrong(reason, &field("count"), "is 0; leave the entry out instead");
    }
    if max_us > total_us {
        return wrong(reason, &field("max_us"), "is more than total_us, the sum");
    }
    check_bins(bins, *count, reason, || field("bins"))
}

/// Checks the bins of so many durations.
pub(super) fn check_bins(
    bins: &[(i16, u32)],
    count: u32,
    reason: Reason,
    field: impl Fn() -> String,
) -> Result<(), Rejection> {
    let Range { start, end } = DURATION_BINS;
    if bins.len() > limits::DURATION_BINS_MAX
        || bins.iter().any(|(bin, _)| !DURATION_BINS.contains(bin))
    {
        let detail = format!("has bins that are not {start} to {}, or too many of them", end - 1);
        return wrong(reason, &field(), &detail);
    }
    let mut seen = HashSet::new();
    if !bins.iter().all(|(bin, _)| seen.insert(bin)) {
        return wrong(reason, &field(), "has a bin twice; add them up");
    }
    let binned = bins.iter().map(|(_, count)| u64::from(*count)).sum::<u64>();
    if binned > u64::from(count) {
        return wrong(reason, &field(), "has more durations than count");
    }
    Ok(())
}

/// About how much memory they take beside their own size.
pub(super) fn heap_bytes(durations: &Durations) -> usize {
    size_of_val(durations.bins.as_slice())
}
