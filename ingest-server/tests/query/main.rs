//! Answers of the query API: each says the same as the summary of the page views that it is about.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod breakdown;
mod compare;
mod history;
mod renders;
mod sections;
mod summary;
#[path = "../support/mod.rs"]
mod support;
mod timeseries;
mod troubles;
