//! `rhumb`: see `rhumb --help`.

use ingest_server::cli::Cli;
use std::{env, process::ExitCode};
use tikv_jemallocator::Jemalloc;

/// A page view is made of many small texts and lists, by one thread, and dropped by another.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    let arguments = env::args_os().collect::<Vec<_>>();
    match Cli::read(arguments.iter().cloned()) {
        Ok(cli) => cli.run().unwrap_or_else(|error| failed(&error, ExitCode::FAILURE)),
        Err(error) => match error.downcast::<clap::Error>() {
            // A call for help, which is no error.
            Ok(usage) if !usage.use_stderr() => usage.exit(),
            Ok(usage) => {
                // Whoever does not listen is told by the code.
                let _ = usage.print();
                Cli::usage_code(&arguments)
            }
            Err(error) => failed(&error, Cli::usage_code(&arguments)),
        },
    }
}

fn failed(error: &anyhow::Error, code: ExitCode) -> ExitCode {
    eprintln!("error: {error:#}");
    code
}
