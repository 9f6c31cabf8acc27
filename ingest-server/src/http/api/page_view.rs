//! `GET /v1/sites/{site}/page-views/{id}`

use crate::{
    http::{
        answer::{self, fresh, site_id, unchanged},
        app::App,
        etag,
        extract::Path,
        openapi::{OfQuestion, OfSite},
        problem::Problem,
    },
    ingest::SiteId,
    report,
    store::sqlite::PageViewKey,
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use beacon::Id;
use url::form_urlencoded;

/// What is left of a parameter's name in an error.
const NAME_SHOWN_MAX: usize = 40;

/// One page view with all that is known of it
///
/// Why its values are so, and the parts that they are made of.
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
    ),
    responses(
        (status = 200, description = "The page view.", body = report::PageView,
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            example = json!({
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
            })),
        OfQuestion,
    )
)]
pub(super) async fn get(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let site_id = site_id(&app, &site)?;
    let key = key(site_id, &id)?;
    without_parameters(query.as_deref())?;
    let tag = answer::tag(&app, &("page-view", &site, key));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let record = app.reader().page_view(site_id, key).await?.ok_or_else(|| {
        let detail = "the site has no page view with this id; they are deleted after as many days \
                      as --keep-page-views-days says";
        problem(StatusCode::NOT_FOUND, "unknown_page_view", detail)
    })?;
    Ok((fresh(tag), Json(report::page_view(&site, record))).into_response())
}

/// By the id of an answer, or by the one that the sender gave it.
fn key(site: SiteId, text: &str) -> Result<PageViewKey, Problem> {
    let sent = || text.parse().ok().map(|id: Id| PageViewKey::of(site, id));
    PageViewKey::from_hex(text).or_else(sent).ok_or_else(|| {
        let detail = "id is none of a page view; that is 16 hexadecimal digits, or the 32 of \
                      page_view in its beacons";
        problem(StatusCode::BAD_REQUEST, "invalid_parameter", detail)
    })
}

/// One page view is not chosen by anything else.
fn without_parameters(query: Option<&str>) -> Result<(), Problem> {
    let first = query.and_then(|query| form_urlencoded::parse(query.as_bytes()).next());
    first.map_or(Ok(()), |(name, _)| {
        let detail = "a page view is asked for by its id alone; take the parameters away";
        let problem = Problem::new(StatusCode::BAD_REQUEST, "invalid_parameter", detail);
        Err(Problem { field: Some(name.chars().take(NAME_SHOWN_MAX).collect()), ..problem })
    })
}

fn problem(status: StatusCode, reason: &'static str, detail: &str) -> Problem {
    Problem { field: Some("id".to_owned()), ..Problem::new(status, reason, detail) }
}
