//! What to fix first.

use crate::support::{Rhumb, beacon, read_json};
use axum::http::StatusCode;
use serde_json::{Value, json};

const PATH: &str = "/v1/sites/default/opportunities";

fn searched(page_view: u128, inp: u32, url: &str) -> Value {
    let mut beacon = beacon(page_view, 0.0);
    beacon["url"] = json!("https://shop.example/search");
    beacon["route"] = json!("/search");
    beacon["metrics"] = json!([{ "name": "INP", "value": inp, "attribution": {
        "interactionTarget": "#filters>button.apply", "inputDelay": 4, "processingDuration": inp - 12,
        "presentationDelay": 8, "longestScript": { "subpart": "processing-duration",
            "intersectingDuration": inp - 32,
            "entry": { "sourceURL": url, "sourceFunctionName": "applyFilters" } } },
    }]);
    beacon
}

fn painted(page_view: u128, lcp: u32) -> Value {
    let mut beacon = beacon(page_view, 0.0);
    beacon["url"] = json!(format!("https://shop.example/product/{page_view}"));
    beacon["route"] = json!("/product/:id");
    beacon["release"] = json!("1.4.2");
    beacon["metrics"] = json!([{ "name": "LCP", "value": lcp, "attribution": {
        "target": "img.hero", "url": format!("https://shop.example/photos/{page_view}.jpg"),
        "timeToFirstByte": 300, "resourceLoadDelay": 200, "resourceLoadDuration": lcp - 500,
        "elementRenderDelay": 0 } }]);
    beacon
}

/// Two slow searches, one poor product, and what is fast.
async fn shop() -> Rhumb {
    let rhumb = Rhumb::start();
    let own = "https://shop.example/assets/search.js";
    for beacon in [searched(1, 312, own), searched(2, 340, own), searched(3, 40, own)] {
        rhumb.accepts(&beacon).await;
    }
    for (page_view, lcp) in [(11, 4500), (12, 4200), (13, 900), (14, 1000)] {
        rhumb.accepts(&painted(page_view, lcp)).await;
    }
    rhumb
}

#[tokio::test]
async fn what_would_help_most_comes_first_with_what_to_do_and_where_to_look() {
    let rhumb = shop().await;
    let answer = rhumb.json(PATH).await;
    assert_eq!(answer["page_views"], 7);
    let [first, second] = &answer["opportunities"].as_array().unwrap()[..] else {
        panic!("{answer:#}");
    };
    assert_eq!((&first["metric"], &first["route"]), (&json!("lcp"), &json!("/product/:id")));
    let photo = json!({ "kind": "resource", "name": "img.hero", "source": "/photos/", "target": "img.hero" });
    assert_eq!(first["culprit"], photo);
    // Two of four are poor and would be good: a 75th percentile of 4200 would be 500.
    assert_eq!((&first["page_views"], &first["improved"]), (&json!(4), &json!(2)));
    assert_eq!((&second["page_views"], &second["measured"]), (&json!(2), &json!(3)));
    assert_eq!((&first["p75"], &first["p75_without"]), (&json!(4200.0), &json!(500.0)));
    assert_eq!((&first["rating"], &first["rating_without"]), (&json!("poor"), &json!("good")));
    assert_eq!(first["benefit"], 8);

    let script = json!({ "kind": "script", "name": "applyFilters", "source": "/assets/search.js",
        "target": "#filters>button.apply" });
    assert_eq!((&second["culprit"], &second["benefit"]), (&script, &json!(4)));
    // The two become 32; the third, which is fast for other reasons, stays 40.
    assert_eq!((&second["p75"], &second["p75_without"]), (&json!(340.0), &json!(40.0)));
    let advice = second["advice"].as_str().unwrap();
    assert!(advice.contains("applyFilters (/assets/search.js)"), "{advice}");
    let worst = second["evidence"][0].as_str().unwrap();
    let worst = rhumb.json(&format!("/v1/sites/default/page-views/{worst}")).await;
    assert_eq!(worst["metrics"]["inp"]["value"], 340.0);
}

#[tokio::test]
async fn scripts_of_another_host_are_one_culprit() {
    let rhumb = Rhumb::start();
    for (number, file) in [(1, "a"), (2, "b")] {
        let url = format!("https://tags.example.net/v1/{file}.js");
        rhumb.accepts(&searched(number, 400, &url)).await;
    }
    let answer = rhumb.json(PATH).await;
    let origin = json!({ "kind": "origin", "name": "tags.example.net",
        "source": "https://tags.example.net/v1/" });
    assert_eq!(answer["opportunities"][0]["culprit"], origin);
    assert_eq!(answer["opportunities"][0]["page_views"], 2);
}

#[tokio::test]
async fn the_question_may_be_about_some_page_views_and_the_answer_may_be_nothing() {
    let rhumb = shop().await;
    let metrics = async |query: &str| {
        let answer = rhumb.json(&format!("{PATH}{query}")).await;
        let found = answer["opportunities"].as_array().unwrap().iter();
        found.map(|it| it["metric"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(metrics("?route=/search").await, ["inp"]);
    assert_eq!(metrics("?release=1.4.2").await, ["lcp"]);
    assert_eq!(metrics("?limit=1").await, ["lcp"]);
    assert!(metrics("?country=FR").await.is_empty());
    assert!(metrics("?from=2020-01-01&to=2020-02-01").await.is_empty());
}

#[tokio::test]
async fn page_views_that_nobody_explained_are_blamed_on_nothing() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 9000.0)).await;
    let answer = rhumb.json(PATH).await;
    assert_eq!((&answer["page_views"], &answer["opportunities"]), (&json!(1), &json!([])));
}

#[tokio::test]
async fn wrong_questions_name_the_parameter() {
    let rhumb = Rhumb::start();
    for (query, parameter) in [("?limit=51", "limit"), ("?metric=lcp", "metric"), ("?to=x", "to")] {
        let response = rhumb.get(&format!("{PATH}{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(read_json(response).await["field"], parameter, "{query}");
    }
    let response = rhumb.get("/v1/sites/nowhere/opportunities").await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_answer_that_has_not_changed_is_not_sent_again() {
    let rhumb = shop().await;
    let tag = rhumb.tag(PATH).await;
    assert_eq!(rhumb.get_again(PATH, &tag).await.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_answer_is_a_table_too() {
    let rhumb = shop().await;
    let table = rhumb.table(PATH).await;
    let [columns, first, second] = &table[..] else { panic!("{table:?}") };
    let named = |row: &[String], name: &str| {
        row[columns.iter().position(|column| column == name).unwrap()].clone()
    };
    assert_eq!((first.len(), second.len()), (columns.len(), columns.len()));
    for (name, value) in [
        ("metric", "lcp"),
        ("route", "/product/:id"),
        ("kind", "resource"),
        ("source", "/photos/"),
        ("measured", "4"),
        ("p75_without", "500"),
        ("rating_without", "good"),
        ("part", "resourceLoadDuration"),
    ] {
        assert_eq!(named(first, name), value, "{name}");
    }
    let answer = rhumb.json(PATH).await;
    let second_of = &answer["opportunities"][1];
    assert_eq!(json!(named(second, "advice")), second_of["advice"]);
    let evidence = second_of["evidence"].as_array().unwrap().iter();
    let evidence = evidence.map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join(" ");
    assert_eq!(named(second, "evidence"), evidence);
}
