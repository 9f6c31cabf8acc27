//! Long frames, measures and resources, from a beacon to the reports.

use crate::support::{Rhumb, beacon, read, read_json};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

/// Within the bin whose number is the first of the pair, by how long it took.
fn durations(count: u32, each_ms: u32) -> Value {
    let bin = beacon::duration_bin(f64::from(each_ms)).unwrap();
    let max = each_ms * 1000;
    json!({ "count": count, "total_us": count * max, "max_us": max, "bins": [[bin, count]] })
}

/// A page view whose filter blocks an answer, beside somebody else's script that only runs long.
fn blocked(page_view: u128, sequence: u32) -> Value {
    let script = |source: &str, function: &str, total_us: u32, blocking_us: u32, slow: u32| {
        json!({ "source": source, "function": function, "invoker": "BUTTON#apply.onclick",
                "invoker_type": "event-listener", "count": 1, "total_us": total_us,
                "blocking_us": blocking_us, "slow_interactions": slow })
    };
    let mut beacon = beacon(page_view, 1200.0);
    beacon["url"] = json!("https://www.shop.example/trips");
    beacon["sequence"] = json!(sequence);
    beacon["long_frames"] = json!({
        "frames": durations(2, 200), "blocking_us": 290_000, "slow_interactions": 2, "dropped": 1,
        "scripts": [
            script("https://ads.example/tag.js?id=secret", "track", 180_000, 60_000, 0),
            script("https://static.shop.example/search.js", "slowFilter", 120_000, 100_000, 1),
        ] });
    beacon
}

/// A page view that timed its checkout and loaded a heavy script.
fn loaded(page_view: u128) -> Value {
    let weight = |count: u32, decoded: u32| {
        json!({ "count": count, "cached_count": 1, "transfer_bytes": decoded / 3,
                "encoded_bytes": decoded / 3, "decoded_bytes": decoded })
    };
    let file = |url: &str, kind: &str, weight: Value| {
        json!({ "url": url, "kind": kind, "protocol": "h2", "weight": weight,
                "durations": durations(2, 40) })
    };
    let mut beacon = beacon(page_view, 1200.0);
    beacon["url"] = json!("https://www.shop.example/trips");
    beacon["measures"] = json!({ "dropped": 2, "names": [
        { "kind": "mark", "name": "checkout", "durations": durations(1, 900) },
        { "kind": "measure", "name": "checkout", "durations": durations(2, 412) },
    ] });
    beacon["resources"] = json!({
        "kinds": [ { "kind": "script", "weight": weight(5, 960_000) },
                   { "kind": "request", "weight": weight(9, 60_000) } ],
        "files": [ file("https://www.shop.example/app-*.js", "script", weight(2, 60_000)),
                   file("https://cdn.example/search-*.js", "script", weight(2, 900_000)),
                   file("https://www.shop.example/a.css?secret", "style", weight(2, 9000)) ],
        "dropped": 1 });
    beacon
}

async fn three(of: fn(u128) -> Value) -> Rhumb {
    let rhumb = Rhumb::start();
    for page_view in 1..=3 {
        rhumb.accepts(&of(page_view)).await;
    }
    rhumb.accepts(&beacon(9, 800.0)).await;
    rhumb
}

#[tokio::test]
async fn the_script_that_blocks_most_comes_first_however_long_others_ran() {
    let rhumb = three(|page_view| blocked(page_view, 0)).await;
    let report = rhumb.ask("long-frames", &[]).await;
    assert_eq!((&report["page_views"], &report["frames"]), (&json!(3), &json!(6)));
    assert_eq!((&report["dropped"], &report["slow_interactions"]), (&json!(3), &json!(6)));
    assert_eq!((&report["blocking_ms"], &report["blocking_p75"]), (&json!(870.0), &json!(290.0)));
    let [filter, tag] = &report["rows"].as_array().unwrap()[..] else { panic!("{report}") };
    assert_eq!(filter["function"], "slowFilter");
    assert_eq!((&filter["is_third_party"], &tag["is_third_party"]), (&json!(false), &json!(true)));
    assert_eq!(filter["slow_interactions_share"], json!(0.5));
    assert_eq!(tag["source"], "https://ads.example/tag.js", "no query string is kept");
    let origins = report["origins"].as_array().unwrap().iter().map(|row| &row["origin"]);
    assert_eq!(origins.collect::<Vec<_>>(), ["static.shop.example", "ads.example"]);
    assert_eq!(rhumb.ask("long-frames", &[("limit", "1")]).await["rows"][0], *filter);
    let elsewhere = rhumb.ask("long-frames", &[("route", "/other")]).await;
    assert_eq!((&elsewhere["page_views"], elsewhere.get("p75")), (&json!(0), None));
}

