//! How often the components of a page were rendered, and how long that took.

use crate::words;
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
    /// How many rendered most of what is below the component anew: at least [`RENDER_FULL_SHARE`] of
    /// what it takes without memoization, if that is any time at all.
    pub full_count: u32,
    /// How long they took: numbers of [bins](crate::duration_bin), each once, and how many commits were in
    /// it. Those that took no time that could be measured are in none.
    #[cfg_attr(feature = "schema", schema(max_items = 216))]
    pub bins: Vec<(i16, u32)>,
}

/// A commit that takes longer is slow: a frame at 60 Hz.
pub const RENDER_FRAME_MS: f64 = 16.0;
/// A commit that takes this share of its base duration has rendered most of it anew.
///
/// One that spares nothing does not take all of it: React counts a text that has not changed with what it
/// took at the mount, when all was slower; on a busy machine that can be more than a fifth of the whole. One that
/// is spared takes next to nothing.
pub const RENDER_FULL_SHARE: f64 = 0.5;
