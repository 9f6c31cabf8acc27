//! `GET /v1/sites/{site}/summary`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite, TooMuch},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{Question, Summary, asked},
    store::sqlite::Filters,
};
use axum::response::Response;

/// How the visitors of a site fare
///
/// Count, percentiles, rating, shares and spread of each metric. Periods are widened to what page views
/// are counted by: full hours, and further back than a week full days of UTC.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/summary",
    operation_id = "summary",
    tag = "Questions",
    params(OfSite, InPeriod, AsTable, Filters),
    responses(
        (status = 200, description = "The summary, as JSON or as a table: a metric a row.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content((Summary = "application/json", example = json!({
                "site": "default",
                "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                "previous_period": { "from": "2026-09-27T00:00:00Z", "to": "2026-10-26T00:00:00Z" },
                "filters": { "route": "/product/:id" },
                "page_views": 18342, "unmeasured": 12,
                "metrics": {
                    "lcp": {
                        "unit": "ms", "count": 17903, "p50": 1480.2, "p75": 2312.4, "p90": 3904.0,
                        "p95": 5120.5, "p99": 9800.0, "error": 0.0055, "rating": "good",
                        "shares": { "good": 0.791, "needs_improvement": 0.131, "poor": 0.078 },
                        "previous": {
                            "count": 18120, "p75": 2250.0, "error": 0.0055, "verdict": "no_difference",
                        },
                        "histogram": [
                            { "start": 0.0, "end": 100.0, "density": 0.012 },
                            { "start": 9900.0, "density": 0.004 },
                        ],
                    },
                    "inp": { "unit": "ms", "count": 0, "histogram": [] },
                    "cls": { "unit": "score", "count": 0, "histogram": [] },
                    "fcp": { "unit": "ms", "count": 0, "histogram": [] },
                    "ttfb": { "unit": "ms", "count": 0, "histogram": [] },
                },
            })), (String = "text/csv"))),
        OfQuestion,
        TooMuch,
    )
)]
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = Question::parse(&asked.query, asked.now)?;
    let SiteQuery { app, id, site, now, .. } = &asked;
    let answer =
        async { Ok(asked::summary(app.reader(), (*id, site), question.clone(), *now).await?) };
    asked.table(format!("{question:?}"), answer).await
}
