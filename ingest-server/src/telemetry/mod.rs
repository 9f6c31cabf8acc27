//! The server measures itself.

mod exposition;

pub use exposition::{CONTENT_TYPE, exposition};
