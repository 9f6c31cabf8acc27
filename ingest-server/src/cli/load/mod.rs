//! `rhumb load`

mod progress;
mod report;

use crate::load::{self, Plan, Tally, Target};
use anyhow::{Result, ensure};
use clap::{Args, ValueEnum, value_parser};
use serde_json::json;
use std::{
    io::{self, Write},
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant},
};
use url::Url;

/// Load test: post page views to a server, as visitors of a shop would, and say what became of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb load --url http://127.0.0.1:8787                       as fast as it answers
  rhumb load --url http://127.0.0.1:8787 --rate 5000           so many a second, whatever it answers
  rhumb load --url http://127.0.0.1:8787 --ramp 5 --queries 2  slowly more, two of a hundred ask
  rhumb load --url http://127.0.0.1:8787 --speed-up 1000       one after the other against at once
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
    /// Seconds in which the rate, or without one the number of senders, grows to the full
    #[arg(long, env = "RHUMB_RAMP", default_value_t = 0)]
    ramp: u64,
    /// How many of a hundred are questions to the query API in the place of page views
    #[arg(long, env = "RHUMB_QUERIES", value_name = "PERCENT", default_value_t = 0, value_parser = value_parser!(u8).range(0..=100))]
    queries: u8,
    /// What the server wants to know of those who ask
    #[arg(long, env = "RHUMB_ADMIN_TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
    /// Send so many page views one after the other, then as many by all senders, and compare how long it takes
    #[arg(long, env = "RHUMB_SPEED_UP", value_name = "PAGE_VIEWS", conflicts_with_all = ["rate", "ramp", "queries", "seconds"], value_parser = value_parser!(u32).range(1..=100_000))]
    speed_up: Option<u32>,
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
        ensure!(
            self.ramp <= self.seconds,
            "--ramp {}: it is at most the --seconds of the test, which are {}",
            self.ramp,
            self.seconds
        );
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let tally = match self.speed_up {
            Some(count) => runtime.block_on(self.compare(count))?,
            None => runtime.block_on(self.load())?,
        };
        let refused = tally.page_views.refused;
        ensure!(
            self.speed_up.is_none() || refused == 0,
            "{refused} page views were refused, which is quicker than to take them: raise the server's limits, or send fewer"
        );
        ensure!(tally.failed() == 0, "{} of what was sent failed", tally.failed());
        Ok(())
    }

    async fn load(&self) -> Result<Tally> {
        let duration = Duration::from_secs(self.seconds);
        let plan = Plan {
            target: self.target(),
            senders: self.senders,
            rate: self.rate,
            duration,
            ramp: Duration::from_secs(self.ramp),
            questions_percent: self.queries,
            seed: self.seed,
        };
        let (begun, answered) = (Instant::now(), Arc::<AtomicU64>::default());
        let tally = tokio::select! {
            tally = load::run(plan, answered.clone()) => tally?,
            never = progress::show(duration, answered) => match never {},
        };
        match self.format {
            Format::Text => report::print(&tally, begun.elapsed())?,
            Format::Json => {
                let asked = json!({
                    "seconds": self.seconds,
                    "senders": self.senders,
                    "rate": self.rate,
                    "ramp_seconds": self.ramp,
                    "queries_percent": self.queries,
                    "seed": self.seed,
                });
                writeln!(io::stdout(), "{}", report::as_json(&tally, &asked, begun.elapsed()))?;
            }
        }
        Ok(tally)
    }

    async fn compare(&self, count: u32) -> Result<Tally> {
        let speed_up = load::speed_up(self.target(), count, self.senders, self.seed).await?;
        match self.format {
            Format::Text => report::print_speed_up(&speed_up, count, self.senders)?,
            Format::Json => {
                let report = report::speed_up_as_json(&speed_up, self.senders);
                writeln!(io::stdout(), "{report}")?;
            }
        }
        Ok(speed_up.tally)
    }

    fn target(&self) -> Target {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        Target {
            authority: format!("{host}:{port}"),
            site: self.site.clone(),
            admin_token: self.admin_token.clone(),
        }
    }
}
