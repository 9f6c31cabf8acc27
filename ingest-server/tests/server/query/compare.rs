//! `GET …/compare`

use super::history::{self, address, visits};
use crate::support::{Rhumb, beacon, read_json};
use axum::http::StatusCode;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn each_side_is_the_summary_of_its_page_views(visits in visits()) {
        history::run(async {
            let rhumb = history::of(&visits).await;
            let sides = [("baseline", "1.4.1"), ("candidate", "1.4.2")];
            for filters in [&[][..], &[("route", "/")]] {
                let parameters = [&[("metric", "inp")][..], &sides, filters].concat();
                let answer = rhumb.ask("compare", &parameters).await;
                for (side, release) in sides {
                    let of_side = [&[("release", release)], filters].concat();
                    assert_side(&answer[side], &rhumb.ask("summary", &of_side).await);
                }
            }
            let now = Timestamp::now();
            let [from, middle, to] = [60, 24, 0].map(|hours| (now - hours.hours()).to_string());
            let periods = [("baseline", &from, &middle), ("candidate", &middle, &to)];
            // The hour in the middle may belong to one of them only.
            let ranges = periods.map(|(side, from, to)| {
                let hour = |time: &str| time.split(':').next().unwrap().to_owned() + ":00:00Z";
                (side, hour(from), hour(to))
            });
            let mut parameters = vec![("metric", "inp")];
            let texts = ranges.clone().map(|(_, from, to)| format!("{from}..{to}"));
            parameters.extend(ranges.iter().zip(&texts).map(|((side, _, _), text)| (*side, &**text)));
            let answer = rhumb.ask("compare", &parameters).await;
            for (side, from, to) in &ranges {
                let summary = rhumb.ask("summary", &[("from", from), ("to", to)]).await;
                assert_side(&answer[side], &summary);
                assert_eq!(answer[side]["period"], summary["period"]);
            }
        });
    }
}

fn assert_side(side: &Value, summary: &Value) {
    for field in ["count", "p75", "shares"] {
        assert_eq!(side[field], summary["metrics"]["inp"][field], "{field} of {side}");
    }
}

#[tokio::test]
async fn a_release_that_is_slower_has_regressed() {
    let rhumb = Rhumb::start();
    for number in 0..200_u32 {
        let mut beacon = beacon(number.into(), f64::from(2000 + number / 2 + number % 2 * 500));
        beacon["release"] = json!(["1.4.1", "1.4.2"][number as usize % 2]);
        rhumb.accepts(&beacon).await;
    }
    let parameters = [("metric", "lcp"), ("baseline", "1.4.1"), ("candidate", "1.4.2")];
    let answer = rhumb.ask("compare", &parameters).await;
    assert_eq!((&answer["site"], &answer["metric"]), (&json!("default"), &json!("lcp")));
    assert!(answer["period"]["from"].is_string());
    let shares = json!({ "good": 1.0, "needs_improvement": 0.0, "poor": 0.0 });
    let baseline = json!({
        "release": "1.4.1", "count": 100, "p75": 2074.0, "error": 0.0, "shares": shares,
    });
    assert_eq!(answer["baseline"], baseline);
    assert_eq!(answer["candidate"]["release"], "1.4.2");
    assert_eq!((&answer["difference"], &answer["relative"]), (&json!(500.0), &json!(0.2411)));
    assert_eq!(answer["verdict"], "regressed");
    let path = address("compare", &parameters);
    let tag = rhumb.tag(&path).await;
    assert_eq!(rhumb.get_again(&path, &tag).await.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn releases_that_never_were_have_too_few_samples() {
    let rhumb = Rhumb::start();
    let parameters = [("metric", "cls"), ("baseline", "1"), ("candidate", "2")];
    let answer = rhumb.ask("compare", &parameters).await;
    assert_eq!(
        (&answer["verdict"], &answer["baseline"]["count"]),
        (&json!("too_few_samples"), &json!(0))
    );
}

#[tokio::test]
async fn a_release_beside_two_releases_is_refused() {
    let rhumb = Rhumb::start();
    let parameters = [("metric", "lcp"), ("baseline", "1"), ("candidate", "2"), ("release", "3")];
    let response = rhumb.get(&address("compare", &parameters)).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(read_json(response).await["field"], "release");
}

#[tokio::test]
async fn a_comparison_is_a_row_of_a_table_too() {
    let rhumb = Rhumb::start();
    for (number, release, lcp) in [(1, "1.4.1", 1000.0), (2, "1.4.2", 3000.0)] {
        let mut beacon = beacon(number, lcp);
        beacon["release"] = json!(release);
        rhumb.accepts(&beacon).await;
    }
    let path =
        address("compare", &[("metric", "lcp"), ("baseline", "1.4.1"), ("candidate", "1.4.2")]);
    let [columns, row] = &rhumb.table(&path).await[..] else { panic!("there is one row") };
    let told = columns.iter().zip(row).filter(|(name, _)| !name.contains("interval"));
    let told = told.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    assert_eq!(
        told.join(" "),
        "metric=lcp unit=ms baseline=1.4.1 baseline_count=1 baseline_p75=1000 baseline_good=1 \
         baseline_needs_improvement=0 baseline_poor=0 baseline_error=0 candidate=1.4.2 \
         candidate_count=1 candidate_p75=3000 candidate_good=0 candidate_needs_improvement=1 \
         candidate_poor=0 candidate_error=0 difference=2000 relative=2 verdict=too_few_samples"
    );
}
