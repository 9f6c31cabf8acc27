//! When a page view loaded what it did, and was kept from painting: what a waterfall is drawn from.

use crate::ResourceKind;
use serde::{Deserialize, Serialize};

/// What took longest in a page view, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// What was loaded, at most 30: what took longest.
    #[cfg_attr(feature = "schema", schema(max_items = 30))]
    pub loads: Vec<Load>,
    /// Long frames, at most 20: the longest.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 20))]
    pub long_frames: Vec<TimeSpan>,
    /// How many there were of those that are left out.
    #[serde(default)]
    pub dropped: u32,
}

/// Something that was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Load {
    /// What it is.
    pub kind: ResourceKind,
    /// Its address without query string, in which `*` stands for a hash of the content, and `:id` for what
    /// seems to be an identifier in a request.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 2048))]
    pub url: String,
    /// From when on: milliseconds since the page view began.
    #[cfg_attr(feature = "schema", schema(maximum = 2_592_000_000_u32))]
    pub start_ms: u32,
    /// How long, in milliseconds.
    #[cfg_attr(feature = "schema", schema(maximum = 600_000))]
    pub duration_ms: u32,
}

/// From when on, and how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimeSpan {
    /// Milliseconds since the page view began.
    #[cfg_attr(feature = "schema", schema(maximum = 2_592_000_000_u32))]
    pub start_ms: u32,
    /// In milliseconds.
    #[cfg_attr(feature = "schema", schema(maximum = 600_000))]
    pub duration_ms: u32,
}
