//! `GET /v1/sites/{site}/opportunities`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{Opportunities, OpportunitiesQuestion, Parameters, asked},
    store::sqlite::{EXPLAINED_MAX, Filters},
};
use axum::response::Response;

/// What to fix first
///
/// Ranked: the culprit, how many page views it touches, what the 75th percentile would be without it, and
/// what to do. As CSV with `Accept: text/csv`: a row for each.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/opportunities",
    operation_id = "opportunities",
    tag = "Questions",
    params(
        OfSite,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 50,
            description = "How many; 10, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (status = 200, description = "The opportunities, the greatest benefit first.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (Opportunities = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z", "page_views": 18342,
                    "opportunities": [{
                        "metric": "inp", "route": "/search",
                        "culprit": {
                            "kind": "script", "name": "applyFilters", "source": "/assets/search.js",
                            "target": "#filters>button.apply",
                        },
                        "page_views": 2211, "measured": 3625, "share": 0.61, "improved": 1840, "benefit": 3912, "unit": "ms",
                        "p75": 312.0, "p75_without": 168.0, "rating": "needs-improvement",
                        "rating_without": "good", "error": 0.0,
                        "part": { "name": "longestScript.intersectingDuration", "p75": 290.4 },
                        "evidence": ["b0851d2b4bd6a4ee"],
                        "advice": "Let applyFilters (/assets/search.js) do less at once.",
                    }],
                })),
                (String = "text/csv"),
            )),
        OfQuestion,
    )
)]
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = OpportunitiesQuestion::take(Parameters::parse(&asked.query)?, asked.now)?;
    let words = format!("{question:?}");
    let SiteQuery { app, id, site, now, .. } = &asked;
    let answer = async {
        let read = asked::what_to_fix(app.reader(), (*id, site), question, EXPLAINED_MAX, *now);
        Ok(read.await?)
    };
    asked.table(words, answer).await
}
