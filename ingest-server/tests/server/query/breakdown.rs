//! `GET …/breakdown`

use super::history::{self, Visit, address, assert_same, visits};
use crate::support::{Rhumb, beacon, read, read_json};
use axum::http::{StatusCode, header};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Each row is the summary of the page views that have its value, and all rows have all page views.
async fn check_rows(rhumb: &Rhumb, by: &str, filters: &[(&str, &str)]) {
    let context = format!("{by} of {filters:?}");
    let parameters = [("metric", "inp"), ("by", by), ("min_count", "0")];
    let answer = rhumb.ask("breakdown", &[&parameters, filters].concat()).await;
    let mut counted = 0;
    let rows = answer["rows"].as_array().unwrap();
    let has_hosts = rows.iter().any(|row| row["host"].is_string());
    for row in rows {
        counted += row["count"].as_u64().unwrap();
        let Some(value) = row["value"].as_str() else { continue };
        let mut of_row = filters.to_vec();
        of_row.retain(|(name, _)| *name != by);
        of_row.push((by, value));
        match row["host"].as_str() {
            Some(host) => of_row.push(("host", host)),
            // Nobody can ask for page views that have none.
            None if has_hosts => continue,
            None => {}
        }
        let summary = rhumb.ask("summary", &of_row).await;
        assert_ne!(summary["page_views"], 0, "{context}: {row}");
        assert_same(row, &summary, "inp", &context);
        let poor = row["shares"]["poor"].as_f64().unwrap_or(0.0);
        let poor_count = poor * row["count"].as_f64().unwrap();
        assert!(
            (row["poor_count"].as_f64().unwrap() - poor_count).abs() < 1e-6,
            "{context}: {row}"
        );
    }
    let summary = rhumb.ask("summary", filters).await;
    assert_eq!(summary["metrics"]["inp"]["count"], counted, "{context}: {answer}");
}

