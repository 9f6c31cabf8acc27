//! `GET /v1/sites/{site}/long-frames`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{LongFramesReport, asked},
    store::sqlite::Filters,
};
use axum::response::Response;

/// What keeps pages from painting
///
/// Frames of over 50 ms, what ran in them by script, function and invoker, and by host: how long it kept
/// pages from answering, how long the browser computed layout for it, and which slow interactions it
/// explains; what blocks most first. As CSV with `Accept: text/csv`: a row for each script.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/long-frames",
    operation_id = "long_frames",
    tag = "Questions",
    params(
        OfSite,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200,
            description = "How many scripts; 20, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (
            status = 200,
            description = "The frames, and what ran in them.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (LongFramesReport = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z", "page_views": 1840,
                    "frames": 4210, "total_ms": 488_360.0, "p75": 131.0, "error": 0.045,
                    "blocking_ms": 277_860.0, "blocking_p75": 171.3, "slow_interactions": 812,
                    "scripts": 1, "dropped": 0,
                    "rows": [{
                        "source": "https://shop.example/assets/search.js",
                        "function": "slowFilter", "invoker": "BUTTON#apply.onclick",
                        "invoker_type": "event-listener", "is_third_party": false,
                        "page_views": 790, "count": 1630, "total_ms": 195_600.0,
                        "blocking_ms": 114_100.0, "blocking_share": 0.41, "forced_ms": 310.5,
                        "slow_interactions": 690, "slow_interactions_share": 0.85,
                        "advice": "It blocks an answer to the visitor: paint first, and do what may \
                                   wait in a task of its own (scheduler.yield, or a worker).",
                    }],
                    "origins": [{
                        "origin": "shop.example", "is_third_party": false, "page_views": 790,
                        "count": 1630, "total_ms": 195_600.0, "blocking_ms": 114_100.0,
                        "blocking_share": 0.41, "forced_ms": 310.5, "slow_interactions": 690,
                        "slow_interactions_share": 0.85,
                    }],
                })),
                (String = "text/csv"),
            ),
        ),
        OfQuestion,
    )
)]
pub(super) async fn get(site: SiteQuery) -> Result<Response, Problem> {
    site.ranked(asked::what_blocks).await
}
