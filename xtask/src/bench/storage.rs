//! `cargo xtask bench storage`: what page views take on disk.

use super::program;
use crate::progress::step;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{fs, path::Path};

const FOLDER: &str = "target/bench/storage";
const RESULT: &str = "target/bench/storage.json";
/// So many page views as JSON are enough to know what one takes.
const JSON_PAGE_VIEWS: u64 = 100_000;

/// Write page views of four weeks and say what they take on disk
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1000..))]
    page_views: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { page_views: 1_000_000 }
    }
}

pub(crate) fn run(&Arguments { page_views }: &Arguments) -> Result<()> {
    let program = program::build("storage")?;
    let [database, texts] = ["rhumb.db", "json.db"].map(|name| format!("{FOLDER}/{name}"));
    fs::create_dir_all(FOLDER)?;
    let filled = fill(&program, page_views, &database)?;
    let pruned =
        step("page views that are too old", || program::figures(&program, &["prune", &database]))?;
    let as_json = step("the same as JSON", || {
        forget(&texts)?;
        program::figures(&program, &["json", &JSON_PAGE_VIEWS.to_string(), &texts])
    })?;
    print(&filled, &pruned, &as_json);
    let result = json!({ "filled": filled, "pruned": pruned, "json": as_json });
    fs::write(RESULT, format!("{result:#}\n")).with_context(|| format!("cannot write {RESULT}"))
}

/// Makes a database of the last four weeks. It is there when it is whole.
pub(super) fn fill(program: &Path, page_views: u64, database: &str) -> Result<Value> {
    let partial = format!("{database}.partial");
    forget(&partial)?;
    forget(database)?;
    let figures = step(&format!("{page_views} page views"), || {
        program::figures(program, &["fill", &page_views.to_string(), &partial])
    })?;
    // What was in its log is in it, since the program has closed it.
    fs::rename(&partial, database).with_context(|| format!("cannot move {partial}"))?;
    Ok(figures)
}

/// Removes a database.
pub(super) fn forget(database: &str) -> Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{database}{suffix}");
        if Path::new(&file).exists() {
            fs::remove_file(&file).with_context(|| format!("cannot remove {file}"))?;
        }
    }
    Ok(())
}

fn print(filled: &Value, pruned: &Value, as_json: &Value) {
    let rows = [
        ("written, page views a second", &filled["written_a_second"]),
        ("rolled up, page views a second", &filled["rolled_up_a_second"]),
        ("longest roll-up, ms", &filled["longest_roll_up_ms"]),
        ("longest move of the log, ms", &filled["longest_move_of_log_ms"]),
        ("longest step of deleting, ms", &pruned["longest_step_ms"]),
        ("bytes a page view", &filled["bytes_a_page_view"]),
        ("  as a JSON text a row", &as_json["bytes_a_page_view"]),
        ("  histograms only", &pruned["bytes_a_page_view"]),
    ];
    println!();
    for (name, figure) in rows {
        println!("  {name:<34} {:>12.1}", figure.as_f64().unwrap_or(f64::NAN));
    }
    println!("\n  bytes a page view by table and index");
    for table in filled["tables"].as_array().into_iter().flatten() {
        let bytes = table[1].as_f64().unwrap_or(f64::NAN);
        println!("  {:<34} {bytes:>12.1}", table[0].as_str().unwrap_or_default());
    }
}
