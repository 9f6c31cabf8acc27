//! `GET /debug/queries`: how the statements fare that the database is asked.

use crate::support::{Binary, Rhumb, beacon, read_json};
use axum::http::{StatusCode, header};
use serde_json::Value;
use std::fs;

async fn queries(rhumb: &Rhumb, query: &str) -> Vec<Value> {
    let answer = rhumb.json(&format!("/debug/queries{query}")).await;
    answer["queries"].as_array().unwrap().clone()
}

fn named<'a>(queries: &'a [Value], name: &str) -> &'a Value {
    queries.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

#[tokio::test]
async fn statements_of_the_one_that_writes_and_of_those_that_read_are_counted_by_name() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    for filter in ["", "?host=shop.example", "?os=Linux"] {
        rhumb.json(&format!("/v1/sites/default/summary{filter}")).await;
    }
    let queries = queries(&rhumb, "").await;
    for (name, count, rows) in [
        ("page_views.insert", 1, 0),
        ("pages.number", 1, 1),
        ("page_views.selected", 3, 1),
        ("corrections.selected", 3, 0),
    ] {
        let query = named(&queries, name);
        assert_eq!((&query["count"], &query["rows"]), (&count.into(), &rows.into()), "{query}");
        let ms = |field: &str| query[field].as_f64().unwrap();
        assert!(ms("total_ms") > 0.0 && ms("mean_ms") <= ms("total_ms"), "{query}");
        assert!(query["plan"].is_null(), "{query}");
    }
    named(&queries, "transaction.commit");
    let totals = queries.iter().map(|it| it["total_ms"].as_f64().unwrap()).collect::<Vec<_>>();
    assert!(totals.is_sorted_by(|a, b| a >= b), "{totals:?}");
    assert!(queries.iter().all(|it| it["name"] != "unnamed"), "{queries:?}");
}

#[tokio::test]
async fn of_the_transactions_that_write_one_in_sixteen_is_watched() {
    let rhumb = Rhumb::start();
    for page_view in 0..17 {
        rhumb.accepts(&beacon(page_view, 100.0)).await;
    }
    let answer = rhumb.json("/debug/queries").await;
    assert_eq!(answer["writer_one_in"], 16);
    let insert = named(answer["queries"].as_array().unwrap(), "page_views.insert").clone();
    assert_eq!(insert["count"], 2, "each beacon is a transaction");
}

#[tokio::test]
async fn every_statement_says_how_it_goes_about_it_and_reads_all_of_nothing_without_a_reason() {
    let rhumb = Rhumb::start();
    rhumb.summary().await;
    let queries = queries(&rhumb, "?explain=1").await;
    let steps = named(&queries, "page_views.selected")["plan"]["steps"].to_string();
    assert!(steps.contains("SEARCH page_views USING INTEGER PRIMARY KEY (rowid>?)"), "{steps}");
    let unasked = named(&queries, "page_views.export");
    assert_eq!((&unasked["count"], unasked["plan"].is_object()), (&0.into(), true), "{unasked}");
    for query in &queries {
        let (scans, because) = (&query["plan"]["full_scans"], &query["plan"]["because"]);
        assert!(scans.as_array().unwrap().is_empty() || because.is_string(), "{query}");
    }
    let scan = named(&queries, "doctor.page_views");
    assert_eq!(scan["plan"]["full_scans"][0], "page_views");
}

#[tokio::test]
async fn they_are_for_those_who_may_read_the_reports() {
    let rhumb = Rhumb::with_token(Some("0123456789abcdef"));
    assert_eq!(rhumb.get("/debug/queries").await.status(), StatusCode::UNAUTHORIZED);
    let token = [(header::AUTHORIZATION, "Bearer 0123456789abcdef")];
    let allowed = rhumb.get_with("/debug/queries", &token).await;
    assert_eq!(allowed.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_parameter_that_is_not_understood_is_named() {
    let rhumb = Rhumb::start();
    for (query, field) in [("explain=yes", "explain"), ("plan=1", "plan")] {
        let refused = rhumb.get(&format!("/debug/queries?{query}")).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(read_json(refused).await["field"], field);
    }
}

#[tokio::test]
async fn the_log_tells_of_a_slow_statement_how_sqlite_went_about_it_and_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let every = [("RHUMB_SLOW_QUERY_MS", "0"), ("RHUMB_LOG_FORMAT", "json")];
    let server = Binary::start_logging_in(folder.path(), &log, &every);
    let ask = format!("{}v1/sites/default/summary?browser=PlantedBrowser", server.url);
    reqwest::get(ask).await.unwrap().error_for_status().unwrap();
    let mut beacon = beacon(1, 100.0);
    beacon["url"] = "https://shop.example/planted-path".into();
    let post = reqwest::Client::new().post(format!("{}v1/ingest", server.url));
    post.body(beacon.to_string()).send().await.unwrap().error_for_status().unwrap();
    drop(server);
    let log = fs::read_to_string(log).unwrap();
    let told = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told = told.filter(|it| it["fields"]["message"] == "a statement was slow");
    let told = told.map(|it| it["fields"].clone()).collect::<Vec<_>>();
    let of = |name| told.iter().find(|it| it["db.statement_name"] == name).unwrap();
    let read = of("page_views.selected");
    let plan = read["plan"].as_str().unwrap();
    assert!(plan.starts_with("SEARCH page_views USING INTEGER PRIMARY KEY"), "{plan}");
    assert!(read["duration_ms"].is_u64(), "{read}");
    of("pages.number");
    for value in ["PlantedBrowser", "planted-path"] {
        assert!(!log.contains(value), "{value} is in\n{log}");
    }
}
