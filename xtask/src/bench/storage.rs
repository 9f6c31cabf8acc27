//! `cargo xtask bench storage`: what page views take on disk.

use crate::command::cargo;
use anyhow::{Result, ensure};
use std::fs;

const FOLDER: &str = "target/bench/storage";

/// Write page views of four weeks and say what they take on disk
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many
    #[arg(long, default_value_t = 1_000_000)]
    page_views: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { page_views: 1_000_000 }
    }
}

pub(crate) fn run(&Arguments { page_views }: &Arguments) -> Result<()> {
    fs::create_dir_all(FOLDER)?;
    let database = std::path::absolute(FOLDER)?.join("rhumb.db");
    if database.exists() {
        fs::remove_file(&database)?;
    }
    let mut bench =
        cargo(&["bench", "--quiet", "--package", "ingest-server", "--bench", "storage"])?;
    bench.args(["--", &page_views.to_string()]).arg(database);
    ensure!(bench.status()?.success(), "the benchmark failed");
    Ok(())
}
