//! What is refused, and what is said of it.

use super::{binary, with, with_metrics};
use crate::support::{Rhumb, beacon, read_json};
use axum::http::{StatusCode, header};
use beacon::{Attribution, Beacon, Metric, MetricName, NumberField, limits};
use ingest_server::ingest::{Outcome, Reason};
use serde_json::{Value, json};

const TARGET: &str = "metrics[0].attribution.target";
const TTFB: &str = "metrics[0].attribution.timeToFirstByte";

#[tokio::test]
async fn an_array_with_one_wrong_beacon_is_refused_whole_and_the_beacon_is_named() {
    let rhumb = Rhumb::start();
    let array = json!([beacon(1, 100.0), beacon(2, -1.0)]).to_string();
    let response = rhumb.post(array).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(read_json(response).await["field"], "[1].metrics[0].value");
    assert_eq!(rhumb.summary().await["page_views"], 0);
}

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
async fn a_page_view_with_metrics_was_measured() {
    let rhumb = Rhumb::start();
    let response = rhumb.post_to("?unmeasured", beacon(1, 100.0)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(read_json(response).await["type"], "urn:rhumb:problem:unexpected_metrics");
}
