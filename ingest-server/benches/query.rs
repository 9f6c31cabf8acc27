//! How soon a large database is ready and answers, while beacons arrive. Prints JSON.
//!
//! Arguments: the program `rhumb`, a database, how many questions, beacons a second.

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures are for people"
)]

use fastrand::Rng;
use rusqlite::{Connection, OpenFlags, named_params};
use serde_json::{Value, json};
use std::{
    env, fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Questions that are also asked of the page views one by one, which takes seconds.
const EXACT_QUESTIONS: usize = 5;
const READY_TIMEOUT: Duration = Duration::from_mins(1);
const SEED: u64 = 7;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = env::args().skip(1).filter(|argument| argument != "--bench");
    let arguments = arguments.collect::<Vec<_>>();
    // `cargo bench` runs every benchmark without arguments.
    let [rhumb, database, questions, rate] = &arguments[..] else { return };
    let (server, url, ready) = start(rhumb, database).await;
    let memory_at_rest_mb = status_mb(server.0.id(), "VmRSS:");
    let questions: usize = questions.parse().unwrap();
    let _load = load(rhumb, &url, rate);
    let latencies = ask(&url, questions).await;
    let memory_max_mb = status_mb(server.0.id(), "VmHWM:");
    drop(server);
    println!(
        "{}",
        json!({
            "ready_ms": milliseconds(ready),
            "memory_at_rest_mb": memory_at_rest_mb,
            "memory_max_mb": memory_max_mb,
            "report_ms": percentiles(latencies),
            "exact_sql_ms": percentiles(exact(database)),
        })
    );
}

/// Ended when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A server, where it answers, and how long it took until it was ready.
async fn start(rhumb: &str, database: &str) -> (Running, String, Duration) {
    let begun = Instant::now();
    let mut child = Command::new(rhumb)
        .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let server = Running(child);
    let url = line.split_whitespace().last().unwrap().to_owned();
    while !is_ready(&url).await {
        assert!(begun.elapsed() < READY_TIMEOUT, "the server does not become ready");
    }
    (server, url, begun.elapsed())
}

async fn is_ready(url: &str) -> bool {
    let answer = reqwest::get(format!("{url}health/ready")).await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

/// Beacons that arrive until it is dropped.
fn load(rhumb: &str, url: &str, rate: &str) -> Running {
    let mut load = Command::new(rhumb);
    load.args(["load", "--url", url, "--rate", rate, "--seconds", "86400"]);
    Running(load.stdout(Stdio::null()).spawn().unwrap())
}

/// Reports of four weeks with one filter each.
async fn ask(url: &str, questions: usize) -> Vec<Duration> {
    let client = reqwest::Client::new();
    let mut random = Rng::with_seed(SEED);
    // The load begins.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut latencies = Vec::with_capacity(questions);
    for _ in 0..questions {
        let (filter, value) = filter(&mut random);
        let begun = Instant::now();
        let address = format!("{url}v1/sites/default/summary?{filter}={value}");
        let answer = client.get(address).send().await.unwrap().error_for_status().unwrap();
        let summary: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        latencies.push(begun.elapsed());
        assert!(summary["page_views"].as_u64().unwrap() > 0, "{filter}={value}");
    }
    latencies
}

/// One that some of the visitors' page views fit.
fn filter(random: &mut Rng) -> (&'static str, String) {
    match random.u8(..8) {
        0..4 => ("route", format!("/section-{}/:product", random.u8(..200))),
        4 => ("form_factor", random.choice(["phone", "tablet", "desktop"]).unwrap().to_owned()),
        5 => ("connection", random.choice(["4g", "3g"]).unwrap().to_owned()),
        6 => ("release", format!("1.{}.0", random.u8(..8))),
        _ => ("navigation_type", random.choice(["navigate", "reload"]).unwrap().to_owned()),
    }
}

/// The same for a route, from the page views themselves.
fn exact(database: &str) -> Vec<Duration> {
    const SQL: &str = "
        SELECT cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us FROM page_views
            JOIN pages ON pages.id = page_id
            JOIN circumstances ON circumstances.id = circumstances_id
        WHERE NOT is_bot AND site_id = 1 AND route = :route
            AND started_at_ms >= (unixepoch() - 28 * 86400) * 1000";
    let connection =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let question = |index: usize| {
        let begun = Instant::now();
        let mut metrics = [const { Vec::<u32>::new() }; 5];
        let mut statement = connection.prepare_cached(SQL).unwrap();
        let route = format!("/section-{}/:product", index * 10);
        let mut rows = statement.query(named_params! { ":route": route }).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (index, metric) in metrics.iter_mut().enumerate() {
                metric.extend(row.get::<_, Option<u32>>(index).unwrap());
            }
        }
        for metric in &mut metrics {
            metric.sort_unstable();
        }
        assert!(metrics.iter().all(|values| !values.is_empty()));
        begun.elapsed()
    };
    (0..EXACT_QUESTIONS).map(question).collect()
}

fn percentiles(mut latencies: Vec<Duration>) -> Value {
    latencies.sort_unstable();
    let at = |share: f64| {
        let index = ((latencies.len() as f64 * share) as usize).min(latencies.len() - 1);
        milliseconds(latencies[index])
    };
    json!({ "p50": at(0.5), "p99": at(0.99), "max": at(1.0) })
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// A line of what Linux says of a process's memory.
fn status_mb(process: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}
