//! What is exported and imported again is what it was.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod binary;
mod deleted;
mod refusals;
mod round_trip;
mod sections;
mod shop;
#[path = "../support/mod.rs"]
mod support;
