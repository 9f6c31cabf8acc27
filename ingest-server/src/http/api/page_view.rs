//! `GET /v1/sites/{site}/page-views/{id}`

use crate::{
    http::{
        app::App,
        extract::Path,
        openapi::{AsTable, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    ingest::SiteId,
    report::{self, Parameters},
    store::sqlite::PageViewKey,
};
use axum::{http::StatusCode, response::Response};
use beacon::Id;

/// One page view with all that is known of it
///
/// Why its values are so, and the parts that they are made of. As CSV with `Accept: text/csv`: a row for what
/// took time or happened, in the order of time.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/page-views/{id}",
    operation_id = "pageView",
    tag = "Questions",
    params(
        OfSite,
        ("id" = String, Path, pattern = "^([0-9A-Fa-f]{16}|[0-9A-Fa-f]{32})$",
            description = "That of an answer, or the `page_view` of its beacons.",
            example = "b0851d2b4bd6a4ee"),
        AsTable,
    ),
    responses(
        (
            status = 200,
            description = "The page view.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (report::PageView = "application/json", example = json!({
                    "site": "default", "id": "b0851d2b4bd6a4ee",
                    "started_at": "2026-11-23T08:00:00.123Z", "arrived_on": "2026-11-23", "sequence": 1,
                    "url": "https://shop.example/search", "route": "/search", "form_factor": "phone",
                    "is_bot": false, "sample_rate": 1.0,
                    "metrics": {
                        "inp": {
                            "unit": "ms", "value": 612.0, "rating": "poor",
                            "attribution": { "interactionTime": 5000.0, "inputDelay": 12.0 },
                        },
                    },
                    "waterfall": [
                        { "metric": "inp", "name": "inputDelay", "start": 5000.0, "duration": 12.0 },
                    ],
                    "timeline": {
                        "loads": [{ "kind": "script", "url": "https://shop.example/app-*.js",
                                    "start_ms": 40, "duration_ms": 120 }],
                        "long_frames": [{ "start_ms": 4990, "duration_ms": 640 }], "dropped": 0,
                    },
                })),
                (String = "text/csv"),
            ),
        ),
        OfQuestion,
    )
)]
pub(super) async fn get(
    asked: SiteQuery,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let key = key(asked.id, &id)?;
    Parameters::parse(&asked.query)?.finish_none()?;
    let answer = find(&asked.app, (asked.id, &asked.site), key);
    asked.table(format!("{key:?}"), answer).await
}

/// The answer about a page view of a site.
///
/// # Errors
/// It is not there, or the database cannot be read.
pub(in crate::http) async fn find(
    app: &App,
    (id, site): (SiteId, &str),
    key: PageViewKey,
) -> Result<report::PageView, Problem> {
    let record = app.reader().page_view(id, key).await?.ok_or_else(|| {
        let detail = "the site has no page view with this id; they are deleted after as many days \
                      as --keep-page-views-days says";
        Problem::new(StatusCode::NOT_FOUND, "unknown_page_view", detail).about("id")
    })?;
    Ok(report::page_view(site, record))
}

/// By the id of an answer, or by the one that the sender gave it.
pub(in crate::http) fn key(site: SiteId, text: &str) -> Result<PageViewKey, Problem> {
    let sent = || text.parse().ok().map(|id: Id| PageViewKey::of(site, id));
    PageViewKey::from_hex(text).or_else(sent).ok_or_else(|| {
        let detail = "id is none of a page view; that is 16 hexadecimal digits, or the 32 of \
                      page_view in its beacons";
        Problem::new(StatusCode::BAD_REQUEST, "invalid_parameter", detail).about("id")
    })
}
