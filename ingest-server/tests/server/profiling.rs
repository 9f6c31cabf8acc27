//! `GET /debug/pprof/…`: where the server's own time and memory go.

use crate::support::{Binary, Pprof, Rhumb, beacon, read_json};
use reqwest::{Client, Response, StatusCode, header};
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// What the names of functions of ours begin with.
const OURS: &str = "ingest_server::";

async fn ask(server: &Binary, path: &str) -> Response {
    Client::new().get(format!("{}{path}", server.url)).send().await.unwrap()
}

async fn json(server: &Binary, path: &str) -> Value {
    let response = ask(server, path).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    response.json().await.unwrap()
}

/// Posts page views until it is dropped; each has to be taken.
struct Load(Vec<JoinHandle<()>>);

impl Load {
    fn on(server: &Binary) -> Self {
        let url = format!("{}v1/ingest", server.url);
        let sender = |number: u128| {
            let url = url.clone();
            tokio::spawn(async move {
                let client = Client::new();
                for id in 0_u128.. {
                    let body = beacon(number << 64 | id, 100.0).to_string();
                    let answer = client.post(&url).body(body).send().await.unwrap();
                    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
                }
            })
        };
        Self((1..=4).map(sender).collect())
    }

    fn stop(self) {
        for sender in &self.0 {
            assert!(!sender.is_finished(), "a beacon was not taken");
            sender.abort();
        }
    }
}

/// Asks until a busy server was seen at work.
async fn eventually<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "it did not come about");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_is_told_by_function_while_beacons_come_and_none_of_them_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let load = Load::on(&server);
    eventually(async || {
        let response = ask(&server, "debug/pprof/profile?seconds=1").await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/octet-stream");
        let profile = Pprof::read(&response.bytes().await.unwrap());
        assert_eq!(profile.kind(), ("cpu", "nanoseconds"));
        (profile.total(OURS) > 0 && profile.total("tokio::") > 0).then_some(())
    })
    .await;
    let top = eventually(async || {
        let top = json(&server, "debug/pprof/profile?seconds=1&format=top").await;
        assert_eq!(top["seconds"], 1);
        top["of_rhumb"][0].is_object().then_some(top)
    });
    let top = top.await;
    for list in ["functions", "of_rhumb"] {
        let rows = top[list].as_array().unwrap();
        assert!((1..=10).contains(&rows.len()), "{top}");
        assert!(rows.is_sorted_by_key(|row| -row["value"].as_f64().unwrap()), "{top}");
        assert!(rows.iter().all(|row| row["percent"].as_f64().unwrap() <= 100.0), "{top}");
    }
    let own = top["of_rhumb"][0]["function"].as_str().unwrap();
    assert!(own.trim_start_matches('<').starts_with(OURS), "{top}");
    eventually(async || {
        let picture = ask(&server, "debug/pprof/profile?seconds=1&format=flamegraph").await;
        assert_eq!(picture.headers()[header::CONTENT_TYPE], "image/svg+xml");
        picture.text().await.unwrap().contains(OURS).then_some(())
    })
    .await;
    load.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_told_by_place_and_what_has_grown_since() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let too_early = ask(&server, "debug/pprof/heap?since=previous&format=top").await;
    assert_eq!(too_early.status(), StatusCode::CONFLICT);
    let problem: Value = too_early.json().await.unwrap();
    assert_eq!(problem["type"], "urn:rhumb:problem:no_previous");
    assert_eq!(problem["field"], "since");
    let load = Load::on(&server);
    let top = eventually(async || {
        let top = json(&server, "debug/pprof/heap?format=top").await;
        top["sites"][0].is_object().then_some(top)
    });
    let top = top.await;
    assert!(top["after_bytes"].as_f64().unwrap() > 0.0, "{top}");
    assert!(!top.to_string().contains("jemalloc"), "{top}");
    // What was sampled may have been given back a moment later.
    eventually(async || {
        let profile = ask(&server, "debug/pprof/heap").await;
        let profile = Pprof::read(&profile.bytes().await.unwrap());
        assert_eq!(profile.kind(), ("inuse_space", "bytes"));
        for plumbing in ["_rjem", "prof_", "alloc::"] {
            assert_eq!(
                profile.own(plumbing),
                0,
                "{plumbing} is counted instead of who asks for it"
            );
        }
        (profile.total("") > 0).then_some(())
    })
    .await;
    eventually(async || {
        let picture = ask(&server, "debug/pprof/heap?format=flamegraph").await;
        picture.text().await.unwrap().contains("<svg").then_some(())
    })
    .await;
    let grown = eventually(async || {
        let grown = json(&server, "debug/pprof/heap?since=previous&format=top").await;
        (grown["before_bytes"].as_f64().unwrap() > 0.0).then_some(grown)
    });
    let grown = grown.await;
    let sites = grown["sites"].as_array().unwrap();
    assert!(sites.iter().all(|site| site["value"].as_f64().unwrap() > 0.0), "{grown}");
    load.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_sampled_from_the_start_only_if_that_is_asked_for() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let eager = Binary::start_in(folders[0].path(), &[("RHUMB_HEAP_PROFILING", "true")]);
    let lazy = Binary::start(folders[1].path());
    let started = Instant::now();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let before = started.elapsed();
    let sampled = async |server| {
        let top = json(server, "debug/pprof/heap?format=top").await;
        Duration::from_secs_f64(top["sampled_seconds"].as_f64().unwrap())
    };
    assert!(sampled(&eager).await >= before);
    let asked = Instant::now();
    assert!(sampled(&lazy).await <= asked.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_profile_at_the_same_time_is_told_to_wait() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let path = "debug/pprof/profile?seconds=2&format=top";
    let (one, other) = tokio::join!(ask(&server, path), ask(&server, path));
    let (first, second) = if one.status() == StatusCode::OK { (one, other) } else { (other, one) };
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(second.status(), StatusCode::CONFLICT);
    let problem: Value = second.json().await.unwrap();
    assert_eq!(problem["type"], "urn:rhumb:problem:busy");
    assert!(problem["detail"].as_str().unwrap().contains("ask again"), "{problem}");
    // The turn is over.
    json(&server, "debug/pprof/profile?seconds=1&format=top").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_nobody_waits_for_ends() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let asked = ask(&server, "debug/pprof/profile?seconds=60&format=top");
    let left = tokio::time::timeout(Duration::from_millis(500), asked).await;
    assert!(left.is_err());
    let begun = Instant::now();
    eventually(async || {
        let next = ask(&server, "debug/pprof/profile?seconds=1&format=top").await;
        (next.status() == StatusCode::OK).then_some(())
    })
    .await;
    assert!(begun.elapsed() < Duration::from_secs(55));
}

