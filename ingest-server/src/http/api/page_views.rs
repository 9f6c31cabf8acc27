//! `GET /v1/sites/{site}/page-views`

use crate::{
    http::{
        answer::{self, fresh, site_id, unchanged},
        app::App,
        etag,
        extract::Path,
        openapi::{InPeriod, OfQuestion, OfSite},
        problem::Problem,
    },
    report::{self, ListQuestion, MetricWord, OrderWord, PageViews, Parameters},
    store::sqlite::Filters,
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

/// The latest and the slowest page views
///
/// Page views are deleted after 30 days (`--keep-page-views-days`); `kept_from` says from when on all of
/// the period are there. A list that is read to its end neither repeats a page view nor leaves one out.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/page-views",
    operation_id = "pageViews",
    tag = "Questions",
    params(
        OfSite,
        ("order" = Option<OrderWord>, Query,
            description = "What arrived last first, or the largest value of `metric`. `recent`, or \
                           `slowest` with a `metric`, unless it is said."),
        ("metric" = Option<MetricWord>, Query, description = "Of the slowest; `lcp`, unless it is said."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 100,
            description = "Rows of the answer; 20, unless it is said."),
        ("cursor" = Option<String>, Query, pattern = "^[0-9A-Fa-f]{32}$",
            description = "`next` of the answer before, with the same order, metric and filters."),
        InPeriod,
        Filters,
    ),
    responses(
        (status = 200, description = "A page of rows.", body = PageViews,
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            example = json!({
                "site": "default",
                "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                "filters": { "route": "/search" },
                "kept_from": "2026-10-26T00:00:00Z",
                "order": "slowest", "metric": "inp",
                "rows": [{
                    "id": "b0851d2b4bd6a4ee", "started_at": "2026-11-23T08:00:00.123Z",
                    "url": "https://shop.example/search", "route": "/search", "form_factor": "phone",
                    "browser": "Chrome", "country": "DE",
                    "metrics": { "inp": { "unit": "ms", "value": 612.0, "rating": "poor" } },
                }],
                "next": null,
            })),
        OfQuestion,
    )
)]
pub(super) async fn get(
    State(app): State<App>,
    Path(site): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = site_id(&app, &site)?;
    let now = Timestamp::now();
    let parameters = Parameters::parse(&query.unwrap_or_default())?;
    let asked = ListQuestion::take(parameters, &site, now)?;
    let tag = answer::tag(&app, &("page-views", &site, format!("{asked:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let part = (asked.order, asked.behind, asked.limit);
    let found = app.reader().list(asked.question.selection(id), part, now).await?;
    Ok((fresh(tag), Json(report::list(&site, asked, found))).into_response())
}
