//! `cargo xtask test`: every test there is.

use crate::{
    browser::{self, Browser},
    chromium, collector,
    command::{answer, cargo, run as run_command},
    demo_app, docs_ui,
    progress::step,
    promtool, redis, schemathesis,
    setup::{self, Tools},
    size, strace,
    test_count::TestCount,
};
use anyhow::{Context, Result};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
};

/// What the collector is compared with, and bundled with.
const ORACLE: &str = "tests/npm";
/// The server that tests start.
pub(crate) const SERVER: &str = "target/debug/rhumb";
/// What is checked and tested although it is not built by default.
const FEATURES: &str = "ingest-server/otlp,ingest-server/redis";

/// Run every test; the last line says how many passed and failed
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Handed to the test programs: part of a test's name, or an option such as `--nocapture`
    #[arg(last = true, value_name = "FILTER")]
    filter: Vec<String>,
}

pub(crate) fn run(Arguments { filter }: &Arguments) -> Result<ExitCode> {
    let tools = setup::tools()?;
    chromium::ensure()?;
    let mut count = TestCount::default();
    let mut arguments = filter.clone();
    for Browser { name, tests, ensure } in browser::OTHERS {
        if let Err(error) = ensure() {
            skip(&mut count, &format!("the tests in {name}"), &format!("{error:#}"));
            arguments.extend(["--skip", tests].map(String::from));
        }
    }
    if let Err(error) = strace::ensure() {
        skip(&mut count, "the tests of failing disks", &format!("{error:#}"));
        arguments.extend(["--skip", strace::TESTS].map(String::from));
    }
    let redis = redis::ensure();
    if let Err(error) = &redis {
        skip(&mut count, "the tests of what servers share", &format!("{error:#}"));
        arguments.extend(["--skip", redis::TESTS].map(String::from));
    }
    let promtool = promtool::ensure();
    if let Err(error) = &promtool {
        skip(&mut count, "promtool's look at /metrics", &format!("{error:#}"));
    }
    let schemathesis = schemathesis::ensure();
    if let Err(error) = &schemathesis {
        skip(&mut count, "the look for answers that are not described", &format!("{error:#}"));
        arguments.extend(["--skip", schemathesis::TESTS].map(String::from));
    }
    let promtool = promtool.ok();
    let programs = [
        ("PROMETHEUS", promtool.as_deref().map(promtool::server)),
        ("PROMTOOL", promtool),
        ("REDIS_SERVER", redis.ok()),
        ("SCHEMATHESIS", schemathesis.ok()),
    ];
    collector::build(&tools)?;
    demo_app::build(&tools)?;
    docs_ui::install(&tools)?;
    if Path::new(ORACLE).is_dir() {
        tools.node.install_packages(ORACLE)?;
    }

    let component = ["fmt", "--all", "--check"];
    check_component(&mut count, &component)?;
    let lints = ["--all-targets", "--", "-D", "warnings"];
    for features in [&["--features", FEATURES][..], &[]] {
        let component = [&["clippy", "--quiet", "--workspace"], features, &lints].concat();
        check_component(&mut count, &component)?;
    }
    let totals = size::report()?;
    if tools.wasm.is_for_releases() {
        check(&mut count, &size::check_budget(&totals));
    } else {
        skip(&mut count, "the size budget", size::NOT_FOR_RELEASES);
    }
    server()?;
    count += cargo_test(&tools, programs, &arguments)?;

    println!("\n{count}");
    Ok(if count.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds the server that tests start.
pub(crate) fn server() -> Result<()> {
    let server = ["build", "--quiet", "--package", "ingest-server", "--features", FEATURES];
    step("server: debug build", || run_command(&mut cargo(&server)?).map(drop))
}

/// A toolchain may be without rustfmt or Clippy.
fn check_component(count: &mut TestCount, arguments: &[&str]) -> Result<()> {
    let name = format!("cargo {}", arguments[0]);
    if answer(&mut cargo(&[arguments[0], "--version"])?).is_none() {
        skip(count, &name, "the toolchain in use is without it");
        return Ok(());
    }
    let mut command = cargo(arguments)?;
    check(count, &step(&name, || run_command(&mut command).map(drop)));
    Ok(())
}

fn check(count: &mut TestCount, result: &Result<()>) {
    if let Err(error) = result {
        eprintln!("error: {error:#}");
    }
    count.check(result.is_ok());
}

fn skip(count: &mut TestCount, what: &str, reason: &str) {
    println!("  skipped: {what}, because {reason}");
    count.skipped += 1;
}

/// Shows the output as it comes. Programs are told by variables, those there are.
fn cargo_test(
    tools: &Tools,
    programs: [(&str, Option<PathBuf>); 4],
    arguments: &[String],
) -> Result<TestCount> {
    let binary = std::path::absolute(SERVER)?;
    let mut command =
        cargo(&["test", "--workspace", "--features", FEATURES, "--no-fail-fast", "--"])?;
    command.args(arguments).env("RHUMB_BIN", binary).stdout(Stdio::piped());
    command.envs(programs.into_iter().filter_map(|(name, program)| Some((name, program?))));
    tools.node.offer_to(&mut command);
    let mut tests = command.spawn().context("cannot start `cargo test`")?;
    let stdout = tests.stdout.take().context("the output of `cargo test` is not piped")?;

    let mut count = TestCount::default();
    for line in BufReader::new(stdout).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        if let Some(more) = TestCount::parse(&line) {
            count += more;
        }
    }
    // A program that did not compile, or crashed, has counted nothing.
    if !tests.wait()?.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}
