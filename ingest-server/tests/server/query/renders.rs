//! What components do, from a beacon to the report and to an export.

use crate::support::{Rhumb, beacon, read, read_json};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

/// A component that is rendered anew at each of its updates, and one that is not.
fn rendering(page_view: u128, sequence: u32, updates: u32) -> Value {
    let render = |id: &str, phase: &str, count: u32, ms: u32, full_count: u32| {
        json!({ "id": id, "phase": phase, "count": count, "actual_us": count * ms * 1000,
                "base_us": count * 20_000, "max_us": ms * 1000, "slow_count": if ms > 16 { count } else { 0 },
                "full_count": full_count, "bins": [[if ms > 16 { -46 } else { -73 }, count]] })
    };
    let mut beacon = beacon(page_view, 1200.0);
    beacon["sequence"] = json!(sequence);
    beacon["renders"] = json!({ "dropped": 2, "components": [
        render("PlainList", "mount", 1, 20, 1),
        render("PlainList", "update", updates, 20, updates),
        render("MemoList", "update", updates, 2, 0),
    ] });
    beacon
}

fn row<'a>(report: &'a Value, component: &str) -> &'a Value {
    let rows = report["rows"].as_array().unwrap();
    rows.iter().find(|row| row["component"] == component).unwrap()
}

#[tokio::test]
async fn the_list_that_renders_anew_each_time_is_told_from_the_one_that_does_not() {
    let rhumb = Rhumb::start();
    for page_view in 1..=3 {
        rhumb.accepts(&rendering(page_view, 0, 10)).await;
    }
    rhumb.accepts(&beacon(9, 800.0)).await;
    let report = rhumb.ask("renders", &[]).await;
    assert_eq!(report["page_views"], 3);
    assert_eq!(report["dropped"], 6);
    assert_eq!(report["rows"][0]["component"], "PlainList");
    let plain = row(&report, "PlainList");
    assert_eq!(plain["updates"], "in_full");
    assert_eq!((&plain["count"], &plain["total_ms"]), (&json!(33), &json!(660.0)));
    assert_eq!(plain["updates_per_mount"], 10.0);
    let update = &plain["phases"][1];
    assert_eq!((&update["phase"], &update["slow_share"]), (&json!("update"), &json!(1.0)));
    let p75 = update["p75"].as_f64().unwrap();
    assert!((p75 - 20.0).abs() <= 20.0 * report["error"].as_f64().unwrap(), "{p75}");
    assert_eq!(row(&report, "MemoList")["updates"], "in_part");
}

#[tokio::test]
async fn a_later_beacon_has_all_of_it_and_an_earlier_one_changes_nothing() {
    let rhumb = Rhumb::start();
    for (sequence, updates) in [(1, 20), (0, 10), (2, 30), (2, 30), (1, 20)] {
        rhumb.accepts(&rendering(1, sequence, updates)).await;
    }
    let report = rhumb.ask("renders", &[]).await;
    assert_eq!(report["page_views"], 1);
    assert_eq!(row(&report, "PlainList")["count"], 31);
    let without = rhumb.ask("renders", &[("route", "/other")]).await;
    assert_eq!((&without["page_views"], &without["rows"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn a_page_view_has_what_its_beacon_told() {
    let rhumb = Rhumb::start();
    let beacon = rendering(1, 0, 30);
    rhumb.accepts(&beacon).await;
    let told = rhumb.json(&format!("/v1/sites/default/page-views/{:032x}", 1)).await;
    assert_eq!(told["renders"], beacon["renders"]);
}

#[tokio::test]
async fn the_report_is_a_table_too() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&rendering(1, 0, 30)).await;
    let table = [(header::ACCEPT, "text/csv")];
    let table = rhumb.get_with("/v1/sites/default/renders?limit=1", &table).await;
    let text = String::from_utf8(read(table).await.to_vec()).unwrap();
    let lines = text.lines().collect::<Vec<_>>();
    assert!(lines[0].starts_with("component,phase,count,total_ms,p75_ms,"), "{text}");
    assert!(lines[1].starts_with("PlainList,mount,1,20,"), "{text}");
    assert_eq!(lines.len(), 3, "{text}");
}

#[tokio::test]
async fn numbers_that_do_not_fit_together_are_refused_by_field() {
    let rhumb = Rhumb::start();
    let mut beacon = rendering(1, 0, 30);
    beacon["renders"]["components"][1]["slow_count"] = json!(31);
    let response = rhumb.post(beacon.to_string()).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem = read_json(response).await;
    assert_eq!(problem["type"], "urn:rhumb:problem:invalid_renders");
    assert_eq!(problem["field"], "renders.components[1].slow_count");
}
