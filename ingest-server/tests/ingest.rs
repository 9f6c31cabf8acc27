//! `POST /v1/ingest`: what is taken, what is refused, and how.

mod support;

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
};
use beacon::{Attribution, Beacon, Id, Metric, MetricName, NumberField, limits};
use futures_util::{FutureExt, StreamExt, stream};
use ingest_server::ingest::{Outcome, Reason};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{convert::Infallible, time::Duration};
use support::{Rhumb, beacon, read, read_json};
use tokio::time::{sleep, timeout};

fn with(field: &str, value: Value) -> Vec<u8> {
    let mut beacon = beacon(1, 2312.4);
    beacon[field] = value;
    beacon.to_string().into_bytes()
}

fn with_metrics(metrics: &Value) -> Vec<u8> {
    with("metrics", metrics.clone())
}

fn binary(metrics: Vec<Metric>) -> Beacon {
    Beacon {
        site: "default".to_owned(),
        page_view: Id([7; 16]),
        sequence: 0,
        session: None,
        age_ms: Some(5000),
        started_at: None,
        url: Some("https://shop.example/product/42?token=secret#part".to_owned()),
        route: Some("/product/:id".to_owned()),
        release: Some("1.4.2".to_owned()),
        navigation_type: None,
        form_factor: None,
        connection: None,
        sample_rate: 1.0,
        metrics,
        time_zone: None,
    }
}

#[tokio::test]
async fn a_json_beacon_is_in_the_summary_once_it_is_answered() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 2312.4)).await;
    let summary = rhumb.summary().await;
    assert_eq!(summary["page_views"], 1);
    assert_eq!(summary["metrics"]["lcp"]["count"], 1);
    assert_eq!(summary["metrics"]["lcp"]["p75"], 2312.4);
    assert_eq!(summary["metrics"]["lcp"]["rating"], "good");
    let inp = &summary["metrics"]["inp"];
    assert_eq!((&inp["count"], &inp["histogram"]), (&json!(0), &json!([])));
    assert_eq!((inp.get("p75"), inp.get("rating")), (None, None));
}

#[tokio::test]
async fn a_binary_beacon_is_the_same() {
    let rhumb = Rhumb::start();
    let lcp = Metric::new(MetricName::Lcp, 2312.4);
    let cls = Metric::new(MetricName::Cls, 0.021);
    let response = rhumb.post(beacon::encode(&binary(vec![lcp, cls]))).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let summary = rhumb.json("/v1/sites/default/summary?route=/product/:id&release=1.4.2").await;
    assert_eq!(summary["metrics"]["lcp"]["p75"], 2312.4);
    assert_eq!(summary["metrics"]["cls"]["p75"], 0.021);
}

#[tokio::test]
async fn a_beacon_that_arrives_twice_is_counted_once() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 2312.4)).await;
    rhumb.accepts(&beacon(1, 2312.4)).await;
    assert_eq!(rhumb.summary().await["page_views"], 1);
}

#[tokio::test]
async fn an_array_is_taken_whole() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&json!([beacon(1, 100.0), beacon(2, 200.0), beacon(3, 300.0)])).await;
    let summary = rhumb.summary().await;
    assert_eq!(
        (&summary["page_views"], &summary["metrics"]["lcp"]["p50"]),
        (&json!(3), &json!(200.0))
    );
}

#[tokio::test]
async fn an_array_with_one_wrong_beacon_is_refused_whole_and_the_beacon_is_named() {
    let rhumb = Rhumb::start();
    let array = json!([beacon(1, 100.0), beacon(2, -1.0)]).to_string();
    let response = rhumb.post(array).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(read_json(response).await["field"], "[1].metrics[0].value");
    assert_eq!(rhumb.summary().await["page_views"], 0);
}

const TARGET: &str = "metrics[0].attribution.target";
const TTFB: &str = "metrics[0].attribution.timeToFirstByte";

