//! The server measures itself.

mod exposition;
mod state;

pub use exposition::{CONTENT_TYPE, exposition};
pub use state::ServerState;
