//! Packages of Python, in a folder of their own.

use crate::{
    apt,
    command::{answer, is_in_path, run},
    fingerprint,
    progress::step,
};
use anyhow::{Result, ensure};
use std::{fs, path::Path, process::Command};

/// Installs what a file of requirements names, unless that is done. What it names with hashes has to
/// have them.
pub(crate) fn install(folder: &str, requirements: &str) -> Result<()> {
    let pip = Path::new(folder).join("bin/pip");
    let stamp = format!("pip-{folder}").replace('/', "-");
    let name = format!("pip install --requirement {requirements}");
    fingerprint::unless_fresh(&stamp, "", &[Path::new(requirements), &pip], || {
        ensure_venv()?;
        // What is there may be of another Python, or half of it.
        if Path::new(folder).exists() {
            fs::remove_dir_all(folder)?;
        }
        step(&name, || {
            run(Command::new("python3").args(["-m", "venv", folder]))?;
            let mut install = Command::new(&pip);
            install.args(["install", "--quiet", "--disable-pip-version-check"]);
            run(install.args(["--requirement", requirements])).map(drop)
        })
    })
}

/// Debian and Ubuntu have the module that makes such folders in a package of its own.
fn ensure_venv() -> Result<()> {
    let has_venv =
        || answer(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_some();
    if !has_venv() {
        apt::install(&["python3-venv"])?;
    }
    ensure!(is_in_path("python3") && has_venv(), "there is no python3 with venv on this machine");
    Ok(())
}
