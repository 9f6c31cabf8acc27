//! Reads keep the write-ahead log from being emptied: the known way in which servers on SQLite come to
//! a stand. One of another program lasts a minute, or reports overlap all the time.

use crate::support::{Binary, beacon};
use futures_util::future::join_all;
use ingest_server::store::sqlite::Database;
use jiff::Timestamp;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

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
        // Addresses in no order, so that each changes another page of their index.
        let place = sent.taken.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        beacon["url"] = json!(format!("https://shop.example/{place:016x}/{sender}"));
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

/// A database of page views that have no histograms, so that reports read them one by one.
fn fill(path: &Path) {
    drop(Database::open(path).unwrap());
    let now = Timestamp::now();
    let rows = format!(
        "INSERT INTO pages VALUES (1, 1, 'shop.example', '/', 'https://shop.example/', 40000);
         INSERT INTO circumstances VALUES
             (1, '', '', 'desktop', '', 'Chrome', 'Linux', '', 0, 1.0, 40000);
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
         INSERT INTO page_views
             (id, key, page_id, circumstances_id, started_at_ms, sequence, lcp_us)
             SELECT i, i, 1, 1, {}, 0, 100000 FROM n;
         INSERT INTO arrivals VALUES ({}, 1);
         UPDATE watermark SET page_view_id = 100000;",
        now.as_millisecond(),
        now.as_second() / 86400,
    );
    rusqlite::Connection::open(path).unwrap().execute_batch(&rows).unwrap();
}

/// Asks for reports that take a while, one after the other, for as long as it is not stopped.
async fn ask(url: String) {
    loop {
        assert_eq!(reqwest::get(&url).await.unwrap().status(), StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_that_overlap_all_the_time_do_not_keep_the_log_from_being_emptied() {
    let folder = tempfile::tempdir().unwrap();
    fill(&folder.path().join("rhumb.db"));
    let server = Binary::start(folder.path());
    let (url, end) = (format!("{}v1/ingest", server.url), Instant::now() + 2 * READ);
    let senders = (0..SENDERS).map(|sender| tokio::spawn(send(url.clone(), sender, end)));
    let senders = senders.collect::<Vec<_>>();
    let report = format!("{}v1/sites/default/summary?browser=Chrome&os=Linux", server.url);
    let reports = (0..4).map(|_| tokio::spawn(ask(report.clone()))).collect::<Vec<_>>();
    for is_blocked in [true, false] {
        while (blocked(&server).await > 0) != is_blocked {
            assert!(Instant::now() < end, "blocked for {} seconds", blocked(&server).await);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    for task in reports {
        assert!(!task.is_finished(), "a report was refused");
        task.abort();
    }
    for task in senders {
        assert!(!task.is_finished(), "a beacon was refused");
        task.abort();
    }
}
