//! `GET /v1/sites/{site}/renders`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{RendersReport, asked},
    store::sqlite::Filters,
};
use axum::response::Response;

/// Which components render often, long, and for nothing
///
/// Of pages that tell it: each component with its commits by phase, how long they took, and how much of it
/// updates render; the one that takes the most time first. As CSV with `Accept: text/csv`: a row for each
/// phase.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/renders",
    operation_id = "renders",
    tag = "Questions",
    params(
        OfSite,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200,
            description = "How many components; 20, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (
            status = 200,
            description = "The components.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (RendersReport = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z", "page_views": 1840,
                    "components": 1, "dropped": 0, "error": 0.045,
                    "rows": [{
                        "component": "TripList", "page_views": 1840, "count": 12880,
                        "total_ms": 231_840.0, "share": 1.0, "updates_per_mount": 6.0,
                        "full_updates": 10930, "full_share": 0.99, "updates": "in_full",
                        "advice": "Three of four updates, or more, render most of it anew.",
                        "phases": [
                            { "phase": "mount", "count": 1840, "total_ms": 40_480.0, "p75": 22.3,
                              "max": 91.0, "slow_count": 1510, "slow_share": 0.82 },
                            { "phase": "update", "count": 11040, "total_ms": 191_360.0, "p75": 18.7,
                              "max": 80.2, "slow_count": 8280, "slow_share": 0.75 },
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
    site.ranked(asked::which_render).await
}