#[tokio::test]
async fn every_refusal_says_which_field_and_why_and_nothing_is_stored() {
    let rhumb = Rhumb::start();
    let long = |bytes: usize| json!("x".repeat(bytes));
    let metric =
        |name: &str, value: Value| with_metrics(&json!([{ "name": name, "value": value }]));
    let lcp = json!({ "name": "LCP", "value": 1 });
    let why = |attribution: &Value| {
        with_metrics(&json!([{ "name": "LCP", "value": 1, "attribution": attribution }]))
    };
    let numbers = vec![(NumberField::TimeToFirstByte, 1.0); limits::ATTRIBUTION_NUMBERS_MAX + 1];
    let attribution = Attribution { numbers, texts: vec![] };
    let twice = Metric { attribution, ..Metric::new(MetricName::Lcp, 1.0) };
    let twice = beacon::encode(&binary(vec![twice]));
    let deep = [vec![b'['; 10_000], vec![b']'; 10_000]].concat();
    let deep_field = [br#"{"site":"default","x":"#.to_vec(), deep.clone(), b"}".to_vec()].concat();
    let cut = beacon::encode(&binary(vec![]));
    for (body, status, reason, field) in [
        (b"".to_vec(), 400, "malformed", None),
        (b"  \n".to_vec(), 400, "malformed", None),
        (b"hello".to_vec(), 400, "malformed", None),
        (b"[]".to_vec(), 400, "malformed", None),
        (vec![0xff; 300], 400, "malformed", None),
        (cut[..cut.len() / 2].to_vec(), 400, "malformed", None),
        ([cut.clone(), vec![0]].concat(), 400, "malformed", None),
        (br#"{"site":"default""#.to_vec(), 400, "malformed", None),
        (deep, 400, "malformed", None),
        (deep_field, 400, "malformed", None),
        (json!({ "site": "default" }).to_string().into_bytes(), 400, "malformed", None),
        (with("page_view", json!("42")), 400, "malformed", Some("page_view")),
        (with("sequence", json!(-1)), 400, "malformed", Some("sequence")),
        (with("navigation_type", json!("walk")), 400, "malformed", Some("navigation_type")),
        (metric("XYZ", json!(1)), 400, "malformed", Some("metrics[0].name")),
        (metric("LCP", json!("1")), 400, "malformed", Some("metrics[0].value")),
        (metric("LCP", json!(null)), 400, "malformed", Some("metrics[0].value")),
        (vec![b' '; limits::BODY_BYTES_MAX + 1], 413, "too_large", None),
        (with("site", json!("nowhere")), 404, "unknown_site", Some("site")),
        (with("site", long(65)), 404, "unknown_site", Some("site")),
        (with("url", json!("ftp://shop.example/")), 422, "invalid_url", Some("url")),
        (with("url", json!("/relative")), 422, "invalid_url", Some("url")),
        (with("url", long(2049)), 422, "invalid_text", Some("url")),
        (with("route", json!("")), 422, "invalid_text", Some("route")),
        (with("route", json!("a\u{0}b")), 422, "invalid_text", Some("route")),
        (with("route", long(257)), 422, "invalid_text", Some("route")),
        (with("release", long(65)), 422, "invalid_text", Some("release")),
        (with("time_zone", long(65)), 422, "invalid_text", Some("time_zone")),
        (with("time_zone", json!("")), 422, "invalid_text", Some("time_zone")),
        (with("age_ms", json!(2_592_000_001_u32)), 422, "invalid_time", Some("age_ms")),
        (with("started_at", json!("yesterday")), 422, "invalid_time", Some("started_at")),
        (
            with("started_at", json!("2020-01-01T00:00:00Z")),
            422,
            "invalid_time",
            Some("started_at"),
        ),
        (
            with("started_at", json!("2999-01-01T00:00:00Z")),
            422,
            "invalid_time",
            Some("started_at"),
        ),
        (with("sample_rate", json!(0)), 422, "invalid_sample_rate", Some("sample_rate")),
        (with("sample_rate", json!(1.5)), 422, "invalid_sample_rate", Some("sample_rate")),
        (with_metrics(&json!([])), 422, "no_metrics", Some("metrics")),
        (with_metrics(&json!([lcp, lcp])), 422, "duplicate_metric", Some("metrics[1].name")),
        (why(&json!({ "target": long(1025) })), 422, "invalid_text", Some(TARGET)),
        (why(&json!({ "target": "a\nb" })), 422, "invalid_text", Some(TARGET)),
        (why(&json!({ "target": 1 })), 400, "malformed", Some(TARGET)),
        (why(&json!({ "timeToFirstByte": "1" })), 400, "malformed", Some(TTFB)),
        (why(&json!({ "timeToFirstByte": 3e9 })), 422, "value_out_of_range", Some(TTFB)),
        (why(&json!([1])), 400, "malformed", Some("metrics[0].attribution")),
        (twice, 422, "duplicate_field", Some("metrics[0].attribution")),
        (metric("LCP", json!(-0.1)), 422, "value_out_of_range", Some("metrics[0].value")),
        (metric("LCP", json!(600_000.1)), 422, "value_out_of_range", Some("metrics[0].value")),
        (metric("LCP", json!(1e300)), 422, "value_out_of_range", Some("metrics[0].value")),
        (metric("CLS", json!(100.1)), 422, "value_out_of_range", Some("metrics[0].value")),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(120)]).into_owned();
        let response = rhumb.post(body).await;
        assert_eq!(response.status().as_u16(), status, "{shown}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{shown}");
        assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{shown}");
        let problem = read_json(response).await;
        assert_eq!(problem["type"], format!("urn:rhumb:problem:{reason}"), "{shown}: {problem}");
        assert!(problem["detail"].as_str().unwrap().len() > 10, "{shown}: {problem}");
        if field.is_some() {
            assert_eq!(problem["field"].as_str(), field, "{shown}: {problem}");
        }
    }
    assert_eq!(rhumb.summary().await["page_views"], 0);
    rhumb.accepts(&beacon(1, 100.0)).await;
}

