//! What is taken, and what becomes of it.

use super::binary;
use crate::support::{Rhumb, beacon, read};
use axum::http::StatusCode;
use beacon::{Metric, MetricName};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

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
