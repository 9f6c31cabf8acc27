//! What takes minutes and measures how long others wait, without all other tests beside it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod described;
mod long_read;
#[path = "../server/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the other program uses the rest")]
mod support;
