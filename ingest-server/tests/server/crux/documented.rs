//! The answer that the README of crux-api, a client, shows of the public API, less the metrics that
//! are not kept here.

use super::{RECORD, answer, page_view, period, visit, yesterday};
use crate::support::Rhumb;
use serde_json::{Value, json};

const DOCUMENTED: &str = include_str!("documented.json");

/// Of 10 000 page views: metric, how many are in each bin, the 75th percentile, and a value in each of
/// the other bins.
const VITALS: [(&str, [usize; 3], f64, [f64; 2]); 5] = [
    ("FCP", [9194, 576, 230], 1208.0, [2000.0, 3001.0]),
    ("CLS", [9343, 511, 146], 0.01, [0.2, 0.26]),
    ("TTFB", [6801, 2999, 200], 846.0, [846.0, 1900.0]),
    ("INP", [9682, 230, 88], 63.0, [500.0, 501.0]),
    ("LCP", [9343, 418, 239], 1450.0, [2501.0, 9000.0]),
];
const NAVIGATION_TYPES: [(&str, usize); 7] = [
    ("back-forward-cache", 398),
    ("prerender", 89),
    ("navigate", 7000),
    ("soft-navigation", 618),
    ("reload", 104),
    ("restore", 79),
    ("back-forward", 1712),
];

fn documented_page_view(number: usize) -> Value {
    let metrics = VITALS.map(|(name, [good, middle, _], p75, [in_middle, in_poor])| {
        let value = match number {
            _ if number >= good + middle => in_poor,
            _ if number >= good => in_middle,
            _ if number >= 7499 => p75,
            _ => p75 / 2.0,
        };
        json!({ "name": name, "value": value })
    });
    let mut rest = number;
    let navigation_type = NAVIGATION_TYPES.into_iter().find(|(_, count)| {
        let is_it = rest < *count;
        rest = rest.saturating_sub(*count);
        is_it
    });
    let mut beacon = page_view("default", number, "https://github.com/marketplace?q=1#top", 0);
    beacon["metrics"] = json!(metrics);
    beacon["form_factor"] = json!("desktop");
    beacon["navigation_type"] = json!(navigation_type.unwrap().0);
    beacon
}

#[tokio::test]
async fn an_answer_is_the_one_that_the_public_api_is_documented_with() {
    let rhumb = Rhumb::start();
    let beacons = (0..10_000).map(documented_page_view).collect::<Vec<_>>();
    for beacons in beacons.chunks(100) {
        visit(&rhumb, "https://github.com", &json!(beacons)).await;
    }

    let query =
        json!({ "url": "https://github.com/marketplace?type=actions", "formFactor": "DESKTOP" });
    let mut expected: Value = serde_json::from_str(DOCUMENTED).unwrap();
    expected["record"]["collectionPeriod"] = period(yesterday());
    assert_eq!(answer(&rhumb, RECORD, query).await, expected);
}
