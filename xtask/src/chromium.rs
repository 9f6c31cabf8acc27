//! Chromium and its driver, which the tests cannot do without.

use crate::{apt, command::is_in_path};
use anyhow::{Result, bail};
use std::fs;

/// The program.
pub(crate) const PROGRAM: &str = "chromium";

/// Finds or installs both.
pub(crate) fn ensure() -> Result<()> {
    if [PROGRAM, "chromedriver"].into_iter().all(is_in_path) {
        return Ok(());
    }
    if fs::read_to_string("/etc/os-release").is_ok_and(|text| is_ubuntu(&text)) {
        bail!(
            "Chromium and chromedriver are missing, and Ubuntu has them only as a snap; run `sudo \
             snap install chromium && sudo ln -s /snap/bin/chromium.chromedriver \
             /usr/local/bin/chromedriver`"
        );
    }
    apt::install(&["chromium", "chromium-driver"])
}

fn is_ubuntu(os_release: &str) -> bool {
    os_release.lines().any(|line| line == "ID=ubuntu")
}

#[cfg(test)]
mod tests {
    use super::is_ubuntu;

    #[test]
    fn ubuntu_is_told_from_debian() {
        assert!(is_ubuntu("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_ubuntu("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
    }
}
