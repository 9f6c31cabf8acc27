//! `POST /v1/ingest?site=…`: Metric objects of web-vitals, as pages post them that use it alone.

use crate::support::{Rhumb, read_json};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use beacon::limits;
use ingest_server::ingest::{Outcome, Reason};
use serde_json::{Value, json};

const PAGE_VIEW: &str = "?site=default&page_view=5f0c6b1e9a7d4c2f8b3e1d0a6c5f4e3b";

/// What `JSON.stringify` makes of a Metric object of web-vitals 6.2 with attribution.
fn lcp() -> Value {
    json!({
        "name": "LCP",
        "value": 2_312.400_000_000_1,
        "rating": "good",
        "delta": 2_312.400_000_000_1,
        "entries": [{
            "name": "", "entryType": "largest-contentful-paint", "startTime": 2312.4, "duration": 0,
            "size": 40000, "renderTime": 2312.4, "loadTime": 2100, "id": "",
            "url": "https://shop.example/hero.jpg"
        }],
        "id": "v6-1764079200000-1234567890123",
        "navigationType": "reload",
        "navigationId": 1,
        "navigationURL": "https://shop.example/product/42?token=secret#part",
        "navigationStartTime": 0,
        "attribution": {
            "target": "main>img.hero",
            "url": "https://shop.example/hero.jpg",
            "timeToFirstByte": 320.1, "resourceLoadDelay": 10, "resourceLoadDuration": 900.5,
            "elementRenderDelay": 1081.8,
            "navigationEntry": { "type": "reload", "serverTiming": [] },
            "lcpEntry": { "size": 40000 }
        }
    })
}

fn metric(name: &str, value: f64, delta: f64, id: u32) -> Value {
    let id = format!("v6-1764079200000-{id:013}");
    json!({ "name": name, "value": value, "rating": "poor", "delta": delta, "id": id })
}

async fn accepts(rhumb: &Rhumb, query: &str, metrics: Value) {
    let response = rhumb.post_to(query, metrics.clone()).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT, "{metrics}");
}

