//! Where the time of a page's scripts goes, by samples.

use serde::{Deserialize, Serialize};

/// Samples of the page's main thread, by the
/// [JS Self-Profiling API](https://wicg.github.io/js-self-profiling/).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Profile {
    /// How far apart samples are, in microseconds.
    #[cfg_attr(feature = "schema", schema(minimum = 1))]
    pub interval_us: u32,
    /// Addresses of scripts without query strings, each once, at most 50.
    #[cfg_attr(feature = "schema", schema(max_items = 50))]
    pub sources: Vec<String>,
    /// Functions, each once, at most 300.
    #[cfg_attr(feature = "schema", schema(max_items = 300))]
    pub functions: Vec<ProfiledFunction>,
    /// Stacks that were sampled, and what they stand on, each once, at most 1000.
    #[cfg_attr(feature = "schema", schema(max_items = 1000))]
    pub stacks: Vec<ProfiledStack>,
    /// Samples of stacks that were one too many to be told apart. Samples of nothing are none.
    #[serde(default)]
    pub dropped: u32,
}

/// A function that was sampled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProfiledFunction {
    /// What it is called; empty for no name.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 256))]
    pub name: String,
    /// The number of its script in the list of addresses, from 1 on; 0 for what is the browser's own.
    #[serde(default)]
    pub source: u8,
    /// The line where it begins, from 1 on; 0 for not known.
    #[serde(default)]
    pub line: u32,
    /// The column, from 1 on; 0 for not known.
    #[serde(default)]
    pub column: u32,
}

/// A function, and what called it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProfiledStack {
    /// The number of the stack that called it, from 1 on: an earlier one of the list; 0 for none.
    #[serde(default)]
    pub parent: u16,
    /// The number of its function in the list of functions, from 0 on.
    pub function: u16,
    /// In how many samples it was on top.
    #[serde(default)]
    pub count: u32,
    /// How many of these were taken within an interaction of over 200 ms.
    #[serde(default)]
    pub slow_count: u32,
}
