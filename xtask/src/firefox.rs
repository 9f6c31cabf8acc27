//! Firefox and its driver, which the package of the browser is without.

use crate::{apt, command::is_in_path, geckodriver};
use anyhow::Result;

/// Finds or installs both.
pub(crate) fn ensure() -> Result<()> {
    if !is_in_path("firefox") {
        apt::install(&["firefox-esr"])?;
    }
    geckodriver::ensure()
}
