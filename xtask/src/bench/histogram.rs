//! `cargo xtask bench histogram`: ours beside the sketch that others take.

use super::program;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;

const RESULT: &str = "target/bench/histogram.json";

/// Compare the histogram with DDSketch: speed, bytes, error
#[derive(clap::Args, Default)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> Result<()> {
    let figures = program::figures(&program::build("histogram")?, &[])?;
    println!(
        "\n  {:<20} {:>8} {:>10} {:>8}   error at p50, p75, p95, p99 in %",
        "a million values", "add ns", "merge us", "bytes"
    );
    for name in ["ours", "ddsketch"] {
        println!("{}", line(name, &figures[name]));
    }
    fs::write(RESULT, format!("{figures:#}\n")).with_context(|| format!("cannot write {RESULT}"))
}

fn line(name: &str, figures: &Value) -> String {
    let number = |name: &str| figures[name].as_f64().unwrap_or(f64::NAN);
    let errors = figures["error_percent"].as_array().into_iter().flatten();
    let errors = errors.filter_map(Value::as_f64).map(|error| format!("{error:.2}"));
    format!(
        "  {name:<20} {:>8.1} {:>10.2} {:>8.0}   {}",
        number("add_ns"),
        number("merge_us"),
        number("bytes"),
        errors.collect::<Vec<_>>().join("  ")
    )
}