async fn check_all(visits: Vec<Visit>) {
    let rhumb = history::of(&visits).await;
    let from = (Timestamp::now() - 50.hours()).to_string();
    let filters: [&[(&str, &str)]; 10] = [
        &[],
        &[("route", "/")],
        &[("form_factor", "phone")],
        &[("release", "1.4.2")],
        &[("route", "/product/:id"), ("form_factor", "desktop")],
        &[("connection", "4g"), ("navigation_type", "reload")],
        &[("host", "shop.example")],
        &[("host", "blog.example:8443"), ("form_factor", "phone")],
        &[("route", "/"), ("host", "shop.example")],
        &[("from", &from)],
    ];
    for by in
        ["route", "form_factor", "release", "connection", "navigation_type", "browser", "host"]
    {
        for filters in filters {
            check_rows(&rhumb, by, filters).await;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_the_summary_of_its_page_views(visits in visits()) {
        history::run(check_all(visits));
    }
}

async fn three_routes() -> Rhumb {
    let rhumb = Rhumb::start();
    let visits = [("/slow", 5000.0), ("/slow", 5000.0), ("/", 800.0), ("/cart", 4100.5)];
    for (number, (route, lcp)) in (1..).zip(visits) {
        let mut beacon = beacon(number, lcp);
        beacon["route"] = json!(route);
        rhumb.accepts(&beacon).await;
    }
    rhumb
}

#[tokio::test]
async fn routes_are_ranked_by_how_many_visits_are_poor() {
    let rhumb = three_routes().await;
    let parameters = [("metric", "lcp"), ("by", "route"), ("limit", "2")];
    let answer = rhumb.ask("breakdown", &parameters).await;
    for (name, value) in
        [("metric", "lcp"), ("unit", "ms"), ("by", "route"), ("sort", "poor_count")]
    {
        assert_eq!(answer[name], value);
    }
    let poor = json!({ "good": 0.0, "needs_improvement": 0.0, "poor": 1.0 });
    let row = |value: &str, count: u64, p75: f64| {
        json!({ "value": value, "count": count, "p75": p75, "rating": "poor", "shares": poor,
                "error": 0.0, "poor_count": count })
    };
    assert_eq!(answer["rows"], json!([row("/slow", 2, 5000.0), row("/cart", 1, 4100.5)]));
    let next = answer["next"].as_str().unwrap();
    let answer = rhumb.ask("breakdown", &[&parameters[..], &[("cursor", next)]].concat()).await;
    assert_eq!(answer["rows"][0]["value"], "/");
    assert_eq!(answer["rows"].as_array().unwrap().len(), 1);
    assert_eq!(answer["next"], Value::Null);
}

#[tokio::test]
async fn the_same_route_of_two_hosts_is_two_rows_with_their_hosts() {
    let rhumb = Rhumb::start();
    let visits = [("shop.example", 5000.0), ("blog.example:8443", 800.0), ("shop.example", 4200.0)];
    for (number, (host, lcp)) in (1..).zip(visits) {
        let mut beacon = beacon(number, lcp);
        beacon["route"] = json!("/");
        beacon["url"] = json!(format!("https://{host}/"));
        rhumb.accepts(&beacon).await;
    }
    let parameters = [("metric", "lcp"), ("by", "route")];
    let places = |answer: &Value| {
        let rows = answer["rows"].as_array().unwrap().iter();
        rows.map(|row| json!([row["value"], row["host"], row["count"]])).collect::<Vec<_>>()
    };
    let answer = rhumb.ask("breakdown", &parameters).await;
    let both = [json!(["/", "shop.example", 2]), json!(["/", "blog.example:8443", 1])];
    assert_eq!(places(&answer), both);
    let on_host = [&parameters[..], &[("host", "blog.example:8443")]].concat();
    assert_eq!(places(&rhumb.ask("breakdown", &on_host).await), [json!(["/", null, 1])]);
    let by_host = rhumb.ask("breakdown", &[("metric", "lcp"), ("by", "host")]).await;
    let hosts = [json!(["shop.example", null, 2]), json!(["blog.example:8443", null, 1])];
    assert_eq!(places(&by_host), hosts);
    let other = rhumb.ask("summary", &[("host", "other.example")]).await;
    assert_eq!(other["page_views"], 0);
}

#[tokio::test]
async fn a_table_says_in_its_headers_where_the_next_page_is() {
    let rhumb = three_routes().await;
    let mut path = address("breakdown", &[("metric", "lcp"), ("by", "route"), ("limit", "1")]);
    let mut routes = Vec::new();
    for _ in 0..3 {
        let response = rhumb.get_with(&path, &[(header::ACCEPT, "text/csv")]).await;
        let link = response.headers().get(header::LINK).map(|it| it.to_str().unwrap().to_owned());
        let text = String::from_utf8(read(response).await.to_vec()).unwrap();
        let lines = text.lines().collect::<Vec<_>>();
        let columns = "value,count,p75,rating,good,needs_improvement,poor,error,poor_count,host";
        assert_eq!(lines[0], columns);
        routes.push(lines[1].split(',').next().unwrap().to_owned());
        let Some(link) = link else { break };
        let query = link.strip_prefix("<?").unwrap().strip_suffix(">; rel=\"next\"").unwrap();
        path = format!("/v1/sites/default/breakdown?{query}");
    }
    assert_eq!(routes, ["/slow", "/cart", "/"]);
}

#[tokio::test]
async fn a_cursor_of_another_question_is_refused() {
    let rhumb = three_routes().await;
    let parameters = [("metric", "lcp"), ("by", "route"), ("limit", "1")];
    let answer = rhumb.ask("breakdown", &parameters).await;
    let next = answer["next"].as_str().unwrap();
    let other = [("metric", "lcp"), ("by", "route"), ("sort", "count"), ("cursor", next)];
    let response = rhumb.get(&address("breakdown", &other)).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(read_json(response).await["field"], "cursor");
}

#[tokio::test]
async fn a_value_that_never_occurred_has_no_rows() {
    let rhumb = three_routes().await;
    let parameters = [("metric", "lcp"), ("by", "browser"), ("route", "/nowhere")];
    let answer = rhumb.ask("breakdown", &parameters).await;
    assert_eq!((&answer["rows"], &answer["next"]), (&json!([]), &Value::Null));
}
