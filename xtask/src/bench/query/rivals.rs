//! DuckDB and ClickHouse, each in Python, with the same page views.

use crate::{
    bench::{self, program},
    build::BINARY,
    command::run,
    progress::step,
    python,
};
use anyhow::Result;
use serde_json::Value;
use std::{fs, path::Path, process::Command};

const SCRIPT: &str = "xtask/bench/query/rivals.py";
const REQUIREMENTS: &str = "xtask/bench/query/requirements.txt";
/// Where Python's packages are installed.
const PYTHON: &str = "target/bench/python";
/// Of each; they take long.
const QUESTIONS: &str = "20";

/// How long they take for a report of the page views in a database.
pub(super) fn ask(database: &str, folder: &str) -> Result<Value> {
    python::install(PYTHON, REQUIREMENTS)?;
    let [parquet, databases] = ["rivals.parquet", "rivals"].map(|it| format!("{folder}/{it}"));
    if Path::new(&parquet).exists() {
        fs::remove_file(&parquet)?;
    }
    bench::empty_folder(&databases)?;
    step("export to Parquet", || {
        let mut export = Command::new(BINARY);
        export.args(["export", "default", "--format", "parquet", "--output", &parquet]);
        run(export.args(["--database", database])).map(drop)
    })?;
    step("DuckDB and ClickHouse", || {
        let python = format!("{PYTHON}/bin/python");
        program::figures(Path::new(&python), &[SCRIPT, &parquet, &databases, QUESTIONS])
    })
}
