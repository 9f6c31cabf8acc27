//! Times in the numbers of a beacon.

use beacon::limits;

/// How long after its page view began, in whole milliseconds. `as` saturates.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn age_ms(ms: f64) -> u32 {
    (ms as u32).min(limits::AGE_MS_MAX)
}
