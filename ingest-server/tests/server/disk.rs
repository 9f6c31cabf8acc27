//! Disks that are full, become read-only, or return other bytes than were written.

use crate::support::{Binary, beacon};
use reqwest::{StatusCode, header};
use serde_json::Value;
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tempfile::TempDir;

/// Less than the write-ahead log becomes before it is moved into the file …
const SMALL: &str = "size=6m";
/// … and more.
const LARGER: &str = "size=48m";

/// A small disk in memory.
struct Disk {
    folder: TempDir,
    size: &'static str,
}

impl Disk {
    /// Only root may mount; nothing, where that is not allowed.
    fn mount(size: &'static str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", size, "tmpfs"], folder.path());
        if !mounted {
            println!("skipped: mounting a small disk takes root");
        }
        mounted.then_some(Self { folder, size })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn remount(&self, mode: &str) {
        assert!(mount(&["-o", &format!("remount,{mode},{}", self.size)], self.path()));
    }

    /// Leaves no room; the file whose removal makes room again.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("ballast");
        let mut ballast = fs::File::create(&path).unwrap();
        while ballast.write_all(&[0; 4096]).is_ok() {}
        path
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    Command::new("mount").args(arguments).arg(folder).status().is_ok_and(|status| status.success())
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
    }
}

/// Posts page views until one is refused; how many were taken, and the refusal.
async fn post_until_refused(url: &str, from: u128) -> (u128, reqwest::Response) {
    let client = reqwest::Client::new();
    for id in from.. {
        let body = beacon(id, 100.0).to_string();
        let answer = client.post(url).body(body).send().await.unwrap();
        if answer.status() != StatusCode::NO_CONTENT {
            return (id - from, answer);
        }
    }
    unreachable!("a disk is never so large")
}

async fn is_taken(url: &str, id: u128) -> bool {
    let body = beacon(id, 100.0).to_string();
    let answer = reqwest::Client::new().post(url).body(body).send().await.unwrap();
    answer.status() == StatusCode::NO_CONTENT
}

async fn page_views(server: &Binary) -> u128 {
    let url = format!("{}v1/sites/default/summary", server.url);
    let summary: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    summary["page_views"].as_u64().unwrap().into()
}

fn assert_is_told_to_come_back(refused: &reqwest::Response) {
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
}

