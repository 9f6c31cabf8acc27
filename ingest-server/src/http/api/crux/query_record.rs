//! `POST /v1/records:queryRecord`

use super::{answer, parse};
use crate::{
    http::{api::crux::refused::Refused, app::App, readable::Readable},
    report::crux::{Answer, Api, CollectionPeriod, Record, RecordRequest, Refusal, record},
};
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use jiff::Timestamp;

/// How visitors of an origin or a url fared in the last 28 days
///
/// As `records:queryRecord` of the public CrUX API answers, about one's own page views. The type of the
/// body does not matter.
#[utoipa::path(
    post,
    path = "/v1/records:queryRecord",
    operation_id = "queryRecord",
    tag = "CrUX",
    security(("bearer" = []), ("basic" = []), ("key" = []), ()),
    request_body(content = RecordRequest, content_type = "application/json",
        example = json!({ "origin": "https://shop.example", "formFactor": "PHONE" })),
    responses((status = 200, description = "The record.", body = Answer<Record>), Refused)
)]
pub(super) async fn post(
    State(app): State<App>,
    readable: Readable,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Answer<Record>>, Refusal> {
    let query = parse(body, Api::Record)?;
    let latest = CollectionPeriod::latest(Timestamp::now());
    let shape = |parts: &[_]| record(&query, latest, parts.first()?);
    answer(
        (&app, &readable),
        &query,
        CollectionPeriod::span(&[latest]),
        CollectionPeriod::DAYS,
        shape,
    )
    .await
}
