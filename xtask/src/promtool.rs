//! promtool, with which a test has Prometheus look at what `/metrics` says, and Prometheus itself.

use crate::{
    apt,
    command::{is_in_path, run},
    progress::step,
};
use anyhow::Result;
use std::{
    fs,
    path::{Path, PathBuf, absolute},
    process::Command,
};

const FOLDER: &str = "target/promtool";

/// The server that stands beside promtool.
pub(crate) fn server(promtool: &Path) -> PathBuf {
    promtool.with_file_name("prometheus")
}

/// Finds it, or takes it out of Debian's package. That is not installed, for it would start a
/// monitoring server on this machine.
pub(crate) fn ensure() -> Result<PathBuf> {
    if is_in_path("promtool") {
        return Ok("promtool".into());
    }
    let program = absolute(Path::new(FOLDER).join("usr/bin/promtool"))?;
    if !program.exists() {
        fs::create_dir_all(FOLDER)?;
        step("apt-get download prometheus", || {
            let package = apt::download("prometheus", FOLDER)?;
            run(Command::new("dpkg").arg("--extract").arg(package).arg(FOLDER))
        })?;
    }
    Ok(program)
}
