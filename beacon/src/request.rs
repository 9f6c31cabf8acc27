//! What the scripts of a page ask servers for.

use crate::Durations;
use serde::{Deserialize, Serialize};

/// What scripts of a page view asked for, by `fetch` and `XMLHttpRequest`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Requests {
    /// Each address once, at most 50.
    #[cfg_attr(feature = "schema", schema(max_items = 50))]
    pub urls: Vec<Request>,
    /// Requests of addresses that were one too many to be told apart.
    #[serde(default)]
    pub dropped: u32,
    /// How long all of them would have taken one after another: the sum, in microseconds.
    #[serde(default)]
    pub sequential_us: u32,
    /// How long at least one of them was under way, in microseconds.
    #[serde(default)]
    pub elapsed_us: u32,
    /// Requests that waited for each other, the chain that took longest first, at most 5.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 5))]
    pub chains: Vec<Chain>,
}

/// All requests of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Request {
    /// The address without query string, with `:id` for what seems to be an identifier.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 2048))]
    pub url: String,
    /// How many did not succeed: a status of 400 or more. Of a status that browsers do not tell, nothing is
    /// known.
    #[serde(default)]
    pub failed_count: u32,
    /// How long they took.
    pub durations: Durations,
    /// How long they waited for the first byte of the answer; of other origins, browsers do not tell.
    #[serde(default)]
    pub waits: Durations,
    /// What the server says by [`Server-Timing`](https://www.w3.org/TR/server-timing/), each name once, at
    /// most 8.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 8))]
    pub server: Vec<ServerTiming>,
    /// The trace of the one that took longest, if the server told it in `Server-Timing: traceparent;desc=…`:
    /// 32 hexadecimal digits, as of <https://www.w3.org/TR/trace-context/>. Empty for not known.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 32))]
    pub trace_id: String,
}

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ServerTiming {
    /// What it calls it, such as `db`.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 64))]
    pub name: String,
    /// How long it took.
    pub durations: Durations,
}

/// Requests of which each began when the one before had ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Chain {
    /// Which ones: numbers in the list of addresses, from 0 on, in the order of time. 2 to 10.
    #[cfg_attr(feature = "schema", schema(min_items = 2, max_items = 10))]
    pub urls: Vec<u8>,
    /// How long it took from the beginning of the first to the end of the last, in microseconds.
    pub total_us: u32,
    /// How long the longest of them took: what all would take, if they did not wait for each other.
    pub longest_us: u32,
}
