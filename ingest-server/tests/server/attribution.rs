//! What is behind values: groups of page views.

use crate::support::{Rhumb, beacon, read_json};
use axum::http::StatusCode;
use serde_json::{Value, json};

const PATH: &str = "/v1/sites/default/attribution";

fn pressed(page_view: u128, ms: f64, target: &str, function: &str) -> Value {
    let mut beacon = beacon(page_view, 0.0);
    beacon["route"] = json!("/search");
    beacon["metrics"] = json!([{ "name": "INP", "value": ms, "attribution": {
        "interactionTarget": target, "interactionType": "pointer", "loadState": "complete",
        "inputDelay": 10, "processingDuration": ms - 20.0, "presentationDelay": 10,
        "longestScript": { "subpart": "processing-duration", "intersectingDuration": ms - 25.0,
            "entry": { "sourceURL": "https://shop.example/app.js", "sourceFunctionName": function } },
    } }]);
    beacon
}

async fn shop() -> Rhumb {
    let rhumb = Rhumb::start();
    for (number, ms, target, function) in [
        (1, 612.0, "#buy", "buy"),
        (2, 40.0, "#menu", "open"),
        (3, 50.0, "#menu", "open"),
        (4, 312.4, "#buy", "buy"),
    ] {
        rhumb.accepts(&pressed(number, ms, target, function)).await;
    }
    rhumb
}

#[tokio::test]
async fn every_way_to_explain_a_metric_is_told() {
    let rhumb = shop().await;
    let report = rhumb.json(&format!("{PATH}?metric=inp")).await;
    assert_eq!((&report["count"], &report["p75"]), (&json!(4), &json!(312.4)));
    assert_eq!((&report["unit"], &report["error"]), (&json!("ms"), &json!(0.0)));
    assert!(report["texts"].as_array().unwrap().contains(&json!("longestScript.sourceURL")));
    let rows = |by: &str| {
        let groups = report["groups"].as_array().unwrap();
        groups.iter().find(|it| it["by"] == by).unwrap()["rows"].clone()
    };
    assert_eq!(
        rows("target")[0],
        json!({ "value": "#buy", "count": 2, "share": 0.5, "p75": 612.0, "rating": "poor",
            "poor_count": 1, "part": { "name": "processingDuration", "p75": 592.0 } })
    );
    assert_eq!(
        rows("script")[0],
        json!({ "value": "buy", "source": "https://shop.example/app.js", "count": 2, "share": 0.5,
            "p75": 612.0, "rating": "poor", "poor_count": 1,
            "part": { "name": "longestScript.intersectingDuration", "p75": 587.0 } })
    );
    assert_eq!(rows("subpart")[0]["value"], "processingDuration");
    assert_eq!(rows("interaction_type").as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_what_is_asked_for_is_told_of_the_page_views_that_are_meant() {
    let rhumb = shop().await;
    let report = rhumb.json(&format!("{PATH}?metric=inp&by=target&limit=1&route=/search")).await;
    let groups = report["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0]["rows"][1]["value"], "(other)");
    assert_eq!(groups[0]["rows"][1]["count"], 2);
    let nothing = rhumb.json(&format!("{PATH}?metric=inp&by=target&route=/nowhere")).await;
    assert_eq!((&nothing["count"], nothing.get("p75")), (&json!(0), None));
    assert_eq!(nothing["groups"][0]["rows"], json!([]));
}

#[tokio::test]
async fn page_views_that_are_in_histograms_are_still_explained() {
    let limits =
        ingest_server::store::sqlite::RollUpLimits { tail_min: 0, step_max: 1, corrections_max: 0 };
    let rhumb = Rhumb::with_roll_up(limits);
    for number in 1..=5 {
        rhumb.accepts(&pressed(number, 400.0, "#buy", "buy")).await;
    }
    let report = rhumb.json(&format!("{PATH}?metric=inp&by=target")).await;
    assert_eq!(report["groups"][0]["rows"][0]["count"], 5);
}

#[tokio::test]
async fn wrong_questions_name_the_parameter() {
    let rhumb = Rhumb::start();
    for (query, parameter) in
        [("", "metric"), ("?metric=fid", "metric"), ("?metric=ttfb&by=target", "by")]
    {
        let response = rhumb.get(&format!("{PATH}{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(read_json(response).await["field"], parameter, "{query}");
    }
}

#[tokio::test]
async fn an_answer_that_has_not_changed_is_not_sent_again() {
    let rhumb = shop().await;
    let path = format!("{PATH}?metric=inp");
    let tag = rhumb.tag(&path).await;
    assert_eq!(rhumb.get_again(&path, &tag).await.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_groups_are_a_table_too() {
    let table = shop().await.table(&format!("{PATH}?metric=inp")).await;
    let columns = "by,value,source,count,share,p75,rating,poor_count,part,part_p75";
    assert_eq!(table[0].join(","), columns);
    let rows = table.iter().map(|row| row.join(",")).collect::<Vec<_>>();
    for begins in
        ["target,#buy,,2,0.5,612,poor,1,", "script,buy,https://shop.example/app.js,2,0.5,"]
    {
        assert!(rows.iter().any(|row| row.starts_with(begins)), "{begins}: {rows:#?}");
    }
}
