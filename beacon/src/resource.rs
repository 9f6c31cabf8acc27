//! What a page loads.

use crate::{Durations, words};
use serde::{Deserialize, Serialize};

words! {
    /// What a resource is.
    ResourceKind {
        /// JavaScript and WebAssembly.
        Script = "script",
        /// Style sheets.
        Style = "style",
        /// Images.
        Image = "image",
        /// Fonts.
        Font = "font",
        /// What scripts ask for: `fetch` and `XMLHttpRequest`.
        Request = "request",
        /// Documents in frames.
        Frame = "frame",
        /// Video and sound.
        Media = "media",
        /// All else.
        Other = "other",
    }
}

/// What a page view loaded, besides its document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Resources {
    /// All of each kind.
    #[cfg_attr(feature = "schema", schema(max_items = 8))]
    pub kinds: Vec<ResourcesOfKind>,
    /// Each address and kind once, at most 100: the heaviest.
    #[cfg_attr(feature = "schema", schema(max_items = 100))]
    pub files: Vec<Resource>,
    /// How many were loaded of those that are left out of `files`.
    #[serde(default)]
    pub dropped: u32,
}

/// How many resources there were, and how much they weigh. Sums that are larger than fits stay at the
/// largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Weight {
    /// How often one was loaded.
    #[cfg_attr(feature = "schema", schema(minimum = 1))]
    pub count: u32,
    /// How many of these came from the browser's cache.
    #[serde(default)]
    pub cached_count: u32,
    /// How many of these do not tell how much they weigh: they are of another origin, which does not allow
    /// it by `Timing-Allow-Origin`.
    #[serde(default)]
    pub opaque_count: u32,
    /// How many of these kept the page from being painted.
    #[serde(default)]
    pub blocking_count: u32,
    /// What came over the network, headers included.
    #[serde(default)]
    pub transfer_bytes: u32,
    /// Bodies, compressed as they came.
    #[serde(default)]
    pub encoded_bytes: u32,
    /// Bodies, unpacked.
    #[serde(default)]
    pub decoded_bytes: u32,
}

/// All resources of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ResourcesOfKind {
    /// What they are.
    pub kind: ResourceKind,
    /// How many, and how heavy.
    pub weight: Weight,
}

/// All that was loaded from an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Resource {
    /// The address without query string, in which `*` stands for a hash of the content.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 2048))]
    pub url: String,
    /// What it is.
    pub kind: ResourceKind,
    /// How it came the last time, such as `h2`; empty for not known.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 16))]
    pub protocol: String,
    /// How often, and how heavy.
    pub weight: Weight,
    /// How long loading it took.
    pub durations: Durations,
}
