//! What cannot be read.

use super::{HISTORY, RECORD, refusal};
use crate::support::Rhumb;
use serde_json::json;

#[tokio::test]
async fn requests_that_cannot_be_read_are_refused_as_by_the_public_api() {
    let rhumb = Rhumb::start();
    let origin = "https://shop.example";
    for (path, body, said) in [
        (RECORD, String::new(), "Invalid JSON payload received."),
        (RECORD, "origin=https://shop.example".to_owned(), "Expected a JSON object"),
        (RECORD, "[]".to_owned(), "no JSON object"),
        (RECORD, "{}".to_owned(), "Name an 'origin'"),
        (
            RECORD,
            json!({ "origin": origin, "effectiveConnectionType": "4G" }).to_string(),
            r#"Unknown name "effectiveConnectionType": Cannot find field."#,
        ),
        (
            RECORD,
            json!({ "origin": origin, "collectionPeriodCount": 3 }).to_string(),
            r#"Unknown name "collectionPeriodCount""#,
        ),
        (
            RECORD,
            json!({ "origin": origin, "url": origin }).to_string(),
            "oneof field 'url_pattern' is already set. Cannot set 'url'",
        ),
        (RECORD, json!({ "origin": 5 }).to_string(), "Invalid value at 'origin' (TYPE_STRING), 5"),
        (RECORD, json!({ "origin": "shop" }).to_string(), "origin is no address"),
        (RECORD, json!({ "url": "ftp://shop.example/" }).to_string(), "url is no address"),
        (
            RECORD,
            json!({ "url": format!("{origin}/{}", "a".repeat(2048)) }).to_string(),
            "at most 2048 are taken",
        ),
        (
            RECORD,
            json!({ "origin": origin, "formFactor": "mobile" }).to_string(),
            "Invalid value at 'form_factor' \
             (type.googleapis.com/google.chrome.uxreport.v1.FormFactor), \"mobile\"",
        ),
        (
            RECORD,
            json!({ "origin": origin, "metrics": ["first_input_delay"] }).to_string(),
            r#"Invalid value at 'metrics', "first_input_delay"; it is none of"#,
        ),
        (RECORD, json!({ "origin": origin, "metrics": "all" }).to_string(), "'metrics'"),
        (
            HISTORY,
            json!({ "origin": origin, "collectionPeriodCount": 41 }).to_string(),
            "Invalid value at 'collection_period_count', 41; it is 1 to 40",
        ),
        (HISTORY, json!({ "origin": origin, "collectionPeriodCount": 0 }).to_string(), "1 to 40"),
    ] {
        let error = refusal(&rhumb, path, &body).await;
        assert_eq!((&error["code"], &error["status"]), (&json!(400), &json!("INVALID_ARGUMENT")));
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(said), "{body}: {message}");
    }
    let long = json!({ "origin": origin, "metrics": vec!["x"; 10_000] }).to_string();
    let error = refusal(&rhumb, RECORD, long).await;
    assert!(error["message"].as_str().unwrap().contains("at most 16384 bytes"), "{error}");
}
