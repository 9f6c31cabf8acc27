//! What the log tells of the server's work where somebody asks for `debug`.

use crate::support::{Binary, beacon};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use std::{fs, path::Path};

const TOKEN: &str = "planted-token-0123456789";

/// The spans of a log that have ended, each with its fields.
fn ended(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|it| it["fields"]["message"] == "close").map(|it| it["span"].clone()).collect()
}

/// Beacons for one roll-up, and a report.
async fn served(folder: &Path) -> String {
    let log = folder.join("log");
    let debug = [("RUST_LOG", "debug"), ("RHUMB_LOG_FORMAT", "json"), ("RHUMB_ADMIN_TOKEN", TOKEN)];
    let server = Binary::start_logging_in(folder, &log, &debug);
    let client = reqwest::Client::builder().user_agent("PlantedAgent/1.0").build().unwrap();
    for batch in 0..80_u128 {
        let page_views = (0..100).map(|number| {
            let mut beacon = beacon(batch * 100 + number, 100.0);
            beacon["url"] = json!("https://shop.example/?planted=query");
            beacon
        });
        let body = page_views.collect::<Value>().to_string();
        let sent = client.post(format!("{}v1/ingest?delay_ms=0", server.url)).body(body);
        assert_eq!(sent.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    }
    let ask = format!("{}v1/sites/default/summary?browser=PlantedBrowser", server.url);
    let asked = client.get(ask).header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
    asked.send().await.unwrap().error_for_status().unwrap();
    drop(server);
    fs::read_to_string(log).unwrap()
}

#[tokio::test]
async fn each_part_of_the_work_is_a_span_with_its_size_and_time_and_none_tells_of_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let log = served(folder.path()).await;
    let ended = ended(&log);
    for (name, field) in [
        ("ingest", "body_bytes"),
        ("ingest", "batch.page_views"),
        ("commit", "batch.requests"),
        ("commit", "batch.page_views"),
        ("roll_up", "batch.page_views_max"),
        ("query", "duration_ms"),
    ] {
        let span = ended.iter().find(|it| it["name"] == name);
        let span = span.unwrap_or_else(|| panic!("no {name} in\n{log}"));
        assert!(span[field].is_number() && span["duration_ms"].is_f64(), "{field} of {span}");
    }
    let ingest = ended.iter().find(|it| it["name"] == "ingest").unwrap();
    assert_eq!(ingest["batch.page_views"], 100);
    let statement = r#""db.statement_name":"page_views.insert""#;
    assert!(log.lines().any(|it| it.contains(statement) && it.contains(r#""name":"commit""#)));
    for secret in [TOKEN, "PlantedAgent", "planted=query", "PlantedBrowser", "delay_ms"] {
        assert!(!log.contains(secret), "{secret} is told");
    }
}
