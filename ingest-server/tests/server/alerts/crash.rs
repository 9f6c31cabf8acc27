//! Alerts of the program itself, which is killed and started again.

use super::{folder, rule};
use crate::support::{Binary, Receiver, beacon};
use axum::http::StatusCode;
use serde_json::Value;
use std::{
    fs,
    time::{Duration, Instant},
};

/// How long something that happens every second may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until it is so.
async fn eventually(what: &str, is_so: impl AsyncFn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < end, "{what}, in vain");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_was_not_taken_is_sent_after_a_crash_and_no_secret_is_told_anybody() {
    let folder = folder();
    let away = Receiver::start().await;
    let (address, url) = (away.address, away.url());
    drop(away);
    let settings = "alert_interval_seconds = 1\npublic_url = 'https://rum.example/'\n";
    fs::write(folder.path().join("rhumb.toml"), settings.to_owned() + &rule(&url)).unwrap();
    let logs = ["before.log", "after.log"].map(|name| folder.path().join(name));

    let mut server = Binary::start_logging(folder.path(), &logs[0]);
    let beacons = (0..20).map(|number| beacon(number, 2000.0)).collect::<Value>().to_string();
    let posted = reqwest::Client::new().post(format!("{}v1/ingest", server.url)).body(beacons);
    assert_eq!(posted.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let alerts = format!("{}v1/sites/default/alerts", server.url);
    eventually("the webhook is tried", async || {
        let answer: Value = reqwest::get(&alerts).await.unwrap().json().await.unwrap();
        answer["alerts"][0]["events"][0]["attempts"].as_u64() > Some(0)
    })
    .await;
    server.child.kill().unwrap();
    server.child.wait().unwrap();

    let receiver = Receiver::at(address).await;
    let server = Binary::start_logging(folder.path(), &logs[1]);
    eventually("the webhook is told", async || !receiver.received().is_empty()).await;
    let notice = receiver.received()[0].json();
    assert_eq!(notice["type"], "alert.fired");
    assert_eq!(notice["data"]["url"], "https://rum.example/alerts?site=default");
    let alerts = format!("{}v1/sites/default/alerts", server.url);
    eventually("it is delivered", async || {
        let answer: Value = reqwest::get(&alerts).await.unwrap().json().await.unwrap();
        answer["alerts"][0]["events"][0]["delivery"] == "delivered"
    })
    .await;
    assert_eq!(receiver.types(), ["alert.fired"]);

    let mut told = Vec::new();
    for path in ["v1/sites/default/alerts", "alerts", "server", "metrics", "v1/sites"] {
        let page = reqwest::get(format!("{}{path}", server.url)).await.unwrap();
        told.push((path.to_owned(), page.bytes().await.unwrap().to_vec()));
    }
    for file in fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()) {
        if !file.ends_with("rhumb.toml") {
            told.push((file.display().to_string(), fs::read(&file).unwrap()));
        }
    }
    for (what, bytes) in told {
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["MfKQ9r8G", "T0K3N"] {
            assert!(!text.contains(secret), "{what} has the secret {secret}");
        }
    }
    let log = fs::read_to_string(&logs[0]).unwrap();
    assert!(log.contains("the webhook was not told yet") && log.contains("refused"), "{log}");
}
