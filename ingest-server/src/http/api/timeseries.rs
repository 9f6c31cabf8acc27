//! `GET /v1/sites/{site}/timeseries`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite, TooMuch},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{Interval, MetricWord, Timeseries, TimeseriesQuestion, asked},
    store::sqlite::Filters,
};
use axum::response::Response;

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
        AsTable,
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
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = TimeseriesQuestion::parse(&asked.query, asked.now)?;
    let words = format!("{question:?}");
    let SiteQuery { app, id, site, now, .. } = &asked;
    let answer = async { Ok(asked::timeseries(app.reader(), (*id, site), question, *now).await?) };
    asked.table(words, answer).await
}
