//! The server measures itself.

mod answers;
mod connections;
mod exposition;
mod plain;
mod state;
mod vital_histograms;

pub use answers::{Answers, Asked};
pub use exposition::{CONTENT_TYPE, exposition};
pub use plain::{CONTENT_TYPE as PLAIN_CONTENT_TYPE, plain};
pub use state::ServerState;