#[tokio::test]
async fn what_was_timed_is_told_by_kind_and_name() {
    let rhumb = three(loaded).await;
    let report = rhumb.ask("measures", &[]).await;
    assert_eq!((&report["page_views"], &report["names"]), (&json!(3), &json!(2)));
    assert_eq!(report["dropped"], 6);
    let rows = report["rows"].as_array().unwrap();
    let measure = rows.iter().find(|row| row["kind"] == "measure").unwrap();
    assert_eq!((&measure["name"], &measure["count"]), (&json!("checkout"), &json!(6)));
    let p75 = measure["p75"].as_f64().unwrap();
    assert!((p75 - 412.0).abs() <= 412.0 * report["error"].as_f64().unwrap(), "{p75}");
    assert_eq!(measure["histogram"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_heaviest_file_comes_first_and_kinds_have_all_that_was_loaded() {
    let rhumb = three(loaded).await;
    let report = rhumb.ask("resources", &[]).await;
    assert_eq!((&report["page_views"], &report["files"]), (&json!(3), &json!(3)));
    let first = &report["rows"][0];
    assert_eq!(
        (&first["url"], &first["page_views"]),
        (&json!("https://cdn.example/search-*.js"), &json!(3))
    );
    assert_eq!((&first["is_third_party"], &first["cached_share"]), (&json!(true), &json!(0.5)));
    assert_eq!(first["decoded_bytes"], 2_700_000);
    assert_eq!(
        report["rows"][2]["url"], "https://www.shop.example/a.css",
        "no query string is kept"
    );
    let kinds = report["kinds"].as_array().unwrap();
    assert_eq!(
        (&kinds[0]["kind"], &kinds[0]["decoded_bytes_p75"]),
        (&json!("script"), &json!(960_000))
    );
    assert_eq!((&kinds[1]["kind"], &kinds[1]["count"]), (&json!("request"), &json!(27)));
    let styles = rhumb.ask("resources", &[("kind", "style")]).await;
    assert_eq!((&styles["files"], styles["rows"].as_array().unwrap().len()), (&json!(1), 1));
    let unknown = rhumb.get("/v1/sites/default/resources?kind=scripts").await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    assert_eq!(read_json(unknown).await["field"], "kind");
}

#[tokio::test]
async fn a_later_beacon_has_all_of_it_and_an_earlier_one_changes_nothing() {
    let rhumb = Rhumb::start();
    let mut later = blocked(1, 2);
    later["long_frames"]["frames"] = durations(7, 200);
    for beacon in [&blocked(1, 1), &later, &blocked(1, 1), &later] {
        rhumb.accepts(beacon).await;
    }
    let mut without = blocked(1, 3);
    without.as_object_mut().unwrap().remove("long_frames");
    rhumb.accepts(&without).await;
    let report = rhumb.ask("long-frames", &[]).await;
    assert_eq!((&report["page_views"], &report["frames"]), (&json!(1), &json!(7)));
}

#[tokio::test]
async fn a_page_view_has_what_its_beacon_told() {
    let rhumb = Rhumb::start();
    let sections = [loaded(1), blocked(1, 0)];
    let mut all = sections[0].clone();
    all["long_frames"] = sections[1]["long_frames"].clone();
    rhumb.accepts(&all).await;
    let told = rhumb.json(&format!("/v1/sites/default/page-views/{:032x}", 1)).await;
    assert_eq!(told["measures"], all["measures"]);
    assert_eq!(told["resources"]["files"][1]["weight"]["decoded_bytes"], 900_000);
    assert_eq!(told["long_frames"]["scripts"][1]["function"], "slowFilter");
    assert_eq!(told.get("renders"), None);
}

#[tokio::test]
async fn each_report_is_a_table_too() {
    let rhumb = three(|page_view| {
        let mut all = loaded(page_view);
        all["long_frames"] = blocked(page_view, 0)["long_frames"].clone();
        all
    })
    .await;
    for (report, first) in [
        ("long-frames", "https://static.shop.example/search.js,slowFilter,BUTTON#apply.onclick,"),
        ("measures", "mark,checkout,3,3,"),
        ("resources", "https://cdn.example/search-*.js,script,true,3,6,0.5,"),
    ] {
        let address = format!("/v1/sites/default/{report}");
        let table = rhumb.get_with(&address, &[(header::ACCEPT, "text/csv")]).await;
        let text = String::from_utf8(read(table).await.to_vec()).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with(first), "{text}");
        let columns = |line: &str| line.split(',').count();
        assert_eq!(columns(line), columns(text.lines().next().unwrap()), "{text}");
    }
}

#[tokio::test]
async fn what_does_not_fit_together_is_refused_by_field() {
    let rhumb = Rhumb::start();
    let wrong = [
        ("invalid_long_frames", "long_frames.scripts[1].blocking_us", json!(120_001)),
        ("invalid_measures", "measures.names[1].durations.max_us", json!(900_000)),
        ("invalid_resources", "resources.files[0].weight.cached_count", json!(3)),
    ];
    for (reason, field, value) in wrong {
        let mut beacon = loaded(1);
        beacon["long_frames"] = blocked(1, 0)["long_frames"].clone();
        let pointer = format!("/{}", field.replace(['.', '['], "/").replace(']', ""));
        *beacon.pointer_mut(&pointer).unwrap() = value;
        let response = rhumb.post(beacon.to_string()).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let problem = read_json(response).await;
        assert_eq!(problem["type"], format!("urn:rhumb:problem:{reason}"));
        assert_eq!(problem["field"], field);
    }
}
