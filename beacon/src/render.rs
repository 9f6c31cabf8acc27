//! How often the components of a page were rendered, and how long that took.

use crate::words;
use core::ops::Range;
use serde::{Deserialize, Serialize};

words! {
    /// Why a component was rendered, as React's Profiler names it:
    /// <https://react.dev/reference/react/Profiler#onrender-callback>
    RenderPhase {
        /// It is there for the first time.
        Mount = "mount",
        /// Its properties, state or context have changed.
        Update = "update",
        /// It has changed its state while it was being shown, so that it is rendered again before
        /// anything is painted.
        NestedUpdate = "nested-update",
    }
}

/// What components did in a page view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Renders {
    /// Each component and phase once, at most 100.
    #[cfg_attr(feature = "schema", schema(max_items = 100))]
    pub components: Vec<Render>,
    /// Commits of components that were one too many to be told apart.
    #[serde(default)]
    pub dropped: u32,
}

/// All commits of a component in a phase. Sums that are larger than fits stay at the largest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Render {
    /// What its author calls it, such as `TripList`; at most 128 bytes.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 128))]
    pub id: String,
    /// Why it was rendered.
    pub phase: RenderPhase,
    /// How many commits there were.
    #[cfg_attr(feature = "schema", schema(minimum = 1))]
    pub count: u32,
    /// How long rendering took, all together, in microseconds: React's `actualDuration`.
    pub actual_us: u32,
    /// How long it would have taken without any memoization: React's `baseDuration`.
    pub base_us: u32,
    /// How long the longest one took.
    pub max_us: u32,
    /// How many took longer than a frame at 60 Hz has: [`RENDER_FRAME_MS`].
    pub slow_count: u32,
    /// How many rendered nearly all of what is below the component anew: at least
    /// [`RENDER_FULL_SHARE`] of what it takes without memoization, if that is any time at all.
    pub full_count: u32,
    /// How long they took: numbers of [bins](render_bin), each once, and how many commits were in it. Those
    /// that took no time that could be measured are in none.
    #[cfg_attr(feature = "schema", schema(max_items = 216))]
    pub bins: Vec<(i16, u32)>,
}

/// A commit that takes longer is slow: a frame at 60 Hz.
pub const RENDER_FRAME_MS: f64 = 16.0;
/// A commit that takes this share of its base duration has rendered all anew.
pub const RENDER_FULL_SHARE: f64 = 0.8;
/// Bins from one power of two to the next.
pub const RENDER_BINS_PER_DOUBLING: i16 = 8;

/// Bins that there are: from 7.6 µs, what is less counts as no time, to 17 minutes.
pub const RENDER_BINS: Range<i16> = -136..80;

/// The bin of a duration: `bin` has the seconds over 2^(bin / 8) and up to 2^((bin + 1) / 8), so that
/// its middle is at most 4.5 % off. Nothing for what is less than all of them; the last one for what is
/// more.
pub fn render_bin(ms: f64) -> Option<i16> {
    let bin = ((ms / 1000.0).log2() * f64::from(RENDER_BINS_PER_DOUBLING)).ceil() - 1.0;
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, far outside of the bins")]
    let bin = bin as i16;
    (ms > 0.0 && bin >= RENDER_BINS.start).then_some(bin.min(RENDER_BINS.end - 1))
}
