//! Disks that are slow, do not keep what they are given, or take no more. The server is the program
//! itself; strace changes what the kernel answers it.

use crate::support::{Binary, Fault, beacon};
use futures_util::future::join_all;
use reqwest::{Client, StatusCode, header};
use serde_json::{Value, json};
use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// What SQLite flushes with.
const FLUSHES: &str = "fsync,fdatasync";
/// Beacons in one body: as many as may be.
const BEACONS: u128 = 100;

/// A server, its folder, and what it logs.
struct Server {
    binary: Binary,
    folder: TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let binary = Binary::start_logging(folder.path(), &folder.path().join("log"));
        Self { binary, folder }
    }

    fn restart(self) -> Self {
        let Self { binary, folder } = self;
        // Killed.
        drop(binary);
        let binary = Binary::start_logging(folder.path(), &folder.path().join("log"));
        Self { binary, folder }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    fn files(&self, names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(|name| self.folder.path().join(name)).collect()
    }

    async fn is_ready(&self) -> bool {
        let url = format!("{}health/ready", self.binary.url);
        reqwest::get(url).await.unwrap().status() == StatusCode::OK
    }

    async fn page_views(&self) -> u128 {
        let url = format!("{}v1/sites/default/summary", self.binary.url);
        let summary: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        summary["page_views"].as_u64().unwrap().into()
    }

    /// Posts as many beacons as a body may have, the same for the same number; what is answered, and
    /// after how long.
    async fn post(&self, number: u128) -> (StatusCode, Duration) {
        let of = |index| {
            let id = number << 64 | index;
            let mut beacon = beacon(id, 100.0);
            beacon["url"] = json!(format!("https://shop.example/{id}"));
            beacon
        };
        let body = (0..BEACONS).map(of).collect::<Value>().to_string();
        let posted = Instant::now();
        let url = format!("{}v1/ingest", self.binary.url);
        let answer = Client::new().post(url).body(body).send().await.unwrap();
        if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
            assert!(answer.headers().contains_key(header::RETRY_AFTER));
        }
        (answer.status(), posted.elapsed())
    }

    async fn takes(&self, number: u128) -> bool {
        self.post(number).await.0 == StatusCode::NO_CONTENT
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_disk_has_beacons_wait_or_sheds_them_at_once_and_is_quick_again_in_strace() {
    const FLUSH: Duration = Duration::from_secs(8);
    const REFUSED_MAX: Duration = Duration::from_secs(5);
    const GROWTH_BYTES_MAX: u64 = 100 << 20;
    let server = Server::start();
    assert!(server.takes(0).await);
    let before = server.binary.resident_bytes();
    let slow = format!("delay_enter={}", FLUSH.as_micros());
    let Some(fault) = Fault::inject(&server.binary, FLUSHES, &slow, &[]) else { return };
    let (first, took) = server.post(1).await;
    assert_eq!(first, StatusCode::NO_CONTENT);
    assert!(took >= FLUSH, "the answer did not wait for the disk");

    // More than may wait.
    let posts = (2..302).map(|number| server.post(number));
    let (answers, ()) = tokio::join!(join_all(posts), async {
        tokio::time::sleep(FLUSH).await;
        assert!(server.binary.resident_bytes() < before + GROWTH_BYTES_MAX);
        fault.mend();
    });
    let (taken, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|(status, _)| *status == StatusCode::NO_CONTENT);
    assert!(!taken.is_empty() && !refused.is_empty(), "{} taken", taken.len());
    for (status, took) in refused {
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(took < REFUSED_MAX, "refused after {took:?}");
    }
    let (status, took) = server.post(302).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert!(took < FLUSH / 2, "still slow: {took:?}");
    assert_eq!(server.page_views().await, BEACONS * (3 + taken.len() as u128));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_writer_is_stuck_is_not_ready_until_it_goes_on_in_strace() {
    const PATIENCE: Duration = Duration::from_secs(30);
    let server = Server::start();
    assert!(server.takes(0).await);
    let slow = format!("delay_enter={}", (2 * PATIENCE).as_micros());
    let Some(fault) = Fault::inject(&server.binary, FLUSHES, &slow, &[]) else { return };
    let (taken, ()) = tokio::join!(server.takes(1), async {
        let posted = Instant::now();
        while server.is_ready().await {
            assert!(posted.elapsed() < PATIENCE, "it is ready all the time");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(posted.elapsed() > Duration::from_secs(8), "a slow disk is not stuck");
        let url = format!("{}health/detailed", server.binary.url);
        let health = reqwest::get(url).await.unwrap();
        assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
        let health: Value = health.json().await.unwrap();
        assert_eq!(health["status"], "unhealthy");
        assert_eq!(health["checks"]["writer"]["status"], "unhealthy");
        assert!(health["checks"]["writer"]["waiting"].as_u64() > Some(0), "{health}");
        assert_eq!(health["checks"]["database"]["status"], "healthy", "it can be read");
        fault.mend();
    });
    assert!(taken);
    assert!(server.is_ready().await);
}

/// After a flush that failed nothing is taken before a restart, though the disk is well again, and
/// what was answered is there then.
async fn is_given_up_and_started_again(server: Server, fault: Fault, taken: u128) {
    fault.mend();
    assert!(!server.takes(0).await);
    assert!(!server.is_ready().await);
    let log = server.log();
    assert!(log.contains("the disk failed to keep what was written"), "{log}");
    assert!(log.contains("the writer has ended"), "{log}");
    let server = server.restart();
    assert!(server.is_ready().await);
    // What a failed flush left in the log may be in memory only: nothing is appended to that.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(fs::metadata(&server.files(&["rhumb.db-wal"])[0]).unwrap().len(), 0);
    // The last of them was refused, and may be there; if not, it is now.
    assert!(server.takes(taken).await);
    assert_eq!(server.page_views().await, BEACONS * (taken + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_flush_that_failed_nothing_is_taken_before_a_restart_in_strace() {
    let server = Server::start();
    for number in 0..3 {
        assert!(server.takes(number).await);
    }
    let Some(fault) = Fault::inject(&server.binary, FLUSHES, "error=EIO", &[]) else { return };
    assert!(!server.takes(3).await);
    is_given_up_and_started_again(server, fault, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flush_of_the_databases_file_that_failed_is_not_passed_over_in_strace() {
    let server = Server::start();
    // The log is moved also while the writer begins.
    assert!(server.takes(0).await);
    let file = server.files(&["rhumb.db"]);
    let Some(fault) = Fault::inject(&server.binary, FLUSHES, "error=EIO", &file) else { return };
    let mut taken = 1;
    while server.takes(taken).await {
        taken += 1;
        assert!(taken < 1000, "the log is never moved into the file");
    }
    assert!(taken > 10, "the log is moved all the time");
    is_given_up_and_started_again(server, fault, taken).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_become_read_only_are_written_again_when_they_can_be_in_strace() {
    const WRITES: &str = "pwrite64,ftruncate,openat";
    let server = Server::start();
    assert!(server.takes(0).await);
    let files = server.files(&["rhumb.db", "rhumb.db-wal"]);
    let Some(fault) = Fault::inject(&server.binary, WRITES, "error=EROFS", &files) else { return };
    for number in 1..4 {
        assert!(!server.takes(number).await);
    }
    let log = server.log();
    assert!(log.contains("cannot write"), "{log}");
    assert!(log.contains("cannot open the database anew"), "{log}");
    fault.mend();
    assert!(server.takes(1).await);
    assert_eq!(server.page_views().await, 2 * BEACONS);
    assert!(server.log().contains("can write again"));
}
