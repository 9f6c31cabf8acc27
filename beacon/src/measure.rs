//! What a page times itself.

use crate::{Durations, words};
use serde::{Deserialize, Serialize};

words! {
    /// How a page times something.
    MeasureKind {
        /// A moment, by `performance.mark`: how long after its page view began.
        Mark = "mark",
        /// Some time, by `performance.measure`.
        Measure = "measure",
        /// When an element with the attribute `elementtiming` was painted:
        /// <https://wicg.github.io/element-timing/>.
        Element = "element",
    }
}

/// What a page timed in a page view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Measures {
    /// Each kind and name once, at most 50.
    #[cfg_attr(feature = "schema", schema(max_items = 50))]
    pub names: Vec<Measure>,
    /// How often something was timed whose name was one too many to be told apart.
    #[serde(default)]
    pub dropped: u32,
}

/// All that was timed by one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Measure {
    /// How it was timed.
    pub kind: MeasureKind,
    /// What the page calls it; at most 128 bytes.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 128))]
    pub name: String,
    /// How long it took.
    pub durations: Durations,
}
