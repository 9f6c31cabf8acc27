//! Answers that are given for some of the page views, because there are too many.

use crate::support::Filled;
use ingest_server::{
    report::{AttributionQuestion, OpportunitiesQuestion, Parameters, RankedQuestion, asked},
    store::sqlite::Reader,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::num::NonZeroU32;

const PAGE_VIEWS: u32 = 400;

/// Every fourth paint is that of a slow hero, and poor.
fn shop() -> (Filled, Timestamp) {
    let now = Timestamp::now();
    let mut filled = Filled::new();
    let says = |target: &str, lcp: f64| {
        json!({ "route": "/", "metrics": [{ "name": "LCP", "value": lcp, "attribution": {
            "target": target, "url": "https://shop.example/hero.jpg", "timeToFirstByte": 300,
            "resourceLoadDelay": 200, "resourceLoadDuration": lcp - 500.0, "elementRenderDelay": 0,
        } }] })
    };
    for _ in 0..PAGE_VIEWS / 4 {
        filled.visit(&now.to_string(), [0.0], &says("img.hero", 5000.0));
        filled.visit(&now.to_string(), [0.0; 3], &says("img.logo", 900.0));
    }
    (filled, now)
}

/// The answers of both routes, each for at most so many page views.
async fn answers(filled: &Filled, now: Timestamp, rows_max: u32) -> [Value; 2] {
    let reader = Reader::open(&filled.folder.path().join("rhumb.db")).unwrap();
    let rows_max = NonZeroU32::new(rows_max).unwrap();
    let site = (reader.sites().await.unwrap().get("default").unwrap().id, "default");

    let parameters = Parameters::parse("metric=lcp&by=target").unwrap();
    let question = AttributionQuestion::take(parameters, now).unwrap();
    let attribution = asked::attribution(&reader, site, question, rows_max, now).await.unwrap();
    let question = OpportunitiesQuestion::take(Parameters::parse("").unwrap(), now).unwrap();
    let opportunities = asked::what_to_fix(&reader, site, question, rows_max, now).await.unwrap();
    [serde_json::to_value(attribution).unwrap(), serde_json::to_value(opportunities).unwrap()]
}

#[tokio::test]
async fn an_answer_for_all_page_views_counts_each_and_does_not_speak_of_a_sample() {
    let (filled, now) = shop();
    for rows_max in [PAGE_VIEWS, u32::MAX] {
        let [attribution, opportunities] = answers(&filled, now, rows_max).await;
        assert_eq!((attribution.get("sampled"), opportunities.get("sampled")), (None, None));
        assert_eq!(attribution["count"], PAGE_VIEWS);
        let hero = &attribution["groups"][0]["rows"][0];
        assert_eq!((&hero["value"], &hero["count"]), (&json!("img.hero"), &json!(PAGE_VIEWS / 4)));
        assert_eq!(opportunities["page_views"], PAGE_VIEWS);
        assert_eq!(opportunities["opportunities"][0]["improved"], PAGE_VIEWS / 4);
    }
}

#[tokio::test]
async fn an_answer_for_some_page_views_says_so_and_counts_only_these() {
    let (filled, now) = shop();
    let [attribution, opportunities] = answers(&filled, now, PAGE_VIEWS / 4).await;
    let sampled = json!({ "one_in": 4 });
    assert_eq!((&attribution["sampled"], &opportunities["sampled"]), (&sampled, &sampled));
    let count = attribution["count"].as_u64().unwrap();
    assert!((99..=100).contains(&count), "{count}");
    assert_eq!(opportunities["page_views"], count);
    // Every fourth is that of the hero: a sample of every fourth would have it always, or never.
    let hero = &attribution["groups"][0]["rows"][0];
    assert_eq!((&hero["value"], &hero["p75"]), (&json!("img.hero"), &json!(5000.0)));
    assert!((0.2..0.3).contains(&hero["share"].as_f64().unwrap()), "{hero}");
    let first = &opportunities["opportunities"][0];
    // Both looks had the same page views.
    assert_eq!((&first["page_views"], &first["improved"]), (&hero["count"], &hero["count"]));
    assert_eq!(first["culprit"]["kind"], "resource");
}

/// The answer which components render, for at most so many page views.
async fn which_render(filled: &Filled, now: Timestamp, rows_max: u32) -> Value {
    let reader = Reader::open(&filled.folder.path().join("rhumb.db")).unwrap();
    let site = (reader.sites().await.unwrap().get("default").unwrap().id, "default");
    let question = RankedQuestion::take(Parameters::parse("").unwrap(), now).unwrap();
    let rows_max = NonZeroU32::new(rows_max).unwrap();
    let report = asked::which_render(&reader, site, question, rows_max, now).await.unwrap();
    serde_json::to_value(report).unwrap()
}

#[tokio::test]
async fn components_of_some_page_views_say_so_and_count_only_these() {
    let now = Timestamp::now();
    let mut filled = Filled::new();
    let render = |id: &str| {
        json!({ "renders": { "components": [{
            "id": id, "phase": "update", "count": 1, "actual_us": 1000, "base_us": 1000,
            "max_us": 1000, "slow_count": 0, "full_count": 1, "bins": [[-80, 1]],
        }] } })
    };
    // Every second page view tells of renders, and every fourth is of another component.
    for _ in 0..PAGE_VIEWS / 4 {
        for says in [json!({}), render("List"), json!({}), render("Card")] {
            filled.visit(&now.to_string(), [900.0], &says);
        }
    }
    let all = which_render(&filled, now, PAGE_VIEWS / 2).await;
    assert_eq!((all.get("sampled"), &all["page_views"]), (None, &json!(PAGE_VIEWS / 2)));

    let some = which_render(&filled, now, PAGE_VIEWS / 4).await;
    assert_eq!(some["sampled"], json!({ "one_in": 4 }));
    let page_views = some["page_views"].as_u64().unwrap();
    assert!((40..=60).contains(&page_views), "{page_views}");
    let counts = some["rows"].as_array().unwrap().iter().map(|row| row["count"].as_u64().unwrap());
    let counts = counts.collect::<Vec<_>>();
    assert_eq!((counts.len(), counts.iter().sum::<u64>()), (2, page_views));
    assert!(counts.iter().all(|count| (15..=35).contains(count)), "{counts:?}");
}
