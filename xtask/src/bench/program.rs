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
/// Where they are built. Cargo builds the server along, with what benchmarks need of its dependencies: that one
/// must not take the place of the one that is measured.
const TARGET: &str = "target/bench/cargo";

/// Where a program is once it is built.
pub(super) fn path(bench: &str) -> PathBuf {
    Path::new(FOLDER).join(bench)
}

/// Builds one.
pub(super) fn build(bench: &str) -> Result<PathBuf> {
    step(&format!("{bench}: cargo build"), || {
        let printed = run(&mut building(bench)?)?;
        let messages = printed.lines().filter_map(|line| serde_json::from_str(line).ok());
        let program = messages
            .filter(|message: &serde_json::Value| message["target"]["name"] == bench)
            .find_map(|message| Some(message["executable"].as_str()?.to_owned()));
        fs::create_dir_all(FOLDER)?;
        fs::copy(program.context("cargo does not say what it built")?, path(bench))?;
        Ok(path(bench))
    })
}

/// As the server itself is built: what it is compared with must not be slower for that.
fn building(bench: &str) -> Result<Command> {
    let mut build = cargo(&["build", "--release", "--package", "ingest-server", "--bench", bench])?;
    build.args(["--target-dir", TARGET, "--message-format", "json"]);
    Ok(build)
}

/// Runs one that prints figures as JSON.
pub(super) fn figures(program: &Path, arguments: &[&str]) -> Result<serde_json::Value> {
    let printed = run(Command::new(program).args(arguments))?;
    serde_json::from_str(&printed)
        .with_context(|| format!("{} prints no figures", program.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::BINARY;

    #[test]
    fn the_server_that_is_measured_is_not_replaced_by_one_that_is_built_for_benchmarks() {
        let build = building("noop").unwrap();
        let folder = build.get_args().skip_while(|it| *it != "--target-dir").nth(1).unwrap();
        assert!(!Path::new(BINARY).starts_with(Path::new(folder).join("release")), "{folder:?}");
    }
}
