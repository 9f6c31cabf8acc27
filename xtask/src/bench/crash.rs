//! `cargo xtask bench crash`: the server is killed under load, more often than the tests do it.

use crate::{command::cargo, progress::step};
use anyhow::{Context, Result};
use std::fs;

const RESULT: &str = "target/bench/crash.json";
/// A name that no other test has.
const TEST: &str = "a_server_killed_again_and_again_loses_nothing";

/// Kill the server under load and count what it lost
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How often
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    kills: u32,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { kills: 100 }
    }
}

/// The test fails when anything is lost or counted twice, or when a rebuild differs.
pub(crate) fn run(&Arguments { kills }: &Arguments) -> Result<()> {
    let mut test = cargo(&["test", "--quiet", "--package", "ingest-server", "--test", "server"])?;
    test.args(["--", "--nocapture", TEST]).env("RHUMB_KILLS", kills.to_string());
    let printed = step(&format!("{kills} kills"), || crate::command::run(&mut test))?;
    let said = printed.lines().find(|line| line.contains(" kills, "));
    let said = said.context("the test does not say what it did")?;
    println!("\n  {said}");
    let result = serde_json::json!({ "kills": kills, "said": said });
    fs::write(RESULT, format!("{result:#}\n")).with_context(|| format!("cannot write {RESULT}"))
}
