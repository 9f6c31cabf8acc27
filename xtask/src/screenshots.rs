//! `cargo xtask screenshots`: the pictures that a test takes, one of them for the README.

use crate::{
    chromium, collector,
    command::{cargo, run as run_command},
    demo_app, docs_ui,
    progress::step,
    setup, test,
};
use anyhow::{Context, Result};
use std::fs;

/// The test that takes them, into [`FOLDER`].
const TEST: &str = "dashboard::pictures";
const FOLDER: &str = "target/screenshots";
/// What the README shows, by that name in [`FOLDER`].
const OF_README: (&str, &str) = ("docs/dashboard.png", "overview-1280-light.png");

pub(crate) fn run() -> Result<()> {
    let tools = setup::tools()?;
    chromium::ensure()?;
    collector::build(&tools)?;
    demo_app::build(&tools)?;
    docs_ui::install(&tools)?;
    test::server()?;
    step("pictures", || {
        let mut pictures =
            cargo(&["test", "--quiet", "--package", "tests", "--test", "end_to_end", TEST])?;
        run_command(pictures.env("RHUMB_BIN", std::path::absolute(test::SERVER)?)).map(drop)
    })?;
    let (shown, taken) = OF_README;
    let taken = format!("{FOLDER}/{taken}");
    fs::copy(&taken, shown).with_context(|| format!("cannot copy {taken} to {shown}"))?;
    println!("  {FOLDER}; {shown} is the one of the README");
    Ok(())
}
