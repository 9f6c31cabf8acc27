//! `POST /v1/records:queryHistoryRecord`

use super::{answer, parse};
use crate::{
    http::app::App,
    report::crux::{Answer, Api, CollectionPeriod, HistoryRecord, Refusal, history_record},
};
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use jiff::Timestamp;

pub(super) async fn post(
    State(app): State<App>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Answer<HistoryRecord>>, Refusal> {
    let query = parse(body, Api::History)?;
    let periods = CollectionPeriod::weekly(Timestamp::now(), query.periods);
    let shape = |steps: &[_]| history_record(&query, periods.clone(), steps);
    answer(&app, &query, CollectionPeriod::span(&periods), CollectionPeriod::STEP_DAYS, shape).await
}
