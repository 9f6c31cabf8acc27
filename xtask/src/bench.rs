//! `cargo xtask bench`: how fast and how large things are, beside a yardstick in the same run.

mod collector;
mod comparisons;
mod crash;
mod histogram;
mod ingest;
mod pages;
mod program;
mod query;
mod self_measurement;
mod server;
mod storage;

use anyhow::Result;
use std::{fs, path::Path};

/// Run the benchmarks: all of them, or the one that is named
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    benchmark: Option<Benchmark>,
}

#[derive(clap::Subcommand)]
enum Benchmark {
    Collector(collector::Arguments),
    Comparisons(comparisons::Arguments),
    Crash(crash::Arguments),
    Histogram(histogram::Arguments),
    Ingest(ingest::Arguments),
    Pages(pages::Arguments),
    Query(query::Arguments),
    SelfMeasurement(self_measurement::Arguments),
    Storage(storage::Arguments),
}

pub(crate) fn run(Arguments { benchmark }: &Arguments) -> Result<()> {
    match benchmark {
        Some(Benchmark::Collector(arguments)) => collector::run(arguments),
        Some(Benchmark::Comparisons(arguments)) => comparisons::run(arguments),
        Some(Benchmark::Crash(arguments)) => crash::run(arguments),
        Some(Benchmark::Histogram(arguments)) => histogram::run(arguments),
        Some(Benchmark::Ingest(arguments)) => ingest::run(arguments),
        Some(Benchmark::Pages(arguments)) => pages::run(arguments),
        Some(Benchmark::Query(arguments)) => query::run(arguments),
        Some(Benchmark::SelfMeasurement(arguments)) => self_measurement::run(arguments),
        Some(Benchmark::Storage(arguments)) => storage::run(arguments),
        None => {
            ingest::run(&ingest::Arguments::default())?;
            query::run(&query::Arguments::default())?;
            pages::run(&pages::Arguments::default())?;
            storage::run(&storage::Arguments::default())?;
            histogram::run(&histogram::Arguments::default())?;
            comparisons::run(&comparisons::Arguments::default())?;
            self_measurement::run(&self_measurement::Arguments::default())?;
            crash::run(&crash::Arguments::default())?;
            collector::run(&collector::Arguments::default())
        }
    }
}

/// Makes a folder, and removes what was in it.
fn empty_folder(folder: &str) -> Result<()> {
    if Path::new(folder).exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}
