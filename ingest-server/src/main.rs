//! `rhumb`: see `rhumb --help`.

use ingest_server::cli::Cli;
use std::{env, process::ExitCode};
use tikv_jemallocator::Jemalloc;

/// A page view is made of many small texts and lists, by one thread, and dropped by another.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// As clap ends with it: the command line, or the file behind it, cannot be understood.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let cli = match Cli::read(env::args_os()) {
        Ok(cli) => cli,
        Err(error) => match error.downcast::<clap::Error>() {
            Ok(usage) => usage.exit(),
            Err(error) => return failed(&error, ExitCode::from(USAGE)),
        },
    };
    cli.run().unwrap_or_else(|error| failed(&error, ExitCode::FAILURE))
}

fn failed(error: &anyhow::Error, code: ExitCode) -> ExitCode {
    eprintln!("error: {error:#}");
    code
}
