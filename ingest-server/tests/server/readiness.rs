//! What a server says of itself before it is there, and when it is about to go.

use crate::support::{Binary, beacon};
use reqwest::{Client, StatusCode};
use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_secs(20);

/// Killed when dropped.
struct Starting(Child);

impl Drop for Starting {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

static CLIENT: LazyLock<Client> = LazyLock::new(Client::new);

async fn status(url: &str) -> Option<StatusCode> {
    let answer = CLIENT.get(url).timeout(Duration::from_secs(2)).send().await;
    answer.ok().map(|it| it.status())
}

/// Waits until it is answered so.
async fn answers(url: &str, expected: StatusCode) {
    let began = Instant::now();
    while status(url).await != Some(expected) {
        assert!(began.elapsed() < PATIENCE, "{url} does not answer {expected}");
        sleep(Duration::from_millis(20)).await;
    }
}

async fn post(url: String) -> StatusCode {
    let body = beacon(1, 100.0).to_string();
    CLIENT.post(url + "v1/ingest").body(body).send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_migrated_probes_are_answered_and_beacons_wait() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    // Nothing can be migrated while another program writes.
    other.execute_batch("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE").unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut rhumb = Command::new(env!("CARGO_BIN_EXE_rhumb"));
    rhumb.args(["serve", "--listen", &address.to_string(), "--database"]).arg(&path);
    let _rhumb = Starting(rhumb.stdout(Stdio::null()).spawn().unwrap());
    let url = format!("http://{address}/");

    answers(&format!("{url}health/live"), StatusCode::OK).await;
    answers(&format!("{url}health/ready"), StatusCode::SERVICE_UNAVAILABLE).await;
    let posted = tokio::spawn(post(url.clone()));
    sleep(Duration::from_millis(100)).await;
    assert!(!posted.is_finished(), "a beacon was answered");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(posted.await.unwrap(), StatusCode::NO_CONTENT);
    answers(&format!("{url}health/ready"), StatusCode::OK).await;
    assert_eq!(status(&format!("{url}v1/sites/default/summary")).await, Some(StatusCode::OK));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_about_to_go_says_so_and_takes_beacons_until_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut rhumb = Binary::start_in(folder.path(), &[("RHUMB_DRAIN_SECONDS", "8")]);
    let ready = format!("{}health/ready", rhumb.url);
    answers(&ready, StatusCode::OK).await;
    let began = Instant::now();
    let kill = Command::new("kill").args(["-TERM", &rhumb.child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    answers(&ready, StatusCode::SERVICE_UNAVAILABLE).await;
    assert_eq!(post(rhumb.url.clone()).await, StatusCode::NO_CONTENT);
    assert!(rhumb.child.wait().unwrap().success());
    assert!(began.elapsed() >= Duration::from_secs(8), "{:?}", began.elapsed());
}
