//! `cargo xtask bench query`: how soon reports of a large database are there.

mod rivals;

use super::{program, storage};
use crate::{
    build::{self, BINARY},
    progress::step,
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{fs, path::Path, time::Duration};

const FOLDER: &str = "target/bench/query";
const RESULT: &str = "target/bench/query.json";
/// A database of an earlier run is used again on the same day: what is older than four weeks is not
/// asked for.
const DATABASE_AGE_MAX: Duration = Duration::from_hours(12);

/// Ask for reports of a large database while beacons arrive
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Page views in the database
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(100_000..))]
    page_views: u64,
    /// Reports that are asked for
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    questions: u64,
    /// Beacons that arrive in a second
    #[arg(long, default_value_t = 5000, value_parser = clap::value_parser!(u64).range(1..))]
    rate: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { page_views: 10_000_000, questions: 1000, rate: 5000 }
    }
}

pub(crate) fn run(&Arguments { page_views, questions, rate }: &Arguments) -> Result<()> {
    build::binary()?;
    let query = program::build("query")?;
    let kept = database(page_views)?;
    // The server writes into the one that it is given.
    let database = format!("{FOLDER}/rhumb.db");
    storage::forget(&database)?;
    fs::copy(&kept, &database)?;
    let figures = step(&format!("{questions} reports"), || {
        let (questions, rate) = (questions.to_string(), rate.to_string());
        program::figures(&query, &[BINARY, &database, &questions, &rate])
    })?;
    let rivals = rivals::ask(&kept, FOLDER).unwrap_or_else(|error| {
        println!("  skipped: DuckDB and ClickHouse, because {error:#}");
        json!({})
    });
    print(&figures, &rivals);
    let result = json!({ "rhumb": figures, "rivals": rivals });
    fs::write(RESULT, format!("{result:#}\n")).with_context(|| format!("cannot write {RESULT}"))
}

/// Makes a database of so many page views, unless there is one.
pub(super) fn database(page_views: u64) -> Result<String> {
    fs::create_dir_all(FOLDER)?;
    let kept = format!("{FOLDER}/{page_views}.db");
    if !is_fresh(Path::new(&kept)) {
        storage::fill(&program::build("storage")?, page_views, &kept)?;
    }
    Ok(kept)
}

fn is_fresh(database: &Path) -> bool {
    let changed = fs::metadata(database).and_then(|file| file.modified());
    changed.is_ok_and(|changed| changed.elapsed().is_ok_and(|age| age < DATABASE_AGE_MAX))
}

fn print(figures: &Value, rivals: &Value) {
    println!();
    for (name, pointer) in [
        ("ready after the start, ms", "/ready_ms"),
        ("memory at rest, MB", "/memory_at_rest_mb"),
        ("memory at most, MB", "/memory_max_mb"),
        ("report, p50, ms", "/report_ms/p50"),
        ("report, p99, ms", "/report_ms/p99"),
        ("report, the slowest, ms", "/report_ms/max"),
        ("from page views by SQL, p50, ms", "/exact_sql_ms/p50"),
    ] {
        line(name, figures.pointer(pointer));
    }
    for (name, figures) in rivals.as_object().into_iter().flatten() {
        line(&format!("{name}, p50, ms"), figures.get("p50"));
    }
}

fn line(name: &str, figure: Option<&Value>) {
    println!("  {name:<40} {:>12.1}", figure.and_then(Value::as_f64).unwrap_or(f64::NAN));
}
