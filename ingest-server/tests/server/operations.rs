//! What operators do with a database while a server writes it.

use crate::support::{Binary, beacon};
use reqwest::StatusCode;
use std::{
    path::Path,
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

fn rhumb(folder: &Path, arguments: &[&str]) -> Output {
    let rhumb = Command::new(env!("CARGO_BIN_EXE_rhumb"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    println!("{}", String::from_utf8_lossy(&rhumb.stdout));
    println!("{}", String::from_utf8_lossy(&rhumb.stderr));
    rhumb
}

/// Posts page views for as long as it is not stopped; how many were taken so far.
fn load(url: String) -> (Arc<AtomicU64>, tokio::task::JoinHandle<()>) {
    let taken = Arc::new(AtomicU64::new(0));
    let counter = taken.clone();
    let sender = tokio::spawn(async move {
        let client = reqwest::Client::new();
        for id in 0.. {
            let answer = client.post(&url).body(beacon(id, 100.0).to_string()).send().await;
            assert_eq!(answer.unwrap().status(), StatusCode::NO_CONTENT);
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    (taken, sender)
}

fn page_views(file: &Path) -> u64 {
    let copy = rusqlite::Connection::open(file).unwrap();
    let count = "SELECT count(*) FROM page_views";
    copy.query_row(count, [], |row| row.get(0).map(i64::cast_unsigned)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_beacons_come_has_all_that_were_answered_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let (taken, sender) = load(format!("{}v1/ingest", server.url));
    for round in 0..3 {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let before = taken.load(Ordering::SeqCst);
        let name = format!("copy-{round}.db");
        let made = rhumb(folder.path(), &["backup", &name]);
        assert!(made.status.success(), "{made:?}");
        let after = taken.load(Ordering::SeqCst) + 1;
        let copied = page_views(&folder.path().join(&name));
        assert!((before..=after).contains(&copied), "{copied} of {before} to {after}");
        assert!(rhumb(folder.path(), &["doctor", "--database", &name]).status.success());
    }
    assert!(
        !rhumb(folder.path(), &["backup", "copy-0.db"]).status.success(),
        "it is there already"
    );
    sender.abort();
}

#[test]
fn the_doctor_says_what_is_in_a_database_and_that_reports_search_it() {
    let folder = tempfile::tempdir().unwrap();
    drop(Binary::start(folder.path()));
    let doctor = rhumb(folder.path(), &["doctor"]);
    assert!(doctor.status.success());
    let said = String::from_utf8(doctor.stdout).unwrap();
    for line in ["all is well", "SEARCH page_views USING INTEGER PRIMARY KEY (rowid>?)"] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    assert!(!rhumb(folder.path(), &["doctor", "--database", "typo.db"]).status.success());
}

#[test]
fn the_doctor_finds_page_views_whose_page_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    drop(Binary::start(folder.path()));
    let database = rusqlite::Connection::open(folder.path().join("rhumb.db")).unwrap();
    let orphan =
        "INSERT INTO page_views (id, key, page_id, circumstances_id, started_at_ms, sequence)
                  VALUES (1, 1, 7, 7, 0, 0)";
    database.execute_batch(orphan).unwrap();
    let doctor = rhumb(folder.path(), &["doctor"]);
    assert!(!doctor.status.success());
    let said = String::from_utf8(doctor.stdout).unwrap();
    assert!(said.contains("fault: 1 page views of a page that is not there"), "{said}");
}
