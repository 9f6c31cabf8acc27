//! `cargo xtask bench comparisons`: what the server does, beside what comes to mind first.

use super::{program, storage};
use crate::progress::step;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;

const FOLDER: &str = "target/bench/comparisons";
const RESULT: &str = "target/bench/comparisons.json";

/// Compare batches with single inserts, joins with questions one by one, binary with JSON, histograms with rows
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Page views in the database
    #[arg(long, default_value_t = 200_000, value_parser = clap::value_parser!(u64).range(20_000..))]
    page_views: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { page_views: 200_000 }
    }
}

pub(crate) fn run(&Arguments { page_views }: &Arguments) -> Result<()> {
    let [filler, program] = [program::build("storage")?, program::build("comparisons")?];
    fs::create_dir_all(FOLDER)?;
    let database = format!("{FOLDER}/rhumb.db");
    storage::fill(&filler, page_views, &database)?;
    let figures = step("both ways", || program::figures(&program, &[&database]))?;
    println!("\n  {page_views} page views");
    for compared in figures.as_array().into_iter().flatten() {
        println!("{}", line(compared));
    }
    fs::write(RESULT, format!("{figures:#}\n")).with_context(|| format!("cannot write {RESULT}"))
}

/// Both ways, and how many times as long the first one takes.
fn line(compared: &Value) -> String {
    let us = |way: usize| compared["ways"][way]["us"].as_f64().unwrap_or(f64::NAN);
    let way = |way: usize| {
        let name = compared["ways"][way]["way"].as_str().unwrap_or_default();
        format!("{name:<28} {:>11.1} us", us(way))
    };
    let bytes = compared["bytes"].as_array().map_or_else(String::new, |bytes| {
        let bytes = bytes.iter().filter_map(Value::as_f64).map(|it| format!("{it:.0}"));
        format!("   {} bytes", bytes.collect::<Vec<_>>().join(" and "))
    });
    let what = compared["what"].as_str().unwrap_or_default();
    format!("  {what:<32} {}   {}   {:>6.1} x{bytes}", way(0), way(1), us(0) / us(1))
}