#[tokio::test]
async fn not_a_number_is_refused_in_the_binary_format_too() {
    let rhumb = Rhumb::start();
    let rate = Beacon { sample_rate: f32::NAN, ..binary(vec![Metric::new(MetricName::Lcp, 1.0)]) };
    let response = rhumb.post(beacon::encode(&rate)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(read_json(response).await["field"], "sample_rate");
}

#[tokio::test]
async fn age_and_start_cannot_both_be_said() {
    let rhumb = Rhumb::start();
    let mut both = beacon(1, 100.0);
    both["age_ms"] = json!(1);
    both["started_at"] = json!("2026-11-23T08:00:00Z");
    let response = rhumb.post(both.to_string()).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_beacon_that_had_to_wait_is_dated_back() {
    const TWO_DAYS_MS: u32 = 2 * 24 * 60 * 60 * 1000;
    let rhumb = Rhumb::start();
    let response = rhumb.post_to(&format!("?delay_ms={TWO_DAYS_MS}"), beacon(1, 100.0)).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);

    let yesterday = (Timestamp::now() - SignedDuration::from_hours(24)).to_string();
    let path = |side| format!("/v1/sites/default/summary?{side}={yesterday}");
    assert_eq!(rhumb.json(&path("to")).await["page_views"], 1);
    assert_eq!(rhumb.json(&path("from")).await["page_views"], 0);
}

#[tokio::test]
async fn an_impossible_wait_is_refused_and_counted() {
    let rhumb = Rhumb::start();
    for delay in ["-1", "soon", "2592000001", "99999999999999999999"] {
        let response = rhumb.post_to(&format!("?delay_ms={delay}"), beacon(1, 100.0)).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{delay}");
        assert_eq!(read_json(response).await["field"], "delay_ms", "{delay}");
    }
    let app = rhumb.server.app();
    assert_eq!(app.outcomes().of(Outcome::Rejected(Reason::InvalidTime)), 4);
}

#[tokio::test]
async fn the_time_zone_of_the_address_is_that_of_beacons_that_say_none() {
    let rhumb = Rhumb::start();
    let mut in_tokyo = beacon(2, 100.0);
    in_tokyo["time_zone"] = json!("Asia/Tokyo");
    let both = json!([beacon(1, 100.0), in_tokyo]);
    let response = rhumb.post_to("?delay_ms=1&time_zone=Europe/Berlin", both).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    // One that is no place's tells no country, as in a beacon.
    let response = rhumb.post_to("?time_zone=Mars%2FOlympus_Mons", beacon(3, 100.0)).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);

    for (country, page_views) in [("DE", 1), ("JP", 1)] {
        let summary = rhumb.json(&format!("/v1/sites/default/summary?country={country}")).await;
        assert_eq!(summary["page_views"], page_views, "{country}");
    }
    assert_eq!(rhumb.summary().await["page_views"], 3);
}

#[tokio::test]
async fn a_time_zone_in_the_address_that_cannot_be_one_is_refused_by_its_name() {
    let rhumb = Rhumb::start();
    let long = format!("?time_zone={}", "x".repeat(limits::TIME_ZONE_BYTES_MAX + 1));
    let twice = "?time_zone=Europe/Berlin&time_zone=Asia/Tokyo";
    for query in [long.as_str(), "?time_zone=", "?time_zone=a%00b", twice] {
        let response = rhumb.post_to(query, json!([beacon(1, 100.0)])).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(read_json(response).await["field"], "time_zone", "{query}");
    }
    let app = rhumb.server.app();
    assert_eq!(app.outcomes().of(Outcome::Rejected(Reason::InvalidText)), 4);
    assert_eq!(rhumb.summary().await["page_views"], 0);
}

#[tokio::test]
async fn a_page_view_that_could_not_be_measured_is_counted() {
    let rhumb = Rhumb::start();
    let mut unmeasured = beacon(2, 100.0);
    unmeasured["metrics"] = json!([]);
    for _ in 0..2 {
        let response = rhumb.post_to("?unmeasured", unmeasured.clone()).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    }
    rhumb.post(beacon(1, 100.0).to_string()).await;

    let summary = rhumb.json("/v1/sites/default/summary").await;
    assert_eq!((&summary["page_views"], &summary["unmeasured"]), (&json!(2), &json!(1)));
    assert_eq!(summary["metrics"]["lcp"]["count"], 1);
    let page = String::from_utf8(read(rhumb.get("/?site=default").await).await.to_vec()).unwrap();
    assert!(page.contains("Not measured: 1"), "{page}");
}

