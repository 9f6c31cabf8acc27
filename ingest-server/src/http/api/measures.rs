//! `GET /v1/sites/{site}/measures`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{MeasuresReport, asked},
    store::sqlite::Filters,
};
use axum::response::Response;

/// How long what pages time themselves takes
///
/// Marks, measures and elements by name, with percentiles and a histogram; what most page views tell of
/// first. As CSV with `Accept: text/csv`: a row for each name.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/measures",
    operation_id = "measures",
    tag = "Questions",
    params(
        OfSite,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200,
            description = "How many names; 20, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (
            status = 200,
            description = "What was timed.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (MeasuresReport = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z", "page_views": 1840,
                    "names": 1, "dropped": 0, "error": 0.045,
                    "rows": [{
                        "kind": "measure", "name": "checkout", "page_views": 1840, "count": 1902,
                        "p50": 388.2, "p75": 412.6, "p95": 981.7, "max": 2310.4,
                        "histogram": [
                            { "start": 250.0, "end": 353.6, "density": 0.31 },
                            { "start": 353.6, "end": 500.0, "density": 0.69 },
                        ],
                    }],
                })),
                (String = "text/csv"),
            ),
        ),
        OfQuestion,
    )
)]
pub(super) async fn get(site: SiteQuery) -> Result<Response, Problem> {
    site.ranked(asked::what_was_timed).await
}
