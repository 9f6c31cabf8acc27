//! What a record tells.

use super::{HISTORY, RECORD, answer, p75, page_view, period, refusal, visit, yesterday};
use crate::support::Rhumb;
use jiff::{ToSpan, civil::Weekday};
use serde_json::{Value, json};

#[tokio::test]
async fn a_history_has_a_number_for_each_period_and_says_where_there_is_none() {
    let rhumb = Rhumb::start();
    let mut beacon = page_view("default", 1, "https://shop.example/", 1303);
    beacon["form_factor"] = json!("phone");
    visit(&rhumb, "https://shop.example", &beacon).await;
    let history = answer(&rhumb, HISTORY, json!({ "url": "https://shop.example" })).await;
    let record = &history["record"];

    let periods = record["collectionPeriods"].as_array().unwrap();
    assert_eq!(periods.len(), 25);
    let saturday = (0..7).map(|days| yesterday().saturating_sub(days.days()));
    let saturday = saturday.into_iter().find(|it| it.weekday() == Weekday::Saturday);
    assert_eq!(periods[24], period(saturday.unwrap()));
    assert_eq!(periods[0], period(saturday.unwrap().saturating_sub(24.weeks())));

    let lcp = &record["metrics"]["largest_contentful_paint"];
    let p75s = lcp["percentilesTimeseries"]["p75s"].as_array().unwrap();
    assert_eq!((p75s.len(), &p75s[0], &p75s[24]), (25, &Value::Null, &json!(1303)));
    let [good, middle, poor] = [0, 1, 2].map(|index| &lcp["histogramTimeseries"][index]);
    assert_eq!(good["densities"].as_array().unwrap().len(), 25);
    assert_eq!((&good["start"], &good["end"]), (&json!(0), &json!(2500)));
    assert_eq!((&good["densities"][0], &good["densities"][24]), (&json!("NaN"), &json!(1.0)));
    assert_eq!((&middle["end"], &middle["densities"][24]), (&json!(4000), &json!(0.0)));
    assert_eq!((&poor["start"], poor.get("end")), (&json!(4000), None));
    let phone = &record["metrics"]["form_factors"]["fractionTimeseries"]["phone"]["fractions"];
    assert_eq!((&phone[0], &phone[24]), (&json!("NaN"), &json!(1.0)));
    assert_eq!(record["metrics"].get("interaction_to_next_paint"), None);

    let query = json!({ "url": "https://shop.example/", "collectionPeriodCount": 1 });
    let short = answer(&rhumb, HISTORY, query).await;
    assert_eq!(short["record"]["collectionPeriods"].as_array().unwrap().len(), 1);
    assert_eq!(short.get("urlNormalizationDetails"), None);
}

#[tokio::test]
async fn only_the_metrics_that_are_asked_for_are_told() {
    let rhumb = Rhumb::start();
    let url = "https://shop.example/";
    visit(&rhumb, "https://shop.example", &page_view("default", 1, url, 1000)).await;
    let with = |metrics: Value| json!({ "url": url, "metrics": metrics });
    let some =
        answer(&rhumb, RECORD, with(json!(["largest_contentful_paint", "first_contentful_paint"])))
            .await;
    let told = some["record"]["metrics"].as_object().unwrap().keys().collect::<Vec<_>>();
    assert_eq!(told, ["largest_contentful_paint"]);
    let nothing = refusal(&rhumb, RECORD, with(json!(["round_trip_time"]))).await;
    assert_eq!(nothing["status"], "NOT_FOUND");
}

#[tokio::test]
async fn nulls_and_the_names_of_protocol_buffers_are_taken() {
    let rhumb = Rhumb::start();
    let url = "https://shop.example/";
    let mut beacon = page_view("default", 1, url, 1000);
    beacon["form_factor"] = json!("phone");
    visit(&rhumb, "https://shop.example", &beacon).await;
    for query in [
        json!({ "url": url, "origin": null, "formFactor": null, "metrics": null }),
        json!({ "url": url, "formFactor": "ALL_FORM_FACTORS", "metrics": [] }),
        json!({ "url": url, "form_factor": "PHONE" }),
    ] {
        assert_eq!(p75(&answer(&rhumb, RECORD, query).await), 1000);
    }
    let query = json!({ "url": url, "collection_period_count": 2 });
    let history = answer(&rhumb, HISTORY, query).await;
    assert_eq!(history["record"]["collectionPeriods"].as_array().unwrap().len(), 2);
}
