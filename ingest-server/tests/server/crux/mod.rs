//! Clients of the public CrUX API ask about one's own visitors.

mod access;
mod addresses;
mod documented;
mod records;
mod refusals;

use crate::support::{Rhumb, read_json};
use axum::{
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

const RECORD: &str = "/v1/records:queryRecord";
const HISTORY: &str = "/v1/records:queryHistoryRecord";
/// Always in the latest 28 days that are over, and in those until the latest Saturday.
const TEN_DAYS_MS: u32 = 10 * 24 * 60 * 60 * 1000;

async fn ask(rhumb: &Rhumb, path: &str, body: impl ToString) -> Response<Body> {
    let request = Request::post(path).header(header::HOST, "localhost:8787");
    // As `fetch` says of a text.
    let request = request.header(header::CONTENT_TYPE, "text/plain;charset=UTF-8");
    rhumb.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn answer(rhumb: &Rhumb, path: &str, body: Value) -> Value {
    let response = ask(rhumb, path, &body).await;
    let status = response.status();
    let answer = read_json(response).await;
    assert_eq!(status, StatusCode::OK, "{body}: {answer}");
    answer
}

async fn refusal(rhumb: &Rhumb, path: &str, body: impl ToString) -> Value {
    let response = ask(rhumb, path, body).await;
    let status = response.status();
    let answer = read_json(response).await;
    assert_eq!(answer["error"]["code"], status.as_u16(), "{answer}");
    answer["error"].clone()
}

async fn visit(rhumb: &Rhumb, origin: &str, beacons: &Value) {
    let request = Request::post("/v1/ingest").header(header::ORIGIN, origin);
    let request = request.body(Body::from(beacons.to_string())).unwrap();
    assert_eq!(rhumb.send(request).await.status(), StatusCode::NO_CONTENT, "{beacons}");
}

fn page_view(site: &str, number: usize, url: &str, lcp_ms: u32) -> Value {
    json!({
        "site": site,
        "page_view": format!("{number:032x}"),
        "age_ms": TEN_DAYS_MS,
        "url": url,
        "metrics": [{ "name": "LCP", "value": lcp_ms }],
    })
}

fn yesterday() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date().yesterday().unwrap()
}

fn period(last: Date) -> Value {
    let first = last.saturating_sub(27.days());
    let date = |it: Date| json!({ "year": it.year(), "month": it.month(), "day": it.day() });
    json!({ "firstDate": date(first), "lastDate": date(last) })
}

fn p75(answer: &Value) -> &Value {
    &answer["record"]["metrics"]["largest_contentful_paint"]["percentiles"]["p75"]
}
