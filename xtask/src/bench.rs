//! `cargo xtask bench`: how fast and how large things are, beside a yardstick in the same run.

mod collector;
mod ingest;
mod program;
mod server;
mod storage;

use anyhow::Result;

/// Run the benchmarks: all of them, or the one that is named
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    benchmark: Option<Benchmark>,
}

#[derive(clap::Subcommand)]
enum Benchmark {
    Collector(collector::Arguments),
    Ingest(ingest::Arguments),
    Storage(storage::Arguments),
}

pub(crate) fn run(Arguments { benchmark }: &Arguments) -> Result<()> {
    match benchmark {
        Some(Benchmark::Collector(arguments)) => collector::run(arguments),
        Some(Benchmark::Ingest(arguments)) => ingest::run(arguments),
        Some(Benchmark::Storage(arguments)) => storage::run(arguments),
        None => {
            ingest::run(&ingest::Arguments::default())?;
            storage::run(&storage::Arguments::default())?;
            collector::run(&collector::Arguments::default())
        }
    }
}
