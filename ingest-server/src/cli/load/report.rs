//! What `rhumb load` says.

use crate::load::{Counts, SpeedUp, Tally};
use serde_json::{Map, Value, json};
use std::{
    io::{self, Write},
    time::Duration,
};

const PERCENTILES: [(&str, f64); 5] =
    [("p50", 50.0), ("p90", 90.0), ("p99", 99.0), ("p99.9", 99.9), ("max", 100.0)];

fn milliseconds(counts: &Counts, percentile: f64) -> f64 {
    // Latencies are far below 2^52 microseconds.
    #[expect(clippy::cast_precision_loss)]
    let us = counts.latencies_us.value_at_percentile(percentile) as f64;
    us / 1e3
}

/// What was asked for stands at the top level, as does what became of page views.
pub(super) fn as_json(tally: &Tally, asked: &Value, took: Duration) -> Value {
    let mut report = counts_as_json(&tally.page_views);
    report.insert("questions".to_owned(), counts_as_json(&tally.questions).into());
    report.insert("took_seconds".to_owned(), took.as_secs_f64().into());
    report.extend(asked.as_object().cloned().unwrap_or_default());
    report.into()
}

fn counts_as_json(counts: &Counts) -> Map<String, Value> {
    let of = |(name, percentile): (&str, f64)| {
        (name.to_owned(), Value::from(milliseconds(counts, percentile)))
    };
    let latencies = PERCENTILES.map(of).into_iter().collect::<Map<_, _>>();
    let counts = json!({
        "sent": counts.sent,
        "acknowledged": counts.acknowledged,
        "refused": counts.refused,
        "failed": counts.failed,
        "latency_ms": latencies,
    });
    counts.as_object().cloned().unwrap_or_default()
}

/// For people; questions, if there were any.
pub(super) fn print(tally: &Tally, took: Duration) -> io::Result<()> {
    print_counts(&tally.page_views, took)?;
    if tally.questions.sent > 0 {
        writeln!(io::stdout(), "\nquestions")?;
        print_counts(&tally.questions, took)?;
    }
    Ok(())
}

fn print_counts(counts: &Counts, took: Duration) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let rows = [
        ("sent", counts.sent),
        ("acknowledged", counts.acknowledged),
        ("refused", counts.refused),
        ("failed", counts.failed),
        ("acknowledged a second", a_second(counts.acknowledged, took)),
    ];
    for (name, count) in rows {
        writeln!(out, "{name:<24} {count:>12}")?;
    }
    for (name, percentile) in PERCENTILES {
        writeln!(out, "{name:<24} {:>9.2} ms", milliseconds(counts, percentile))?;
    }
    Ok(())
}

/// What came in time is not more for being late: a server that is behind is waited for.
fn a_second(count: u64, took: Duration) -> u64 {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    count.saturating_mul(1000) / ms.max(1)
}

pub(super) fn speed_up_as_json(speed_up: &SpeedUp, senders: u32) -> Value {
    let mut report = counts_as_json(&speed_up.tally.page_views);
    report.insert("senders".to_owned(), senders.into());
    report.insert("sequential_seconds".to_owned(), speed_up.sequential.as_secs_f64().into());
    report.insert("concurrent_seconds".to_owned(), speed_up.concurrent.as_secs_f64().into());
    report.insert("speed_up".to_owned(), speed_up.factor().into());
    report.into()
}

pub(super) fn print_speed_up(speed_up: &SpeedUp, count: u32, senders: u32) -> io::Result<()> {
    let SpeedUp { sequential, concurrent, .. } = speed_up;
    let mut out = io::stdout().lock();
    writeln!(out, "{count} page views")?;
    writeln!(out, "{:<24} {:>9.3} s", "one after the other", sequential.as_secs_f64())?;
    let at_once = format!("by {senders} senders");
    writeln!(out, "{at_once:<24} {:>9.3} s", concurrent.as_secs_f64())?;
    writeln!(out, "{:<24} {:>8.1} times", "speed-up", speed_up.factor())
}