#[tokio::test]
async fn a_metric_object_of_web_vitals_is_in_the_reports() {
    let rhumb = Rhumb::start();
    let request = Request::post("/v1/ingest?site=default")
        .header(header::CONTENT_TYPE, "text/plain;charset=UTF-8")
        .header(
            header::USER_AGENT,
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        )
        .body(Body::from(lcp().to_string()))
        .unwrap();
    assert_eq!(rhumb.send(request).await.status(), StatusCode::NO_CONTENT);
    for filter in ["route=/product/:id", "navigation_type=reload", "browser=Firefox"] {
        let summary = rhumb.json(&format!("/v1/sites/default/summary?{filter}")).await;
        assert_eq!(summary["page_views"], 1, "{filter}");
        assert_eq!(summary["metrics"]["lcp"]["p75"], 2312.4, "{filter}");
    }
    let database = rusqlite::Connection::open(rhumb.database()).unwrap();
    let url: String = database.query_row("SELECT url FROM pages", [], |row| row.get(0)).unwrap();
    assert_eq!(url, "https://shop.example/product/42");
    let texts = "SELECT count(*) FROM texts WHERE text = 'main>img.hero'";
    assert_eq!(database.query_row(texts, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[tokio::test]
async fn what_the_readme_of_web_vitals_sends_is_enough() {
    let rhumb = Rhumb::start();
    let sent = json!({ "name": "CLS", "value": 0.021, "id": "v6-1764079200000-1" });
    accepts(&rhumb, "?site=default", sent).await;
    assert_eq!(rhumb.summary().await["metrics"]["cls"]["p75"], 0.021);
}

#[tokio::test]
async fn metrics_that_say_their_page_view_meet_in_it() {
    let rhumb = Rhumb::start();
    let [cls, inp] = [metric("CLS", 0.02, 0.02, 1), metric("INP", 240.0, 240.0, 2)];
    accepts(&rhumb, PAGE_VIEW, lcp()).await;
    accepts(&rhumb, PAGE_VIEW, json!([cls, inp])).await;
    let summary = rhumb.summary().await;
    assert_eq!(summary["page_views"], 1);
    let p75 = ["lcp", "cls", "inp"].map(|name| summary["metrics"][name]["p75"].clone());
    assert_eq!(p75, [json!(2312.4), json!(0.02), json!(240.0)]);
    // A beacon of that page view would be of the same.
    let beacon = json!({ "site": "default", "page_view": "5f0c6b1e9a7d4c2f8b3e1d0a6c5f4e3b",
        "metrics": [{ "name": "FCP", "value": 1.0 }] });
    rhumb.accepts(&beacon).await;
    assert_eq!(rhumb.summary().await["page_views"], 1);
}

#[tokio::test]
async fn metrics_that_do_not_say_their_page_view_are_one_each() {
    let rhumb = Rhumb::start();
    let metrics = json!([metric("CLS", 0.02, 0.02, 1), metric("INP", 240.0, 240.0, 2)]);
    accepts(&rhumb, "?site=default", metrics).await;
    let summary = rhumb.summary().await;
    assert_eq!(summary["page_views"], 2);
    assert_eq!(
        (&summary["metrics"]["cls"]["count"], &summary["metrics"]["inp"]["count"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn a_later_object_of_a_metric_supersedes_the_earlier_in_any_order_and_however_often() {
    let [first, later] = [metric("CLS", 0.3, 0.3, 1), metric("CLS", 0.2, -0.1, 1)];
    for query in ["?site=default", PAGE_VIEW] {
        for order in [[&first, &later, &later], [&later, &first, &first]] {
            let rhumb = Rhumb::start();
            for metric in order {
                accepts(&rhumb, query, metric.clone()).await;
            }
            let cls = &rhumb.summary().await["metrics"]["cls"];
            assert_eq!((&cls["count"], &cls["p75"]), (&json!(1), &json!(0.2)), "{query} {order:?}");
        }
    }
}

#[tokio::test]
async fn a_restore_from_the_cache_is_a_page_view_of_its_own() {
    let rhumb = Rhumb::start();
    let mut restored = [metric("LCP", 40.0, 40.0, 3), metric("CLS", 0.0, 0.0, 4)];
    for metric in &mut restored {
        metric["navigationType"] = json!("back-forward-cache");
        metric["navigationStartTime"] = json!(73_205.2);
    }
    accepts(&rhumb, PAGE_VIEW, lcp()).await;
    accepts(&rhumb, PAGE_VIEW, json!(restored)).await;
    let summary = rhumb.summary().await;
    assert_eq!(summary["page_views"], 2);
    assert_eq!(summary["metrics"]["lcp"]["count"], 2);
}

#[tokio::test]
async fn the_referer_is_the_address_of_a_metric_that_says_none() {
    let rhumb = Rhumb::start();
    for (id, referer) in [(1, "https://shop.example/cart?a=b"), (2, "https://shop.example/")] {
        let request = Request::post("/v1/ingest?site=default")
            .header(header::REFERER, referer)
            .header("sec-fetch-site", "cross-site")
            .body(Body::from(metric("TTFB", 90.0, 90.0, id).to_string()))
            .unwrap();
        assert_eq!(rhumb.send(request).await.status(), StatusCode::NO_CONTENT);
    }
    let of_cart = rhumb.json("/v1/sites/default/summary?route=/cart").await;
    let of_home = rhumb.json("/v1/sites/default/summary?route=/").await;
    // All that browsers tell of a page of another host is its origin.
    assert_eq!((&of_cart["page_views"], &of_home["page_views"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn every_refusal_names_the_field_of_the_metric_object_and_nothing_is_stored() {
    let rhumb = Rhumb::start();
    let with = |field: &str, value: Value| {
        let mut metric = lcp();
        metric[field] = value;
        metric
    };
    let without_id = json!({ "name": "LCP", "value": 1 });
    let why = |attribution: Value| with("attribution", attribution);
    let many = json!(vec![metric("LCP", 1.0, 1.0, 1); limits::BEACONS_MAX + 1]);
    let site = "?site=default";
    for (query, body, status, reason, field) in [
        (site, with("name", json!("SPEED")), 400, "malformed", Some("name")),
        (site, json!([lcp(), with("name", json!(7))]), 400, "malformed", Some("[1].name")),
        (site, with("value", json!(null)), 400, "malformed", Some("value")),
        (site, with("id", json!(7)), 400, "malformed", Some("id")),
        (site, with("navigationType", json!("walk")), 400, "malformed", Some("navigationType")),
        (site, without_id.clone(), 400, "malformed", Some("id")),
        (site, json!([lcp(), without_id]), 400, "malformed", Some("[1].id")),
        (site, json!({}), 400, "malformed", None),
        (site, json!([]), 400, "malformed", None),
        (site, json!(7), 400, "malformed", None),
        (site, many, 400, "malformed", None),
        ("", lcp(), 400, "malformed", None),
        ("?site=default&page_view=42", lcp(), 400, "malformed", Some("page_view")),
        ("?site=nowhere", lcp(), 404, "unknown_site", Some("site")),
        ("?site=nowhere", json!([lcp()]), 404, "unknown_site", Some("[0].site")),
        ("?site=default&site=default", lcp(), 422, "invalid_text", Some("site")),
        ("?site=default&unmeasured", lcp(), 422, "unexpected_metrics", Some("unmeasured")),
        (site, with("id", json!("")), 422, "invalid_text", Some("id")),
        (site, with("id", json!("x".repeat(129))), 422, "invalid_text", Some("id")),
        (site, with("value", json!(-1)), 422, "value_out_of_range", Some("value")),
        (PAGE_VIEW, with("value", json!(600_001)), 422, "value_out_of_range", Some("value")),
        (site, with("navigationURL", json!("/a")), 422, "invalid_url", Some("navigationURL")),
        (site, why(json!({ "target": "a\nb" })), 422, "invalid_text", Some("attribution.target")),
        (
            site,
            json!([lcp(), why(json!({ "timeToFirstByte": 3e9 }))]),
            422,
            "value_out_of_range",
            Some("[1].attribution.timeToFirstByte"),
        ),
    ] {
        let shown = format!("{query} {}", body.to_string().chars().take(120).collect::<String>());
        let response = rhumb.post_to(query, body).await;
        assert_eq!(response.status().as_u16(), status, "{shown}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{shown}");
        let problem = read_json(response).await;
        assert_eq!(problem["type"], format!("urn:rhumb:problem:{reason}"), "{shown}: {problem}");
        assert_eq!(problem["field"].as_str(), field, "{shown}: {problem}");
    }
    assert_eq!(rhumb.summary().await["page_views"], 0);
}

#[tokio::test]
async fn who_forgets_the_site_is_told_where_it_stands() {
    let rhumb = Rhumb::start();
    let problem = read_json(rhumb.post_to("", lcp()).await).await;
    assert!(problem["detail"].as_str().unwrap().contains("?site="), "{problem}");
    let problem =
        read_json(rhumb.post_to("?site=default", crate::support::beacon(1, 1.0)).await).await;
    assert!(problem["detail"].as_str().unwrap().contains("site in the address"), "{problem}");
}

#[tokio::test]
async fn a_refused_array_is_counted_with_each_of_its_metrics() {
    let rhumb = Rhumb::start();
    let metrics = json!([lcp(), metric("INP", -1.0, 0.0, 1), lcp()]);
    rhumb.post_to(PAGE_VIEW, metrics).await;
    accepts(&rhumb, PAGE_VIEW, json!([lcp(), metric("INP", 8.0, 8.0, 1)])).await;
    let app = rhumb.server.app();
    assert_eq!(app.outcomes().of(Outcome::Rejected(Reason::ValueOutOfRange)), 3);
    assert_eq!(app.outcomes().of(Outcome::Accepted), 2);
}
