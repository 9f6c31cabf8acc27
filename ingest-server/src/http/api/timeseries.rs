//! `GET /v1/sites/{site}/timeseries`

use crate::{
    http::{
        answer::{self, site_id},
        app::App,
        etag,
        extract::Path,
        media::Media,
        openapi::{InPeriod, OfQuestion, OfSite, TooMuch},
        problem::Problem,
    },
    report::{Interval, MetricWord, Timeseries, TimeseriesQuestion},
    store::sqlite::{Filters, Selection},
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;

/// One metric over time
///
/// A point for each hour, day or week of the period, those without page views too; at most 1000. The
/// period is widened to full intervals. Without `from`, hours are those of the last 7 days.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/timeseries",
    operation_id = "timeseries",
    tag = "Questions",
    params(
        OfSite,
        ("metric" = MetricWord, Query, description = "What was measured."),
        ("interval" = Interval, Query, description = "How far apart points are."),
        InPeriod,
        Filters,
    ),
    responses(
        (status = 200, description = "The points, as JSON or as a table.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (Timeseries = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-24T00:00:00Z" },
                    "filters": { "route": "/product/:id" },
                    "metric": "lcp", "unit": "ms", "interval": "day", "tz": "UTC",
                    "points": [{
                        "start": "2026-10-26", "count": 640, "p75": 2290.0, "rating": "good",
                        "shares": { "good": 0.79, "needs_improvement": 0.13, "poor": 0.08 },
                        "error": 0.0055,
                    }],
                })),
                (String = "text/csv"),
            )),
        OfQuestion,
        TooMuch,
    )
)]
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
