//! How long something took, in the numbers of a beacon.

use beacon::{DURATION_BINS, DURATION_BINS_PER_DOUBLING};

/// `as` saturates.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn microseconds(ms: f64) -> u32 {
    (ms * 1000.0 + 0.5) as u32
}

/// As [`beacon::duration_bin`] has it. `as` saturates, far outside of the bins.
#[expect(clippy::cast_possible_truncation)]
pub(crate) fn bin(log2: f64) -> i16 {
    ((log2 * f64::from(DURATION_BINS_PER_DOUBLING)).ceil() - 1.0) as i16
}

/// Counts one in its bin. A bin that is new needs room.
pub(crate) fn put(bins: &mut Vec<(i16, u32)>, bin: i16, has_room: bool) {
    for (known, count) in bins.iter_mut() {
        if *known == bin {
            *count += 1;
            return;
        }
    }
    if has_room && DURATION_BINS.contains(&bin) {
        bins.push((bin, 1));
    }
}
