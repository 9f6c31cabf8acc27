//! `GET /v1/sites/{site}/breakdown`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite, TooMuch},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{Breakdown, BreakdownQuestion, BreakdownSort, MetricWord, asked},
    roll_up::Facet,
    store::sqlite::Filters,
};
use axum::response::Response;

/// One metric by what page views are alike in
///
/// A row for each route, browser or country, in pages; what it says is what the summary says with that
/// filter. `value` is null for page views of which it is not known.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/breakdown",
    operation_id = "breakdown",
    tag = "Questions",
    params(
        OfSite,
        ("metric" = MetricWord, Query, description = "What was measured."),
        ("by" = Facet, Query, description = "What rows are told apart by."),
        ("sort" = Option<BreakdownSort>, Query,
            description = "The largest first; `poor_count`, unless it is said."),
        ("min_count" = Option<u64>, Query, maximum = 4_294_967_295u32,
            description = "Leaves out values on which the metric was measured less often."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 1000,
            description = "Rows of the answer; 100, unless it is said."),
        ("cursor" = Option<String>, Query, min_length = 1, max_length = 1024,
            description = "`next` of the answer before, with the same other parameters."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (status = 200, description = "A page of rows, as JSON or as a table.",
            headers(
                ("ETag" = String, description = "For `If-None-Match`."),
                ("Link" = String, description = "The next page, if there is one: `<?…>; rel=\"next\"`."),
            ),
            content(
                (Breakdown = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": { "form_factor": "phone" },
                    "metric": "lcp", "unit": "ms", "by": "route", "sort": "poor_count", "min_count": 75,
                    "rows": [{
                        "value": "/product/:id", "count": 5120, "p75": 2312.0, "rating": "good",
                        "shares": { "good": 0.79, "needs_improvement": 0.132, "poor": 0.078 },
                        "error": 0.0055, "poor_count": 399,
                    }],
                    "next": null,
                })),
                (String = "text/csv"),
            )),
        OfQuestion,
        TooMuch,
    )
)]
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = BreakdownQuestion::parse(&asked.site, &asked.query, asked.now)?;
    let words = format!("{question:?}");
    let SiteQuery { app, id, site, .. } = &asked;
    let answer = async { Ok(asked::breakdown(app.reader(), (*id, site), question).await?) };
    asked.table(words, answer).await
}
