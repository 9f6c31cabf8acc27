//! `GET /v1/sites/{site}/requests`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{RequestsReport, asked},
    store::sqlite::Filters,
};
use axum::response::Response;

/// What scripts of pages ask servers for
///
/// `fetch` and `XMLHttpRequest` by address: how long they take, how many fail, and what servers say of
/// themselves; requests that wait for each other, and how much is under way at once. What takes most time
/// comes first. As CSV with `Accept: text/csv`: a row for each address.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/requests",
    operation_id = "requests",
    tag = "Questions",
    params(
        OfSite,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200,
            description = "How many addresses; 20, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (
            status = 200,
            description = "The requests.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (RequestsReport = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z", "page_views": 1840,
                    "urls": 1, "dropped": 0, "error": 0.045,
                    "rows": [{
                        "url": "https://shop.example/api/trips/:id", "page_views": 1211, "count": 3009,
                        "failed_count": 12, "failed_share": 0.004, "total_ms": 541_620.0, "p75": 211.4,
                        "p95": 560.2, "max": 4100.8, "wait_p75": 180.0,
                        "server": [{ "name": "db", "count": 3009, "p75": 91.7, "max": 2210.4 }],
                        "trace_id": "0af7651916cd43dd8448eb211c80319c",
                    }],
                    "chains": [{
                        "urls": ["https://shop.example/api/user", "https://shop.example/api/trips"],
                        "route": "/trips", "page_views": 902, "mean_ms": 510.2,
                        "mean_longest_ms": 300.1, "saved_ms": 189_510.2,
                    }],
                    "routes": [{
                        "route": "/trips", "page_views": 902, "sequential_p75": 710.0,
                        "elapsed_p75": 690.4, "concurrency": 1.03,
                    }],
                })),
                (String = "text/csv"),
            ),
        ),
        OfQuestion,
    )
)]
pub(super) async fn get(site: SiteQuery) -> Result<Response, Problem> {
    site.ranked(asked::what_is_asked_for).await
}
