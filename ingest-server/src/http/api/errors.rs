//! `GET /v1/sites/{site}/errors`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{ErrorsReport, Parameters, RankedQuestion, asked},
    store::sqlite::{Filters, TOLD_MAX},
};
use axum::response::Response;

/// What goes wrong on pages
///
/// Uncaught errors, unhandled rejections, what the content security policy does not allow, and what browsers warn
/// of: by what they say and where they happened; what touches most page views first. As CSV with
/// `Accept: text/csv`: a row for each error.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/errors",
    operation_id = "errors",
    tag = "Questions",
    params(
        OfSite,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200,
            description = "How many errors; 20, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (
            status = 200,
            description = "The errors.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (ErrorsReport = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z", "page_views": 1840,
                    "errors": 1, "dropped": 0,
                    "rows": [{
                        "kind": "error", "message": "TypeError: a is undefined", "page_views": 212,
                        "count": 230, "routes": ["/search"],
                        "stack": [{ "function": "apply", "line": 1, "column": 90210,
                                    "source": "https://shop.example/assets/search-BkZ3a9xQ.js",
                                    "original": { "source": "src/search.ts", "line": 12,
                                                  "column": 7 } }],
                    }],
                })),
                (String = "text/csv"),
            ),
        ),
        OfQuestion,
    )
)]
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = RankedQuestion::take(Parameters::parse(&asked.query)?, asked.now)?;
    let SiteQuery { app, id, site, now, .. } = &asked;
    let source_maps = app.reader().source_maps_version(*id).await?;
    let words = format!("{question:?} {source_maps:?}");
    let answer = async {
        let read = asked::what_fails(app.reader(), (*id, site), question, TOLD_MAX, *now);
        Ok(read.await?)
    };
    asked.table(words, answer).await
}
