//! What renders a page, and who drives it.

use crate::{chrome_driver, gecko_driver, process::Process, webkit_driver};
use anyhow::Result;
use thirtyfour::Capabilities;

/// A browser engine, as Debian has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    /// Of Chrome and Edge.
    Chromium,
    /// Of Firefox; the extended support release.
    Firefox,
    /// Of Safari; the GTK port.
    WebKit,
}

/// A `WebDriver` server that waits for its one session.
pub(crate) struct Driver {
    pub(crate) address: String,
    /// What the session asks for.
    pub(crate) capabilities: Capabilities,
    /// What has to live as long as the session, in the order in which it ends.
    pub(crate) processes: Vec<Process>,
}

impl Engine {
    pub(crate) async fn start_driver(self) -> Result<Driver> {
        match self {
            Self::Chromium => chrome_driver::start().await,
            Self::Firefox => gecko_driver::start().await,
            Self::WebKit => webkit_driver::start().await,
        }
    }
}