#[tokio::test]
async fn a_page_view_with_metrics_was_measured() {
    let rhumb = Rhumb::start();
    let response = rhumb.post_to("?unmeasured", beacon(1, 100.0)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(read_json(response).await["type"], "urn:rhumb:problem:unexpected_metrics");
}

#[tokio::test]
async fn an_address_without_a_route_has_that_of_its_form() {
    let rhumb = Rhumb::start();
    for (page_view, product) in [(1, 42), (2, 43)] {
        let mut beacon = beacon(page_view, 100.0);
        beacon["url"] = json!(format!("https://shop.example/product/{product}?from=mail"));
        rhumb.accepts(&beacon).await;
    }
    let summary = rhumb.json("/v1/sites/default/summary?route=/product/:id").await;
    assert_eq!(summary["page_views"], 2);
}

#[tokio::test]
async fn secrets_in_an_address_are_not_stored() {
    let rhumb = Rhumb::start();
    let mut secret = beacon(1, 100.0);
    secret["url"] = json!("https://user:password@shop.example/a?token=secret#secret");
    rhumb.accepts(&secret).await;
    let database = rusqlite::Connection::open(rhumb.database()).unwrap();
    let url: String = database.query_row("SELECT url FROM pages", [], |row| row.get(0)).unwrap();
    assert_eq!(url, "https://shop.example/a");
}

#[tokio::test]
async fn any_page_may_post_without_asking_first_and_may_ask_first() {
    let rhumb = Rhumb::start();
    let preflight = Request::options("/v1/ingest")
        .header(header::ORIGIN, "https://shop.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type,x-own")
        .body(Body::empty())
        .unwrap();
    let response = rhumb.send(preflight).await;
    let headers = response.headers();
    assert!(response.status().is_success());
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "content-type,x-own");
    assert_eq!(headers[header::ACCESS_CONTROL_MAX_AGE], "7200");
}

#[tokio::test]
async fn a_site_that_lists_its_origins_takes_beacons_from_no_other() {
    let rhumb = Rhumb::start();
    let database = rusqlite::Connection::open(rhumb.database()).unwrap();
    database
        .execute("INSERT INTO site_origins SELECT id, 'https://shop.example' FROM sites", [])
        .unwrap();
    rhumb.server.app().refresh_sites().await.unwrap();
    for (origin, status) in [
        (Some("https://shop.example"), 204),
        (Some("https://shop.example.evil"), 403),
        (Some("null"), 403),
        (None, 403),
    ] {
        let mut request = Request::post("/v1/ingest");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let request = request.body(Body::from(beacon(1, 100.0).to_string())).unwrap();
        let response = rhumb.send(request).await;
        assert_eq!(response.status().as_u16(), status, "{origin:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_is_given_up() {
    let rhumb = Rhumb::start();
    let begun = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{"))]);
    let body = Body::from_stream(begun.chain(stream::pending()));
    let response = rhumb.send(Request::post("/v1/ingest").body(body).unwrap()).await;
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert_eq!(read_json(response).await["type"], "urn:rhumb:problem:body_timeout");
}

#[tokio::test]
async fn every_beacon_has_one_outcome_and_it_is_counted() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&json!([beacon(1, 100.0), beacon(2, 100.0)])).await;
    rhumb.post(json!([beacon(3, 100.0), beacon(4, -1.0)]).to_string()).await;
    rhumb.post("hello").await;
    let app = rhumb.server.app();
    assert_eq!(app.outcomes().of(Outcome::Accepted), 2);
    assert_eq!(app.outcomes().of(Outcome::Rejected(Reason::ValueOutOfRange)), 2);
    assert_eq!(app.outcomes().of(Outcome::Rejected(Reason::Malformed)), 1);
    assert_eq!(app.outcomes().of(Outcome::Shed), 0);
}

#[tokio::test]
async fn a_beacon_whose_sender_hangs_up_is_kept_and_counted() {
    let rhumb = Rhumb::start();
    // One step of the request queues the beacon; then it is dropped.
    assert!(rhumb.post(beacon(1, 100.0).to_string()).now_or_never().is_none());
    let app = rhumb.server.app();
    let counted = async {
        while app.outcomes().of(Outcome::Accepted) == 0 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(5), counted).await.expect("it is counted");
    assert_eq!(rhumb.summary().await["page_views"], 1);
}
