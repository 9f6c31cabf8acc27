//! `cargo xtask bench ingest`: page views a second that are on disk when they are answered.

use super::server::Server;
use crate::{
    build::{self, BINARY},
    command::{cargo, run as run_command},
    progress::step,
};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{fs, path::Path, process::Command};

const RESULT: &str = "target/bench/ingest.json";
const FOLDER: &str = "target/bench/ingest";
/// The server that does nothing.
const NOOP: &str = "target/bench/noop";

/// Compare what the server takes with what one takes that keeps nothing
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

/// What `rhumb load` says.
#[derive(Deserialize, Serialize)]
struct Load {
    sent: u64,
    acknowledged: u64,
    refused: u64,
    failed: u64,
    seconds: u64,
    latency_ms: Latency,
}

#[derive(Deserialize, Serialize)]
struct Latency {
    p50: f64,
    p99: f64,
    max: f64,
}

#[derive(Serialize)]
struct Candidate {
    name: &'static str,
    loads: Vec<Load>,
    memory_mb: Vec<Option<u64>>,
}

impl Candidate {
    fn new(name: &'static str) -> Self {
        Self { name, loads: Vec::new(), memory_mb: Vec::new() }
    }

    fn a_second(&self) -> u64 {
        median(self.loads.iter().map(|load| load.acknowledged / load.seconds))
    }

    fn print(&self, yardstick: u64) {
        // Microseconds, so that there is an order.
        let us = |ms: fn(&Latency) -> f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let us = self.loads.iter().map(|load| (ms(&load.latency_ms) * 1e3) as u64);
            median(us)
        };
        let [p50, p99] = [us(|it| it.p50), us(|it| it.p99)];
        let refused = self.loads.iter().map(|load| load.refused + load.failed).sum::<u64>();
        let percent = 100 * self.a_second() / yardstick.max(1);
        let memory = self.memory_mb.iter().flatten().max().copied().unwrap_or_default();
        println!(
            "  {:<28} {:>12} {percent:>6} % {:>6}.{:02} {:>6}.{:02} {refused:>10} {memory:>7}",
            self.name,
            self.a_second(),
            p50 / 1000,
            p50 % 1000 / 10,
            p99 / 1000,
            p99 % 1000 / 10,
        );
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    build::binary()?;
    step("a server that does nothing", build_noop)?;
    let mut noop = Candidate::new("handler that does nothing");
    let mut rhumb = Candidate::new("rhumb, on disk");
    for round in 1..=arguments.rounds {
        step(&format!("round {round} of {}", arguments.rounds), || {
            let server = Server::start(&mut Command::new(NOOP))?;
            measure(&mut noop, &server, arguments)?;
            drop(server);
            let server = start_rhumb()?;
            measure(&mut rhumb, &server, arguments)
        })?;
    }
    let yardstick = noop.a_second();
    println!(
        "\n  {:<28} {:>12} {:>8} {:>9} {:>9} {:>10} {:>7}",
        "", "page views/s", "", "p50 ms", "p99 ms", "refused", "MB"
    );
    noop.print(yardstick);
    rhumb.print(yardstick);
    let result = serde_json::json!([noop, rhumb]);
    fs::write(RESULT, format!("{result:#}\n")).with_context(|| format!("cannot write {RESULT}"))
}

/// Cargo names the programs of benchmarks after their content; this one gets a name that is known.
fn build_noop() -> Result<()> {
    let mut build = cargo(&["build", "--profile", "bench", "--package", "ingest-server"])?;
    let printed = run_command(build.args(["--bench", "noop", "--message-format", "json"]))?;
    let messages = printed.lines().filter_map(|line| serde_json::from_str(line).ok());
    let program = messages
        .filter_map(|message: serde_json::Value| Some(message["executable"].as_str()?.to_owned()))
        .next_back()
        .context("cargo does not say what it built")?;
    fs::create_dir_all("target/bench")?;
    fs::copy(program, NOOP)?;
    Ok(())
}

fn start_rhumb() -> Result<Server> {
    if Path::new(FOLDER).exists() {
        fs::remove_dir_all(FOLDER)?;
    }
    fs::create_dir_all(FOLDER)?;
    let mut rhumb = Command::new(BINARY);
    rhumb
        .args(["serve", "--listen", "127.0.0.1:0", "--database"])
        .arg(format!("{FOLDER}/rhumb.db"));
    Server::start(&mut rhumb)
}

fn measure(candidate: &mut Candidate, server: &Server, arguments: &Arguments) -> Result<()> {
    let Arguments { seconds, senders, .. } = arguments;
    let mut load = Command::new(BINARY);
    load.args(["load", "--format", "json", "--url", &server.url]);
    load.args(["--seconds", &seconds.to_string(), "--senders", &senders.to_string()]);
    candidate.loads.push(serde_json::from_str(&run_command(&mut load)?)?);
    candidate.memory_mb.push(server.memory_mb());
    Ok(())
}

fn median(values: impl Iterator<Item = u64>) -> u64 {
    let mut values = values.collect::<Vec<_>>();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}
