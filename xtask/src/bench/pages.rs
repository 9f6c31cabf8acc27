//! `cargo xtask bench pages`: how quick the dashboard is on a large database, as rhumb itself measures it.

use super::{query, server::Server, storage};
use crate::{
    build::{self, BINARY},
    chromium,
    command::run as run_command,
    progress::step,
    setup,
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{fs, process::Command};

const DRIVER: &str = "xtask/bench/pages/driver.js";
const FOLDER: &str = "target/bench/pages";
const RESULT: &str = "target/bench/pages.json";
/// The site that the page views of the dashboard itself are of, as the driver has it.
const SITE: &str = "dashboard";

/// Visit every page of the dashboard on a large database, with the processor slowed down four times
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Page views in the database
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(100_000..))]
    page_views: u64,
    /// Loads of each page
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1000))]
    loads: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { page_views: 10_000_000, loads: 10 }
    }
}

pub(crate) fn run(&Arguments { page_views, loads }: &Arguments) -> Result<()> {
    let tools = setup::tools()?;
    chromium::ensure()?;
    build::binary()?;
    let kept = query::database(page_views)?;
    // The server writes into the one that it is given.
    fs::create_dir_all(FOLDER)?;
    let database = format!("{FOLDER}/rhumb.db");
    storage::forget(&database)?;
    fs::copy(&kept, &database)?;
    run_command(Command::new(BINARY).args(["site", "add", SITE, "--database", &database]))?;
    // The browser is driven by a program.
    let server = Server::rhumb_with(database.as_ref(), &["--count-bots"])?;
    let mut driver = tools.node.program("node");
    driver.args([DRIVER, chromium::PROGRAM, &server.url, &loads.to_string()]);
    let printed = step(&format!("loads of each page: {loads}"), || run_command(&mut driver))?;
    let figures: Value = serde_json::from_str(&printed).context("the driver prints no figures")?;
    print(&figures);
    fs::write(RESULT, format!("{figures:#}\n")).with_context(|| format!("cannot write {RESULT}"))
}

/// The 75th percentiles of each page.
fn print(figures: &Value) {
    println!("\n  {:<20} {:>9} {:>9} {:>9} {:>9}", "", "LCP ms", "INP ms", "CLS", "kB");
    for page in figures["pages"].as_array().into_iter().flatten() {
        let figure = |name: &str| page[name].as_f64().unwrap_or(f64::NAN);
        println!(
            "  {:<20} {:>9.0} {:>9.0} {:>9.3} {:>9.1}",
            page["path"].as_str().unwrap_or_default(),
            figure("lcp_ms"),
            figure("inp_ms"),
            figure("cls"),
            figure("transfer_bytes") / 1000.0,
        );
    }
}
