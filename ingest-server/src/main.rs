//! `rhumb`: see `rhumb --help`.

use clap::Parser;
use ingest_server::cli::Cli;
use std::process::ExitCode;
use tikv_jemallocator::Jemalloc;

/// A page view is made of many small texts and lists, by one thread, and dropped by another.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
