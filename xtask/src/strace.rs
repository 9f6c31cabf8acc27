//! strace, with which a few tests make a disk fail.

use crate::{
    apt,
    command::{is_in_path, run},
};
use anyhow::{Context, Result};
use std::process::Command;

/// Part of the names of those tests, and of no others.
pub(crate) const TESTS: &str = "in_strace";

/// Finds or installs it, and sees whether it may do its work: containers often forbid that.
pub(crate) fn ensure() -> Result<()> {
    if !is_in_path("strace") {
        apt::install(&["strace"])?;
    }
    let mut trial = Command::new("strace");
    trial.args(["-f", "-o", "/dev/null", "-e", "inject=fsync:error=EIO", "true"]);
    run(&mut trial).context("strace may not look into other programs here")?;
    Ok(())
}