/// What a server says that does not start.
fn refusal_to_start(folder: &Path) -> String {
    let started = Command::new("timeout")
        .args(["20", env!("CARGO_BIN_EXE_rhumb"), "serve", "--listen", "127.0.0.1:0", "--database"])
        .arg(folder.join("rhumb.db"))
        .output()
        .unwrap();
    assert_eq!(started.status.code(), Some(1), "{started:?}");
    String::from_utf8(started.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_answers_503_and_the_server_goes_on_when_there_is_room() {
    let Some(disk) = Disk::mount(SMALL) else { return };
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = Binary::start_logging(disk.path(), log.path());
    let url = format!("{}v1/ingest", server.url);
    assert!(is_taken(&url, 1).await);
    let ballast = disk.fill();
    let (taken, refused) = post_until_refused(&url, 2).await;
    assert_is_told_to_come_back(&refused);
    let log = fs::read_to_string(log.path()).unwrap();
    assert!(log.contains("cannot write") && log.contains("full"), "{log}");

    fs::remove_file(ballast).unwrap();
    assert!(is_taken(&url, 0).await);
    assert_eq!(page_views(&server).await, 1 + taken + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_when_the_log_is_moved_into_the_file_loses_nothing() {
    let Some(disk) = Disk::mount(LARGER) else { return };
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = Binary::start_logging(disk.path(), log.path());
    let url = format!("{}v1/ingest", server.url);
    // Until the log has been moved once: what it takes of the disk is used again.
    let mut taken = 0;
    while fs::metadata(disk.path().join("rhumb.db")).unwrap().len() < 256 << 10 {
        assert!(is_taken(&url, taken).await);
        taken += 1;
    }
    let ballast = disk.fill();
    let (more, refused) = post_until_refused(&url, taken).await;
    assert_is_told_to_come_back(&refused);
    let said = fs::read_to_string(log.path()).unwrap();
    let moving = said.lines().position(|line| line.contains("cannot move the write-ahead log"));
    let writing = said.lines().position(|line| line.contains("cannot write"));
    assert!(moving.unwrap() < writing.unwrap(), "{said}");

    fs::remove_file(ballast).unwrap();
    assert!(is_taken(&url, taken + more).await);
    assert_eq!(page_views(&server).await, taken + more + 1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let said = fs::read_to_string(log.path()).unwrap();
    assert!(said.contains("can move the write-ahead log into the database's file again"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_does_not_start_on_a_disk_that_it_cannot_write() {
    let Some(disk) = Disk::mount(SMALL) else { return };
    let mut server = Binary::start(disk.path());
    let url = format!("{}v1/ingest", server.url);
    assert!(is_taken(&url, 1).await);
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    disk.remount("ro");
    let said = refusal_to_start(disk.path());
    assert!(said.contains("rhumb.db: it cannot be written"), "{said}");
    disk.remount("rw");
    let server = Binary::start(disk.path());
    assert_eq!(page_views(&server).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_that_holds_the_database_is_waited_for_and_nothing_answered_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let url = format!("{}v1/ingest", server.url);
    let other = rusqlite::Connection::open(folder.path().join("rhumb.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (first, ()) = tokio::join!(is_taken(&url, 1), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        other.execute_batch("ROLLBACK").unwrap();
    });
    assert!(first);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (taken, refused) = post_until_refused(&url, 2).await;
    assert_eq!(taken, 0);
    assert_is_told_to_come_back(&refused);
    other.execute_batch("ROLLBACK").unwrap();
    assert!(is_taken(&url, 2).await);
    assert_eq!(page_views(&server).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_opened_anew_is_tried_again_without_another_beacon() {
    let folder = tempfile::tempdir().unwrap();
    let (data, away) = (folder.path().join("data"), folder.path().join("away"));
    fs::create_dir(&data).unwrap();
    let log = folder.path().join("log");
    let server = Binary::start_logging(&data, &log);
    let url = format!("{}v1/ingest", server.url);
    assert!(is_taken(&url, 1).await);
    let other = rusqlite::Connection::open(data.join("rhumb.db")).unwrap();
    other.execute_batch("ALTER TABLE page_views RENAME TO hidden").unwrap();
    fs::rename(&data, &away).unwrap();
    for id in 2..10 {
        assert!(!is_taken(&url, id).await);
    }
    let said = fs::read_to_string(&log).unwrap();
    assert_eq!(said.matches("cannot write").count(), 1, "{said}");
    assert_eq!(said.matches("cannot open the database anew").count(), 1, "{said}");

    fs::rename(&away, &data).unwrap();
    other.execute_batch("ALTER TABLE hidden RENAME TO page_views").unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let said = fs::read_to_string(&log).unwrap();
    assert!(said.contains("can open the database anew again"), "{said}");
    assert!(is_taken(&url, 2).await);
    assert_eq!(page_views(&server).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_file_that_is_not_what_was_written_is_said_and_takes_nothing_else_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    let server = Binary::start(folder.path());
    assert!(is_taken(&format!("{}v1/ingest", server.url), 1).await);
    drop(server);
    let log = rusqlite::Connection::open(&path).unwrap();
    log.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'page_views'";
    let page: u64 = log.query_row(root, [], |row| row.get(0).map(i64::cast_unsigned)).unwrap();
    drop(log);
    let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start((page - 1) * 4096)).unwrap();
    file.write_all(&[0xAA; 4096]).unwrap();
    drop(file);

    let said = refusal_to_start(folder.path());
    assert!(said.contains("malformed"), "{said}");
}
