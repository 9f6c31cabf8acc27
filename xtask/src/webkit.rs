//! `WebKitGTK` with its small browser and driver, and the screen that it cannot do without.

use crate::{apt, command::is_in_path};
use anyhow::Result;

/// Finds or installs all of it.
pub(crate) fn ensure() -> Result<()> {
    if ["WebKitWebDriver", "Xvfb"].into_iter().all(is_in_path) {
        return Ok(());
    }
    apt::install(&["webkit2gtk-driver", "xvfb"])
}