#[tokio::test]
async fn what_cannot_be_asked_names_the_parameter_and_what_is_taken() {
    let rhumb = Rhumb::start();
    for (path, field, says) in [
        ("profile?seconds=61", "seconds", "1 to 60"),
        ("profile?seconds=0", "seconds", "1 to 60"),
        ("profile?format=svg", "format", "pprof, flamegraph, top"),
        ("profile?second=1", "second", "seconds and format"),
        ("heap?since=yesterday", "since", "previous"),
        ("heap?seconds=1", "seconds", "since and format"),
    ] {
        let response = rhumb.get(&format!("/debug/pprof/{path}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        let problem = read_json(response).await;
        assert_eq!(problem["field"], field, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
    }
}

#[tokio::test]
async fn profiles_are_for_those_who_may_read_the_reports() {
    let rhumb = Rhumb::with_token(Some("0123456789abcdef"));
    for path in ["profile", "heap"] {
        let response = rhumb.get(&format!("/debug/pprof/{path}")).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_that_is_in_use_is_among_the_metrics() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let text = ask(&server, "metrics").await.text().await.unwrap();
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().parse::<u64>().unwrap()
    };
    let [allocated, resident] =
        ["rhumb_memory_allocated_bytes ", "rhumb_memory_resident_bytes "].map(of);
    assert!(allocated > 100_000 && allocated <= resident, "{allocated} of {resident}");
    assert!(resident <= server.resident_bytes() * 2, "{resident}");
}
