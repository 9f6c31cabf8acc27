//! `rhumb load`: what it says it did is what the server says came.

use crate::support::{Binary, Ran, Receiver, rhumb};
use reqwest::Client;
use serde_json::Value;
use tempfile::TempDir;

struct Loaded {
    folder: TempDir,
    server: Binary,
}

impl Loaded {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Binary::start(folder.path());
        Self { folder, server }
    }

    fn load(&self, arguments: &[&str]) -> Ran {
        load(&self.folder, &self.server.url, arguments)
    }

    async fn page_views(&self) -> u64 {
        let url = format!("{}v1/sites/default/summary", self.server.url);
        let summary: Value = Client::new().get(url).send().await.unwrap().json().await.unwrap();
        summary["page_views"].as_u64().unwrap()
    }
}

fn load(folder: &TempDir, url: &str, arguments: &[&str]) -> Ran {
    rhumb(folder.path(), &[&["load", "--format", "json", "--url", url], arguments].concat())
}

/// How many were sent; each has become of one thing.
fn sent(counts: &Value) -> u64 {
    let of = |name: &str| counts[name].as_u64().unwrap();
    let sent = of("sent");
    assert_eq!(sent, of("acknowledged") + of("refused") + of("failed"), "{counts}");
    sent
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_view_is_counted_once_by_both_ends_and_so_is_each_question() {
    let loaded = Loaded::start();
    let arguments = ["--seconds", "1", "--senders", "8", "--queries", "30", "--seed", "7"];
    let ran = loaded.load(&arguments);
    assert_eq!((ran.code, &*ran.err), (0, ""), "nothing is drawn where there is no terminal");
    let report = ran.json();
    assert!(sent(&report) > 0 && sent(&report["questions"]) > 0, "{report}");
    assert_eq!(report["acknowledged"], loaded.page_views().await, "{report}");
    assert_eq!(report["questions"]["acknowledged"], report["questions"]["sent"], "{report}");
    for (name, value) in [("seconds", 1), ("senders", 8), ("queries_percent", 30), ("seed", 7)] {
        assert_eq!(report[name], value, "{report}");
    }
    assert!(report["took_seconds"].as_f64().unwrap() >= 1.0, "{report}");
    assert!(report["latency_ms"]["p99"].as_f64().unwrap() > 0.0, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_that_grows_sends_half_as_many() {
    let loaded = Loaded::start();
    let arguments = ["--seconds", "1", "--senders", "4", "--rate", "100"];
    assert_eq!(sent(&loaded.load(&arguments).json()), 100);
    let growing = [&arguments[..], &["--ramp", "1"]].concat();
    assert_eq!(sent(&loaded.load(&growing).json()), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn page_views_one_after_the_other_are_compared_with_as_many_at_once() {
    let loaded = Loaded::start();
    let report = loaded.load(&["--speed-up", "40", "--senders", "8"]).json();
    assert_eq!((sent(&report), loaded.page_views().await), (80, 80));
    let of = |name: &str| report[name].as_f64().unwrap();
    let factor = of("sequential_seconds") / of("concurrent_seconds");
    assert!((of("speed_up") - factor).abs() < 1e-9 && factor > 0.0, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_does_not_take_is_counted_as_refused_or_failed() {
    let folder = tempfile::tempdir().unwrap();
    // It takes what is posted to another address, and nothing else.
    let other = Receiver::start().await;
    let ran =
        load(&folder, &format!("http://{}/", other.address), &["--seconds", "1", "--rate", "20"]);
    assert_ne!(ran.code, 0);
    let report = ran.json();
    assert_eq!((sent(&report), &report["failed"]), (20, &20.into()), "{report}");
    let loaded = Loaded::start();
    let unknown = loaded.load(&["--seconds", "1", "--rate", "20", "--site", "nowhere"]).json();
    assert_eq!((sent(&unknown), &unknown["failed"]), (20, &20.into()), "{unknown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_during_the_test_is_counted_too() {
    let mut loaded = Loaded::start();
    let (folder, url) = (tempfile::tempdir().unwrap(), loaded.server.url.clone());
    let arguments = ["--seconds", "3", "--senders", "2", "--rate", "20"];
    let load = tokio::task::spawn_blocking(move || load(&folder, &url, &arguments));
    while loaded.page_views().await == 0 {}
    loaded.server.child.kill().unwrap();
    let ran = load.await.unwrap();
    assert_ne!(ran.code, 0);
    let report = ran.json();
    assert_eq!(sent(&report), 60, "{report}");
    assert!(report["failed"].as_u64().unwrap() > 0, "{report}");
}

#[test]
fn a_ramp_ends_before_the_test_does() {
    let folder = tempfile::tempdir().unwrap();
    let ran = load(&folder, "http://127.0.0.1:9/", &["--seconds", "1", "--ramp", "2"]);
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("--ramp 2") && ran.err.contains("--seconds"), "{}", ran.err);
}
