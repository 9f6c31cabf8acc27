//! `POST /v1/records:queryHistoryRecord`

use super::{answer, parse};
use crate::{
    http::{api::crux::refused::Refused, app::App, readable::Readable},
    report::crux::{
        Answer, Api, CollectionPeriod, HistoryRecord, HistoryRequest, Refusal, history_record,
    },
};
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use jiff::Timestamp;

/// How visitors of an origin or a url fared, week by week
///
/// As `records:queryHistoryRecord` of the public CrUX API answers, about one's own page views.
#[utoipa::path(
    post,
    path = "/v1/records:queryHistoryRecord",
    operation_id = "queryHistoryRecord",
    tag = "CrUX",
    security(("bearer" = []), ("basic" = []), ("key" = []), ()),
    request_body(content = HistoryRequest, content_type = "application/json",
        example = json!({ "origin": "https://shop.example", "formFactor": "PHONE" })),
    responses((status = 200, description = "The record.", body = Answer<HistoryRecord>), Refused)
)]
pub(super) async fn post(
    State(app): State<App>,
    readable: Readable,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Answer<HistoryRecord>>, Refusal> {
    let query = parse(body, Api::History)?;
    let periods = CollectionPeriod::weekly(Timestamp::now(), query.periods);
    let shape = |steps: &[_]| history_record(&query, periods.clone(), steps);
    answer(
        (&app, &readable),
        &query,
        CollectionPeriod::span(&periods),
        CollectionPeriod::STEP_DAYS,
        shape,
    )
    .await
}
