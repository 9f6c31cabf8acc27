//! `cargo xtask bench collector`: what collectors cost the page that they measure.

mod outcome;
mod spread;
mod table;
mod trace;
mod visit;

use crate::{chromium, collector, command, fingerprint, progress::step, setup};
use anyhow::{Context, Result, ensure};
use outcome::Outcome;
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Stdio},
};
use visit::{Variants, Visit};

/// The driver, the page and the collectors that are compared.
const FOLDER: &str = "xtask/bench/collector";
/// Each collector as a bundler makes it.
const BUNDLES: &str = "target/bench/collectors";
const RESULT: &str = "target/bench/collector.json";

const LOADS: u64 = 20;
const LOADS_MAX: u64 = 1000;

/// Compare what collectors cost a page: main thread, bytes, LCP and INP
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Loads of the page with each collector
    #[arg(
        long,
        default_value_t = LOADS,
        value_parser = clap::value_parser!(u64).range(1..=LOADS_MAX),
    )]
    loads: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { loads: LOADS }
    }
}

pub(crate) fn run(&Arguments { loads }: &Arguments) -> Result<()> {
    let tools = setup::tools()?;
    chromium::ensure()?;
    collector::build(&tools)?;
    tools.node.install_packages(FOLDER)?;
    let files = [FOLDER, collector::PACKAGE, BUNDLES].map(Path::new);
    fingerprint::unless_fresh("bench-collectors", "", &files, || {
        step("collectors: rolldown", || {
            command::run(tools.node.program("node").args([&script("build"), BUNDLES])).map(drop)
        })
    })?;

    let browser =
        command::answer(Command::new(chromium::PROGRAM).arg("--version")).unwrap_or_default();
    println!("  browser: {}", browser.trim());
    let mut driver = tools.node.program("node");
    driver.args([&script("driver"), chromium::PROGRAM, BUNDLES, &loads.to_string()]);
    let outcome = step(&format!("loads in rounds: {loads}"), || drive(&mut driver, loads))?;

    println!("\n{}\n", table::of(&outcome));
    fs::write(RESULT, format!("{:#}\n", outcome.as_json(browser.trim())))
        .with_context(|| format!("cannot write {RESULT}"))?;
    println!("{}", outcome.verdict());
    Ok(())
}

fn script(name: &str) -> String {
    format!("{FOLDER}/{name}.js")
}

/// Starts the driver and takes in what it prints.
fn drive(driver: &mut Command, loads: u64) -> Result<Outcome> {
    let mut driver = driver.stdout(Stdio::piped()).spawn().context("cannot start Node")?;
    let stdout = driver.stdout.take().context("the output of the driver is not piped")?;
    let outcome = take_in(stdout, loads);
    if outcome.is_err() {
        // It may have ended by itself, which is why there is an error.
        driver.kill().ok();
    }
    let status = driver.wait()?;
    let outcome = outcome?;
    ensure!(status.success(), "the driver failed ({status})");
    Ok(outcome)
}

/// The first line names the variants, every other one tells of a visit.
fn take_in(stdout: impl Read, loads: u64) -> Result<Outcome> {
    let mut lines = BufReader::new(stdout).lines();
    let first = lines.next().context("the driver said nothing")??;
    let Variants { variants } = serde_json::from_str(&first)?;
    let mut outcome = Outcome::new(variants);
    for line in lines {
        let visit: Visit = serde_json::from_str(&line?)?;
        outcome.add(&visit)?;
        if outcome.is_end_of_round(&visit) {
            println!("        round {} of {loads}", visit.round);
        }
    }
    outcome.ensure_complete(loads).context("the driver ended early")?;
    Ok(outcome)
}
