//! `cargo xtask bench`: what is compared with other people's software.

mod collector;

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
}

pub(crate) fn run(Arguments { benchmark }: &Arguments) -> Result<()> {
    match benchmark {
        Some(Benchmark::Collector(arguments)) => collector::run(arguments),
        None => collector::run(&collector::Arguments::default()),
    }
}
