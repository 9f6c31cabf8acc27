//! The server measures itself.

mod answers;
mod cache;
mod connections;
mod exposition;
mod long_polls;
mod memory;
mod plain;
mod polls;
#[cfg(feature = "profiling")]
pub mod profile;
#[cfg(feature = "redis")]
mod redis;
mod runtime;
mod runtime_metrics;
mod state;
mod vital_histograms;
mod writer;

pub use answers::{Answers, Asked, Found};
pub use exposition::{CONTENT_TYPE, exposition};
pub use plain::{CONTENT_TYPE as PLAIN_CONTENT_TYPE, plain};
pub use polls::{Caller, Polled, Polls, Watched};
pub use runtime::RuntimeState;
pub use state::ServerState;
