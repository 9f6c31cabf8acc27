//! `POST /v1/records:queryRecord`

use super::{answer, parse};
use crate::{
    http::app::App,
    report::crux::{Answer, Api, CollectionPeriod, Record, Refusal, record},
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
) -> Result<Json<Answer<Record>>, Refusal> {
    let query = parse(body, Api::Record)?;
    let latest = CollectionPeriod::latest(Timestamp::now());
    let shape = |parts: &[_]| record(&query, latest, parts.first()?);
    answer(&app, &query, CollectionPeriod::span(&[latest]), CollectionPeriod::DAYS, shape).await
}
