//! `rhumb load`

use crate::load::{self, Plan, Tally};
use anyhow::{Result, ensure};
use clap::{Args, ValueEnum, value_parser};
use serde_json::json;
use std::{
    io::{self, Write},
    time::Duration,
};
use url::Url;

/// Load test: post page views to a server, as visitors of a shop would, and say what became of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb load --url http://127.0.0.1:8787                       as fast as it answers
  rhumb load --url http://127.0.0.1:8787 --rate 5000           so many a second, whatever it answers
  rhumb load --url http://127.0.0.1:8787 --format json")]
pub(crate) struct Load {
    /// The server; http only. It keeps what it is sent: use one of its own
    #[arg(long, env = "RHUMB_URL")]
    url: Url,
    /// A site that takes beacons from anywhere
    #[arg(long, env = "RHUMB_SITE", default_value = "default")]
    site: String,
    /// Senders at the same time, each with a connection
    #[arg(long, env = "RHUMB_SENDERS", default_value_t = 64, value_parser = value_parser!(u32).range(1..=10_000))]
    senders: u32,
    /// Page views a second; without it each sender sends the next when the last is answered
    #[arg(long, env = "RHUMB_RATE", value_parser = value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// Seconds
    #[arg(long, env = "RHUMB_SECONDS", default_value_t = 10, value_parser = value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// The same seed makes the same page views
    #[arg(long, env = "RHUMB_SEED", default_value_t = 1)]
    seed: u64,
    /// How the result is written
    #[arg(long, env = "RHUMB_FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Load {
    pub(crate) fn run(self) -> Result<()> {
        ensure!(self.url.scheme() == "http", "--url {}: only http is spoken", self.url);
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        let plan = Plan {
            authority: format!("{host}:{port}"),
            site: self.site,
            senders: self.senders,
            rate: self.rate,
            duration: Duration::from_secs(self.seconds),
            seed: self.seed,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let tally = runtime.block_on(load::run(plan))?;
        match self.format {
            Format::Text => print(&tally, self.seconds)?,
            Format::Json => writeln!(io::stdout(), "{}", as_json(&tally, self.seconds))?,
        }
        ensure!(tally.failed == 0, "{} page views failed", tally.failed);
        Ok(())
    }
}

const PERCENTILES: [(&str, f64); 5] =
    [("p50", 50.0), ("p90", 90.0), ("p99", 99.0), ("p99.9", 99.9), ("max", 100.0)];

fn milliseconds(tally: &Tally, percentile: f64) -> f64 {
    // Latencies are far below 2^52 microseconds.
    #[expect(clippy::cast_precision_loss)]
    let us = tally.latencies_us.value_at_percentile(percentile) as f64;
    us / 1e3
}

fn print(tally: &Tally, seconds: u64) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let counts = [
        ("sent", tally.sent),
        ("acknowledged", tally.acknowledged),
        ("refused", tally.refused),
        ("failed", tally.failed),
        ("acknowledged a second", tally.acknowledged / seconds),
    ];
    for (name, count) in counts {
        writeln!(out, "{name:<24} {count:>12}")?;
    }
    for (name, percentile) in PERCENTILES {
        writeln!(out, "{name:<24} {:>9.2} ms", milliseconds(tally, percentile))?;
    }
    Ok(())
}

fn as_json(tally: &Tally, seconds: u64) -> serde_json::Value {
    let latencies = PERCENTILES.map(|(name, percentile)| (name, milliseconds(tally, percentile)));
    json!({
        "sent": tally.sent,
        "acknowledged": tally.acknowledged,
        "refused": tally.refused,
        "failed": tally.failed,
        "seconds": seconds,
        "latency_ms": latencies.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
    })
}
