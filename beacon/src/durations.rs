//! How long something took that happens often.

use core::ops::Range;
use serde::{Deserialize, Serialize};

/// How long all of something took. Sums that are larger than fits stay at the largest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Durations {
    /// How many there were.
    pub count: u32,
    /// All together, in microseconds.
    pub total_us: u32,
    /// The longest one, in microseconds.
    pub max_us: u32,
    /// Numbers of [bins](duration_bin), each once, and how many were in it. Those that took no time that
    /// could be measured are in none.
    #[cfg_attr(feature = "schema", schema(max_items = 216))]
    pub bins: Vec<(i16, u32)>,
}

/// Bins from one power of two to the next.
pub const DURATION_BINS_PER_DOUBLING: i16 = 8;

/// Bins that there are: from 7.6 µs, what is less counts as no time, to 17 minutes.
pub const DURATION_BINS: Range<i16> = -136..80;

/// The bin of a duration: `bin` has the seconds over 2^(bin / 8) and up to 2^((bin + 1) / 8), so that
/// its middle is at most 4.5 % off. Nothing for what is less than all of them; the last one for what is
/// more.
pub fn duration_bin(ms: f64) -> Option<i16> {
    let bin = ((ms / 1000.0).log2() * f64::from(DURATION_BINS_PER_DOUBLING)).ceil() - 1.0;
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, far outside of the bins")]
    let bin = bin as i16;
    (ms > 0.0 && bin >= DURATION_BINS.start).then_some(bin.min(DURATION_BINS.end - 1))
}
