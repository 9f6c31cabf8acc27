//! `GET /debug/runtime`: how busy the worker threads are.

use crate::support::{Rhumb, beacon, read, read_json};
use axum::http::StatusCode;
use serde_json::{Value, json};

fn of<'a>(state: &'a Value, caller: &str) -> &'a Value {
    let callers = state["requests"].as_array().unwrap();
    callers.iter().find(|it| it["caller"] == caller).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn what_requests_did_meanwhile_is_told_by_who_calls() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(0, 100.0)).await;
    let ask = rhumb.json("/debug/runtime");
    tokio::pin!(ask);
    let mut posted = 0;
    let state = loop {
        tokio::select! {
            biased;
            state = &mut ask => break state,
            () = async { rhumb.accepts(&beacon(posted + 1, 100.0)).await } => posted += 1,
        }
    };
    assert_eq!(state["workers"], 3);
    assert!(state["seconds"].as_f64().unwrap() >= 1.0, "{state}");
    for ratio in ["busy_ratio", "busiest_worker_ratio"] {
        assert!((0.0..=1.0).contains(&state[ratio].as_f64().unwrap()), "{state}");
    }
    let [browsers, people] = ["browsers", "people"].map(|caller| of(&state, caller));
    let requests = browsers["requests"].as_u64().unwrap();
    // One may have been under way, and the one before anybody asked is not among them.
    assert!(requests >= 1 && u128::from(requests) <= posted + 1, "{posted} {state}");
    assert!(browsers["polls"].as_u64().unwrap() >= requests - 1, "{state}");
    assert!(browsers["mean_poll_us"].as_f64().unwrap() > 0.0, "{state}");
    assert_eq!(people["requests"], 0, "{state}");
}

/// As many beacons as a body may have are read at one stretch.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn what_keeps_a_worker_thread_to_itself_is_told_by_its_route() {
    let rhumb = Rhumb::start();
    let ask = rhumb.json("/debug/runtime?seconds=2");
    tokio::pin!(ask);
    let mut posted = 0;
    let state = loop {
        let beacons = (posted..posted + 100).map(|number| beacon(number, 100.0));
        let body = json!(beacons.collect::<Vec<_>>()).to_string();
        tokio::select! {
            biased;
            state = &mut ask => break state,
            _ = rhumb.post(body) => posted += 100,
        }
    };
    let long = state["long_polls"].as_array().unwrap();
    let ingest = long.iter().find(|it| it["route"] == "/v1/ingest").expect("it takes long");
    assert_eq!(ingest["method"], "POST");
    assert!(ingest["count"].as_u64().unwrap() >= 1, "{state}");
    assert!(ingest["mean_us"].as_f64().unwrap() >= 1000.0, "{state}");
    let text = String::from_utf8(read(rhumb.get("/metrics").await).await.to_vec()).unwrap();
    for name in ["rhumb_endpoint_long_polls_total", "rhumb_endpoint_long_poll_seconds_total"] {
        let labels = r#"{method="POST",endpoint="/v1/ingest"}"#;
        assert!(text.contains(&format!("{name}{labels}")), "{name} is not in\n{text}");
    }
}

#[tokio::test]
async fn polls_of_requests_are_among_the_metrics_and_so_are_workers() {
    let rhumb = Rhumb::start();
    for page_view in 0..5 {
        rhumb.accepts(&beacon(page_view, 100.0)).await;
    }
    rhumb.summary().await;
    let text = String::from_utf8(read(rhumb.get("/metrics").await).await.to_vec()).unwrap();
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{name} is not in\n{text}")).trim().parse::<f64>().unwrap()
    };
    assert!(of(r#"rhumb_request_polls_total{caller="browsers"}"#) >= 5.0, "{text}");
    assert!(of(r#"rhumb_request_polls_total{caller="people"}"#) >= 1.0, "{text}");
    assert!(of(r#"rhumb_request_poll_seconds_total{caller="browsers"}"#) > 0.0, "{text}");
    let long = of(r#"rhumb_request_long_polls_total{caller="browsers"}"#);
    assert!(long <= of(r#"rhumb_request_polls_total{caller="browsers"}"#), "{text}");
    assert!(of("rhumb_runtime_workers ") >= 1.0, "{text}");
    for name in
        ["rhumb_runtime_tasks ", "rhumb_runtime_queued_tasks ", "rhumb_runtime_busy_seconds_total "]
    {
        assert!(of(name) >= 0.0, "{text}");
    }
}

#[tokio::test]
async fn it_is_for_those_who_may_read_the_reports_and_for_a_minute_at_most() {
    let rhumb = Rhumb::with_token(Some("0123456789abcdef"));
    assert_eq!(rhumb.get("/debug/runtime").await.status(), StatusCode::UNAUTHORIZED);
    let rhumb = Rhumb::start();
    for (query, field) in [("seconds=61", "seconds"), ("seconds=x", "seconds"), ("for=1", "for")] {
        let response = rhumb.get(&format!("/debug/runtime?{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
        let problem = read_json(response).await;
        assert_eq!(problem["field"], field, "{problem}");
    }
}
