//! `GET /v1/sites/{site}/timeseries`

use crate::{
    http::{
        answer::{self, site_id},
        app::App,
        etag,
        extract::Path,
        media::Media,
        problem::Problem,
    },
    report::TimeseriesQuestion,
    store::sqlite::Selection,
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;

pub(super) async fn get(
    State(app): State<App>,
    Path(site): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, now) = (site_id(&app, &site)?, Timestamp::now());
    let query = query.unwrap_or_default();
    let question = TimeseriesQuestion::parse(&query, now)?;
    let media = Media::accepted(&headers);
    let tag = answer::tag(&app, &("timeseries", &site, media, format!("{question:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(Media::unchanged(tag));
    }
    let (period, filters) = (question.period, question.filters.clone());
    let selection = Selection { site: id, from: period.from, to: period.to, filters };
    let buckets = question.buckets(now);
    let distributions = app.reader().over_time(selection, buckets.clone(), question.metric).await?;
    Ok(media.send(tag, &query, &question.answer(site, &buckets, distributions)))
}
