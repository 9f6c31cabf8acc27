//! `GET …/summary`

use super::history::{self, address, visits};
use crate::support::{Rhumb, beacon, read};
use axum::http::header;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn what_was_before_is_the_summary_of_the_period_before(visits in visits()) {
        history::run(async {
            let rhumb = history::of(&visits).await;
            for (hours, filters) in [
                (120, &[][..]),
                (50, &[("route", "/")]),
                (60, &[("release", "1.4.2"), ("connection", "4g")]),
                (1, &[]),
            ] {
                let from = (Timestamp::now() - SignedDuration::from_hours(hours)).to_string();
                let summary = rhumb.ask("summary", &[&[("from", &*from)], filters].concat()).await;
                let period = &summary["previous_period"];
                assert_eq!(period["to"], summary["period"]["from"]);
                let [from, to] = ["from", "to"].map(|end| (end, period[end].as_str().unwrap()));
                let before = rhumb.ask("summary", &[&[from, to], filters].concat()).await;
                for metric in ["lcp", "inp", "cls"] {
                    let found = &summary["metrics"][metric]["previous"];
                    let expected = &before["metrics"][metric];
                    for field in ["count", "p75"] {
                        assert_eq!(found[field], expected[field], "{metric} {field} {filters:?}");
                    }
                }
            }
        });
    }
}

fn lcp(number: u128, hours_ago: i64, ms: f64) -> Value {
    let mut beacon = beacon(number, ms);
    let started_at = Timestamp::now() - SignedDuration::from_hours(hours_ago);
    beacon["started_at"] = json!(started_at.to_string());
    beacon
}

#[tokio::test]
async fn what_has_become_slower_since_the_period_before_is_said() {
    let rhumb = Rhumb::start();
    for number in 0..100 {
        let ms = f64::from(u8::try_from(number % 50).unwrap());
        rhumb.accepts(&lcp(number, 15, 1000.0 + ms)).await;
        rhumb.accepts(&lcp(1000 + number, 5, 2000.0 + ms)).await;
    }
    let from = (Timestamp::now() - SignedDuration::from_hours(9)).to_string();
    let summary = rhumb.ask("summary", &[("from", &from)]).await;
    let previous = json!({ "count": 100, "p75": 1037.0, "error": 0.0, "verdict": "regressed" });
    assert_eq!(summary["metrics"]["lcp"]["previous"], previous);
    let previous = json!({ "count": 0, "error": 0.0, "verdict": "too_few_samples" });
    assert_eq!(summary["metrics"]["inp"]["previous"], previous);
}

#[tokio::test]
async fn a_spreadsheet_gets_a_row_for_each_metric() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 2312.4)).await;
    let table = [(header::ACCEPT, "text/csv")];
    let table = rhumb.get_with(&address("summary", &[]), &table).await;
    let text = String::from_utf8(read(table).await.to_vec()).unwrap();
    let lines = text.lines().collect::<Vec<_>>();
    assert!(lines[0].starts_with("metric,unit,count,p50,p75,p90,p95,p99,error,rating,"), "{text}");
    let lcp = "lcp,ms,1,2312.4,2312.4,2312.4,2312.4,2312.4,0,good,1,0,0,,too_few_samples";
    assert_eq!((lines[1], lines.len()), (lcp, 6), "{text}");
}
