//! Mozilla's `WebDriver` server for Firefox. Debian does not have it; crates.io does.

use crate::{
    command::{answer, cargo, run},
    progress::step,
};
use anyhow::Result;
use std::process::Command;

const VERSION: &str = "0.37.1";
const FOLDER: &str = "target/tools";
const PROGRAM: &str = "target/tools/bin/geckodriver";

/// Builds it, unless this version is there.
pub(crate) fn ensure() -> Result<()> {
    let version = answer(Command::new(PROGRAM).arg("--version"));
    if version.is_some_and(|text| is_wanted(&text)) {
        return Ok(());
    }
    step(&format!("geckodriver {VERSION}: cargo install into {FOLDER}"), || {
        // Neither optimised nor debugged, it is there in half the time.
        let arguments = ["install", "geckodriver", "--version", VERSION, "--locked", "--debug"];
        let mut install = cargo(&arguments)?;
        install.env("CARGO_PROFILE_DEV_DEBUG", "false");
        // What is left of its build has no place among ours.
        install.env_remove("CARGO_TARGET_DIR");
        run(install.args(["--force", "--root", FOLDER])).map(drop)
    })
}

/// `geckodriver 0.37.1`, and sometimes the commit behind it.
fn is_wanted(version: &str) -> bool {
    let mut words = version.split_whitespace();
    words.next() == Some("geckodriver") && words.next() == Some(VERSION)
}

#[cfg(test)]
mod tests {
    use super::{VERSION, is_wanted};

    #[test]
    fn only_the_version_that_is_asked_for_will_do() {
        assert!(is_wanted(&format!("geckodriver {VERSION}\n\nThe source code of this program is")));
        assert!(is_wanted(&format!("geckodriver {VERSION} (a1b2c3 2026-01-01 00:00)")));
        assert!(!is_wanted("geckodriver 0.1.0"));
        assert!(!is_wanted(""));
    }
}
