//! `GET /v1/sites/{site}/memory`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{MemoryReport, asked},
    store::sqlite::Filters,
};
use axum::response::Response;

/// How much memory pages take
///
/// By route: how much page views take, by how much they grow, and where memory may leak; what grows most
/// first. As CSV with `Accept: text/csv`: a row for each route.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/memory",
    operation_id = "memory",
    tag = "Questions",
    params(
        OfSite,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200,
            description = "How many routes; 20, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (
            status = 200,
            description = "The routes.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (MemoryReport = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z", "page_views": 1840,
                    "routes": 1, "dropped": 0,
                    "rows": [{
                        "route": "/search", "source": "heap", "page_views": 1840, "watched": 1211,
                        "last_bytes_p50": 31_000_000, "last_bytes_p75": 48_000_000,
                        "max_bytes_p75": 52_000_000, "growth_bytes_p50": 3_100_000,
                        "growth_bytes_p75": 9_800_000, "growth_bytes_per_minute_p50": 1_300_000,
                        "grew_share": 0.81, "leak": "suspected",
                    }],
                })),
                (String = "text/csv"),
            ),
        ),
        OfQuestion,
    )
)]
pub(super) async fn get(site: SiteQuery) -> Result<Response, Problem> {
    site.ranked(asked::what_is_kept).await
}
