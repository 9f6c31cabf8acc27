//! `cargo xtask bench ingest`: page views a second that are on disk when they are answered.

mod candidate;
mod rivals;

use super::{program, server::Server};
use crate::{
    build::{self, BINARY},
    command::run as run_command,
    progress::step,
    setup,
};
use anyhow::{Context, Result};
use candidate::{Candidate, Load, median};
use rivals::Rival;
use std::{fs, path::Path, process::Command};

const RESULT: &str = "target/bench/ingest.json";
const BARE_DATABASE: &str = "target/bench/bare.db";

/// Compare what the server takes with what others take, and with one that keeps nothing
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Seconds that each is loaded in a round
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Rounds; the medians are shown
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=100))]
    rounds: u64,
    /// Connections at the same time
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    senders: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { seconds: 10, rounds: 5, senders: 128 }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    build::binary()?;
    let tools = setup::tools()?;
    let bare = program::build("bare_sqlite")?;
    let mut candidates = Vec::new();
    for rival in Rival::ALL {
        match rival.prepare(&tools) {
            Ok(()) => candidates.push((rival, Candidate::new(rival.name()))),
            Err(error) => println!("  skipped: {}, because {error:#}", rival.name()),
        }
    }
    let mut bare_a_second = Vec::new();
    for round in 1..=arguments.rounds {
        step(&format!("round {round} of {}", arguments.rounds), || {
            for (rival, candidate) in &mut candidates {
                let server = rival.start(&tools)?;
                let load = load(&server, arguments.seconds, arguments.senders)?;
                candidate.add(load, server.memory_mb());
            }
            bare_a_second.push(insert(&bare, arguments.seconds)?);
            Ok(())
        })?;
    }
    let bare = median(bare_a_second.into_iter());
    print(&candidates, bare);
    let servers = candidates.into_iter().map(|(_, candidate)| candidate).collect::<Vec<_>>();
    let result = serde_json::json!({ "servers": servers, "bare_sqlite_a_second": bare });
    fs::write(RESULT, format!("{result:#}\n")).with_context(|| format!("cannot write {RESULT}"))
}

/// Loads a server for a while.
pub(super) fn load(server: &Server, seconds: u64, senders: u64) -> Result<Load> {
    let mut load = Command::new(BINARY);
    load.args(["load", "--format", "json", "--url", &server.url]);
    load.args(["--seconds", &seconds.to_string(), "--senders", &senders.to_string()]);
    Ok(serde_json::from_str(&run_command(&mut load)?)?)
}

/// How many beacons a second SQLite takes without a server.
fn insert(program: &Path, seconds: u64) -> Result<u64> {
    let printed = run_command(Command::new(program).arg(seconds.to_string()).arg(BARE_DATABASE))?;
    printed.trim().parse().context("the benchmark of bare SQLite says no number")
}

fn print(candidates: &[(Rival, Candidate)], bare: u64) {
    let a_second = |rival: Rival| {
        candidates.iter().find(|(it, _)| *it == rival).map(|(_, candidate)| candidate.a_second())
    };
    let yardstick = a_second(Rival::Noop).unwrap_or_default();
    println!("\n{}", Candidate::headings());
    for (_, candidate) in candidates {
        println!("{}", candidate.line(yardstick));
    }
    println!("  {:<28} {bare:>12}", "SQLite alone, 1000 a commit");
    if let (Some(rhumb), Some(express)) = (a_second(Rival::Rhumb), a_second(Rival::Express)) {
        println!("\n  rhumb takes {} times what Express takes", rhumb / express.max(1));
    }
}
