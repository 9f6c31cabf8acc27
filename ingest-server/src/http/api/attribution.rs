//! `GET /v1/sites/{site}/attribution`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{AttributionQuestion, AttributionReport, By, MetricWord, Parameters, asked},
    store::sqlite::{EXPLAINED_MAX, Filters},
};
use axum::response::Response;

/// What is behind the values of a metric
///
/// Page views, grouped by what explains them: elements, scripts, resources, parts of the value. Which
/// ways there are depends on the metric; FID has none. As CSV with `Accept: text/csv`: a row for each group.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/attribution",
    operation_id = "attribution",
    tag = "Questions",
    params(
        OfSite,
        ("metric" = MetricWord, Query, description = "What was measured."),
        ("by" = Option<By>, Query,
            description = "By what page views are grouped; in all ways, unless it is said."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 50,
            description = "How many groups are told apart; 10, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (status = 200, description = "The groups.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (AttributionReport = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z",
                    "metric": "inp", "unit": "ms", "count": 9120, "p75": 240.0, "poor_count": 310,
                    "error": 0.0, "numbers": ["interactionTime"], "texts": ["interactionTarget"],
                    "parts": [
                        { "name": "inputDelay", "mean": 21.4, "share": 0.11 },
                        { "name": "processingDuration", "mean": 120.9, "share": 0.62 },
                        { "name": "presentationDelay", "mean": 52.7, "share": 0.27 },
                    ],
                    "groups": [{
                        "by": "script", "count": 7300,
                        "rows": [{
                            "value": "applyFilters", "source": "https://shop.example/assets/search.js",
                            "count": 2211, "share": 0.2424, "p75": 312.0, "rating": "needs-improvement",
                            "poor_count": 120,
                            "part": { "name": "longestScript.intersectingDuration", "p75": 290.4 },
                        }],
                    }],
                })),
                (String = "text/csv"),
            )),
        OfQuestion,
    )
)]
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = AttributionQuestion::take(Parameters::parse(&asked.query)?, asked.now)?;
    let words = format!("{question:?}");
    let SiteQuery { app, id, site, now, .. } = &asked;
    let answer = async {
        let read = asked::attribution(app.reader(), (*id, site), question, EXPLAINED_MAX, *now);
        Ok(read.await?)
    };
    asked.table(words, answer).await
}
