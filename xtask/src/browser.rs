//! The browsers that tests run in.

use crate::{chromium, firefox, webkit};
use anyhow::{Context, Result};

/// A browser that a few tests run in.
pub(crate) struct Browser {
    pub(crate) name: &'static str,
    /// Part of the names of those tests, and of no others.
    pub(crate) tests: &'static str,
    /// Finds or installs it, with its driver.
    pub(crate) ensure: fn() -> Result<()>,
}

/// All but Chromium, without which few tests are left.
pub(crate) const OTHERS: [Browser; 2] = [
    Browser { name: "Firefox", tests: "in_firefox", ensure: firefox::ensure },
    Browser { name: "WebKitGTK", tests: "in_webkit", ensure: webkit::ensure },
];

/// Finds or installs all of them.
pub(crate) fn ensure_all() -> Result<()> {
    chromium::ensure()?;
    println!("  browser: Chromium");
    for Browser { name, ensure, .. } in OTHERS {
        ensure().with_context(|| format!("{name}, which tests can do without"))?;
        println!("  browser: {name}");
    }
    Ok(())
}
