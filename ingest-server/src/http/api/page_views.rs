//! `GET /v1/sites/{site}/page-views`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{self, ListQuestion, MetricWord, OrderWord, PageViews, Parameters},
    store::sqlite::Filters,
};
use axum::response::Response;

/// The latest and the slowest page views
///
/// Page views are deleted after 30 days (`--keep-page-views-days`); `kept_from` says from when on all of
/// the period are there. A list that is read to its end neither repeats a page view nor leaves one out.
/// As CSV with `Accept: text/csv`: a row for each page view.
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
        ("cursor" = Option<String>, Query, min_length = 1, max_length = 1024,
            description = "`next` of the answer before, with the same order, metric and filters."),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (status = 200, description = "A page of rows.",
            headers(
                ("ETag" = String, description = "For `If-None-Match`."),
                ("Link" = String, description = "The next page, if there is one: `<?…>; rel=\"next\"`."),
            ),
            content(
                (PageViews = "application/json", example = json!({
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
                (String = "text/csv"),
            )),
        OfQuestion,
    )
)]
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = ListQuestion::take(Parameters::parse(&asked.query)?, &asked.site, asked.now)?;
    let words = format!("{question:?}");
    let answer = async {
        let site = (asked.id, &*asked.site);
        Ok(report::asked::page_views(asked.app.reader(), site, question, asked.now).await?)
    };
    asked.table(words, answer).await
}
