//! Times in the numbers of a beacon.

use beacon::limits;

/// How long after its page view began, in whole milliseconds.
pub(super) fn age_ms(ms: f64) -> u32 {
    whole_ms(ms).min(limits::AGE_MS_MAX)
}

/// `as` saturates.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn whole_ms(ms: f64) -> u32 {
    (ms + 0.5) as u32
}
