//! Another program reads the database for a minute, which keeps the write-ahead log from being
//! emptied: the known way in which servers on SQLite come to a stand.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod support;

use futures_util::future::join_all;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};
use support::{Binary, beacon};

const READ: Duration = Duration::from_mins(1);
/// How soon the log is empty when the read has ended.
const EMPTIED_MAX: Duration = Duration::from_secs(10);
/// A debug build on a busy machine is slow; one that waits for the read takes a minute.
const ANSWER_MAX: Duration = Duration::from_secs(3);
/// How much larger the server may become.
const GROWTH_BYTES_MAX: u64 = 100 << 20;
const SENDERS: u32 = 8;
/// Enough for 8 MB of log a second.
const PAUSE: Duration = Duration::from_millis(5);

/// What one sender saw.
struct Sent {
    taken: u64,
    slowest: Duration,
}

async fn send(url: String, sender: u32, end: Instant) -> Sent {
    let client = Client::new();
    let mut sent = Sent { taken: 0, slowest: Duration::ZERO };
    while Instant::now() < end {
        let mut beacon = beacon(u128::from(sender) << 64 | u128::from(sent.taken), 100.0);
        beacon["url"] = json!(format!("https://shop.example/{sender}/{}", sent.taken));
        let posted = Instant::now();
        let answer = client.post(&url).body(beacon.to_string()).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        sent.slowest = sent.slowest.max(posted.elapsed());
        sent.taken += 1;
        tokio::time::sleep(PAUSE).await;
    }
    sent
}

fn log_bytes(folder: &Path) -> u64 {
    fs::metadata(folder.join("rhumb.db-wal")).map_or(0, |file| file.len())
}

async fn text(server: &Binary, path: &str) -> String {
    let answer = reqwest::get(format!("{}{path}", server.url)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

/// For how long the server says that it could not empty the log, in seconds.
async fn blocked(server: &Binary) -> u64 {
    let metrics = text(server, "metrics").await;
    let prefix = "rhumb_write_ahead_log_blocked_seconds ";
    let line = metrics.lines().find_map(|line| line.strip_prefix(prefix));
    line.unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_lasts_a_minute_holds_up_no_beacon_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let server = Binary::start_logging(folder.path(), &log);
    let url = format!("{}v1/ingest", server.url);
    let begun = Instant::now();
    let end = begun + READ;
    let other = rusqlite::Connection::open(folder.path().join("rhumb.db")).unwrap();
    other.execute_batch("BEGIN; SELECT count(*) FROM page_views").unwrap();
    let before = server.resident_bytes();

    let senders = (0..SENDERS).map(|sender| tokio::spawn(send(url.clone(), sender, end)));
    let senders = senders.collect::<Vec<_>>();
    tokio::time::sleep_until((begun + READ * 9 / 10).into()).await;
    assert!(
        log_bytes(folder.path()) > 64 << 20,
        "only {} bytes were written",
        log_bytes(folder.path())
    );
    assert!(blocked(&server).await > 15);
    assert!(text(&server, "health/ready").await.contains("ready"));
    let sent = join_all(senders).await.into_iter().map(Result::unwrap).collect::<Vec<_>>();
    assert!(server.resident_bytes() < before + GROWTH_BYTES_MAX);
    let slowest = sent.iter().map(|sent| sent.slowest).max().unwrap();
    assert!(slowest < ANSWER_MAX, "a beacon waited {slowest:?}");
    let said = fs::read_to_string(&log).unwrap();
    assert_eq!(said.matches("the write-ahead log cannot be emptied").count(), 1, "{said}");

    other.execute_batch("COMMIT").unwrap();
    let ended = Instant::now();
    while log_bytes(folder.path()) > 0 {
        assert!(ended.elapsed() < EMPTIED_MAX, "{} bytes of log", log_bytes(folder.path()));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(blocked(&server).await, 0);
    assert!(fs::read_to_string(&log).unwrap().contains("the write-ahead log is short again"));
    let summary = text(&server, "v1/sites/default/summary").await;
    let summary = serde_json::from_str::<Value>(&summary).unwrap();
    assert_eq!(summary["page_views"], sent.iter().map(|sent| sent.taken).sum::<u64>());
}
