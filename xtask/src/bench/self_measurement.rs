//! `cargo xtask bench self-measurement`: what it costs that the server measures itself.

use super::{empty_folder, ingest, server::Server};
use crate::{build, progress::step};
use anyhow::{Context, Result};
use serde_json::json;
use std::{fs, path::Path};

const FOLDER: &str = "target/bench/self-measurement";
const RESULT: &str = "target/bench/self-measurement.json";
const OFF: &str = "--no-self-measurement";

/// Compare what the server takes with what it takes when it measures nothing of itself
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Seconds that each is loaded in a round
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Rounds of one with and one without, in turns the other way round
    #[arg(long, default_value_t = 21, value_parser = clap::value_parser!(u32).range(6..=1000))]
    rounds: u32,
    /// Connections at the same time
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    senders: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { seconds: 5, rounds: 21, senders: 128 }
    }
}

/// What one load came to.
#[derive(Clone, Copy)]
struct Figures {
    a_second: f64,
    /// Microseconds of processors for a page view.
    cost_us: f64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    build::binary()?;
    let mut rounds = Vec::new();
    for round in 1..=arguments.rounds {
        let both = step(&format!("round {round} of {}", arguments.rounds), || {
            let [first, second] = if round % 2 == 0 { [true, false] } else { [false, true] };
            let of = [loaded(first, arguments)?, loaded(second, arguments)?];
            Ok(if first { of } else { [of[1], of[0]] })
        })?;
        rounds.push(both);
    }
    let more = |of: fn(Figures) -> f64| {
        middle(rounds.iter().map(|[on, off]| (of(*on) / of(*off) - 1.0) * 100.0).collect())
    };
    let (taken, cost) = (more(|it| it.a_second), more(|it| it.cost_us));
    println!("\n  what measuring itself changes, median of {} pairs (95 %)", rounds.len());
    println!("  page views a second       {}", percent(taken));
    println!("  processor a page view     {}", percent(cost));
    let pairs = rounds.iter().map(|both| both.map(|it| json!([it.a_second, it.cost_us])));
    let result = json!({
        "a_second_percent": taken, "processor_percent": cost, "on_and_off": pairs.collect::<Vec<_>>(),
    });
    fs::write(RESULT, format!("{result:#}\n")).with_context(|| format!("cannot write {RESULT}"))
}

/// On a database of its own.
#[expect(clippy::cast_precision_loss, reason = "figures are for people")]
fn loaded(is_measured: bool, arguments: &Arguments) -> Result<Figures> {
    empty_folder(FOLDER)?;
    let options: &[&str] = if is_measured { &[] } else { &[OFF] };
    let server = Server::rhumb_with(&Path::new(FOLDER).join("rhumb.db"), options)?;
    let before = server.processor_time()?;
    let load = ingest::load(&server, arguments.seconds, arguments.senders)?;
    let cost = server.processor_time()?.saturating_sub(before);
    let page_views = load.acknowledged as f64;
    Ok(Figures {
        a_second: page_views / load.seconds as f64,
        cost_us: cost.as_secs_f64() * 1e6 / page_views,
    })
}

/// The lower end, the median and the upper end: those that the sign test leaves at 95 % (Conover, "Practical
/// Nonparametric Statistics", 3.2), by the normal approximation, rounded outwards.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn middle(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let low = ((count - 1.96 * count.sqrt()) / 2.0 - 1.0).floor().max(0.0) as usize;
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    [at(low), at(values.len() / 2), at(values.len().saturating_sub(low + 1))]
}

fn percent([low, median, high]: [f64; 3]) -> String {
    format!("{median:+.1} %  ({low:+.1} to {high:+.1})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_leaves_as_many_out_below_as_above() {
        let values = (1..=21).map(f64::from).rev().collect();
        assert_eq!(percent(middle(values)), "+11.0 %  (+6.0 to +16.0)");
        assert_eq!(percent([-1.04, 0.26, 1.5]), "+0.3 %  (-1.0 to +1.5)");
    }
}
