//! End to end: real pages in real browsers, measured by the collector that is shipped, ingested by
//! the server that is shipped, and asserted at the query API.
//!
//! The tests are run by `cargo xtask test`, which builds what they need.

mod browser;
mod chrome_driver;
mod complaints;
mod engine;
mod gecko_driver;
mod inbox;
mod oracle;
mod page;
mod process;
mod screen;
mod server;
mod wait;
mod webkit_driver;

pub use browser::{Browser, NotKept};
pub use engine::Engine;
pub use inbox::{Inbox, Letter};
pub use oracle::{METRICS, Oracle};
pub use page::Page;
pub use server::{ARRIVAL, Server};
pub use wait::until;
