//! The programs in `ingest-server/benches`.

use crate::{
    command::{cargo, run},
    progress::step,
};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Cargo names the programs of benchmarks after their content; here they have a name that is known.
const FOLDER: &str = "target/bench/programs";

/// Where a program is once it is built.
pub(super) fn path(bench: &str) -> PathBuf {
    Path::new(FOLDER).join(bench)
}

/// Builds one.
pub(super) fn build(bench: &str) -> Result<PathBuf> {
    step(&format!("{bench}: cargo build"), || {
        let mut build = cargo(&["build", "--profile", "bench", "--package", "ingest-server"])?;
        let printed = run(build.args(["--bench", bench, "--message-format", "json"]))?;
        let messages = printed.lines().filter_map(|line| serde_json::from_str(line).ok());
        // The programs of the package are built along.
        let program = messages
            .filter(|message: &serde_json::Value| message["target"]["name"] == bench)
            .find_map(|message| Some(message["executable"].as_str()?.to_owned()));
        fs::create_dir_all(FOLDER)?;
        fs::copy(program.context("cargo does not say what it built")?, path(bench))?;
        Ok(path(bench))
    })
}

/// Runs one that prints figures as JSON.
pub(super) fn figures(program: &Path, arguments: &[&str]) -> Result<serde_json::Value> {
    let printed = run(Command::new(program).args(arguments))?;
    serde_json::from_str(&printed)
        .with_context(|| format!("{} prints no figures", program.display()))
}
