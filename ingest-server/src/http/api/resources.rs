//! `GET /v1/sites/{site}/resources`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{Parameters, ResourcesQuestion, ResourcesReport, asked},
    store::sqlite::{Filters, TOLD_MAX},
};
use axum::response::Response;
use beacon::ResourceKind;

/// What pages load, and how much it weighs
///
/// All resources by kind, and each file with its weight, where it came from and how long that took; the
/// heaviest first. As CSV with `Accept: text/csv`: a row for each file.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/resources",
    operation_id = "resources",
    tag = "Questions",
    params(
        OfSite,
        ("kind" = Option<ResourceKind>, Query, description = "Of which kind files are told; all, unless it is said."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200,
            description = "How many files; 20, unless it is said."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (
            status = 200,
            description = "What was loaded.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (ResourcesReport = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "kept_from": "2026-10-26T00:00:00Z", "page_views": 1840,
                    "files": 1, "dropped": 0, "error": 0.045,
                    "kinds": [{
                        "kind": "script", "page_views": 1840, "count": 3680, "cached_share": 0.31,
                        "opaque_share": 0.0, "blocking_share": 0.0, "transfer_bytes": 381_000_000,
                        "encoded_bytes": 552_000_000, "decoded_bytes": 1_656_000_000,
                        "transfer_bytes_p75": 300_300, "decoded_bytes_p75": 900_000,
                    }],
                    "rows": [{
                        "url": "https://shop.example/assets/search-*.js", "kind": "script",
                        "is_third_party": false, "page_views": 1840, "count": 1840,
                        "cached_share": 0.31, "opaque_share": 0.0, "blocking_share": 0.0,
                        "transfer_bytes": 381_000_000, "encoded_bytes": 552_000_000,
                        "decoded_bytes": 1_656_000_000, "protocol": "h2", "p75": 180.1, "max": 4120.7,
                    }],
                })),
                (String = "text/csv"),
            ),
        ),
        OfQuestion,
    )
)]
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = ResourcesQuestion::take(Parameters::parse(&asked.query)?, asked.now)?;
    let words = format!("{question:?}");
    let SiteQuery { app, id, site, now, .. } = &asked;
    let answer = async {
        let read = asked::what_is_loaded(app.reader(), (*id, site), question, TOLD_MAX, *now);
        Ok(read.await?)
    };
    asked.table(words, answer).await
}
