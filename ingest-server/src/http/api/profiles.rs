//! `GET /v1/sites/{site}/profiles`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{Parameters, ProfilesQuestion, ProfilesReport, asked},
    store::sqlite::{Filters, TOLD_MAX},
};
use axum::response::Response;

/// Where the time of scripts goes
///
/// Of pages that are sent with `Document-Policy: js-profiling`: functions by the time in which they ran, and
/// the stacks that they ran in, all of it or within slow interactions; as they were written, where source maps
/// were uploaded. As CSV with `Accept: text/csv`: a row
/// for each function.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/profiles",
    operation_id = "profiles",
    tag = "Questions",
    params(
        OfSite,
        ("interactions" = Option<String>, Query, pattern = "^(all|slow)$",
            description = "`slow` counts what ran within interactions of over 200 ms only."),
        ("target" = Option<String>, Query, min_length = 1, max_length = 1024,
            description = "The selector of an element: page views whose INP is of it."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200,
            description = "How many functions; 20, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (
            status = 200,
            description = "The functions.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (ProfilesReport = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z",
                    "interactions": "all", "page_views": 1840,
                    "total_ms": 512_400.0, "dropped_ms": 0.0, "functions": 1,
                    "rows": [{
                        "name": "slowFilter", "source": "src/search.ts", "line": 12,
                        "page_views": 790, "self_ms": 195_600.0, "self_share": 0.38,
                        "total_ms": 201_000.0, "total_share": 0.39,
                    }],
                    "stacks": [{ "functions": ["onClick", "slowFilter"], "self_ms": 195_600.0 }],
                })),
                (String = "text/csv"),
            ),
        ),
        OfQuestion,
    )
)]
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = ProfilesQuestion::take(Parameters::parse(&asked.query)?, asked.now)?;
    let SiteQuery { app, id, site, now, .. } = &asked;
    let source_maps = app.reader().source_maps_version(*id).await?;
    let words = format!("{question:?} {source_maps:?}");
    let answer = async {
        let read = asked::what_runs(app.reader(), (*id, site), question, TOLD_MAX, *now);
        Ok(read.await?)
    };
    asked.table(words, answer).await
}
