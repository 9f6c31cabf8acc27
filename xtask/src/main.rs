//! Everything a person or CI runs: `cargo xtask --help` lists it.

mod apt;
mod bench;
mod browser;
mod build;
mod chromium;
mod collector;
mod command;
mod demo;
mod demo_app;
mod docs_ui;
mod fingerprint;
mod firefox;
mod geckodriver;
mod import_names;
mod integrity;
mod node;
mod node_version;
mod progress;
mod promtool;
mod python;
mod redis;
mod schemathesis;
mod screenshots;
mod setup;
mod size;
mod strace;
mod test;
mod test_count;
mod wasm_toolchain;
mod webkit;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::{path::Path, process::ExitCode};

/// Sets up, builds, runs and tests rhumb. What is done already is skipped.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Setup(setup::Arguments),
    /// Build target/release/rhumb with the collector and the demo app embedded
    Build,
    Demo(demo::Arguments),
    Test(test::Arguments),
    /// Take a picture of every page of the dashboard, and the one of the README
    Screenshots,
    /// Print the bytes of the collector's files; fails over its budget
    Size,
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    enter_workspace()?;
    match task {
        Task::Setup(arguments) => setup::run(&arguments)?,
        Task::Build => build::run()?,
        Task::Demo(arguments) => match demo::run(&arguments)? {},
        Task::Test(arguments) => return test::run(&arguments),
        Task::Screenshots => screenshots::run()?,
        Task::Size => size::run()?,
        Task::Bench(arguments) => bench::run(&arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// All paths in this crate are relative to the workspace's folder.
fn enter_workspace() -> Result<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::env::set_current_dir(&workspace)
        .with_context(|| format!("cannot enter {}", workspace.display()))
}
