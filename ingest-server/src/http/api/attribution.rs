//! `GET /v1/sites/{site}/attribution`

use crate::{
    http::{
        answer::{self, fresh, site_id, unchanged},
        app::App,
        etag,
        extract::Path,
        openapi::{InPeriod, OfQuestion, OfSite},
        problem::Problem,
    },
    report::{
        self, AttributionQuestion, AttributionReport, By, Candidates, Groups, MetricWord,
        Parameters, Sampled,
    },
    store::sqlite::{EXPLAINED_MAX, Filters},
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

/// What is behind the values of a metric
///
/// Page views, grouped by what explains them: elements, scripts, resources, parts of the value. Which
/// ways there are depends on the metric; FID has none.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/attribution",
    operation_id = "attribution",
    tag = "Questions",
    params(
        OfSite,
        ("metric" = MetricWord, Query, description = "What was measured."),
        ("by" = Option<By>, Query,
            description = "By what page views are grouped; in all ways, unless it is said."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 50,
            description = "How many groups are told apart; 10, unless it is said."),
        InPeriod,
        Filters,
    ),
    responses(
        (status = 200, description = "The groups.", body = AttributionReport,
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            example = json!({
                "site": "default",
                "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                "filters": {}, "kept_from": "2026-10-26T00:00:00Z",
                "metric": "inp", "unit": "ms", "count": 9120, "p75": 240.0, "poor_count": 310,
                "error": 0.0, "numbers": ["interactionTime"], "texts": ["interactionTarget"],
                "groups": [{
                    "by": "script", "count": 7300,
                    "rows": [{
                        "value": "applyFilters", "source": "https://shop.example/assets/search.js",
                        "count": 2211, "share": 0.2424, "p75": 312.0, "rating": "needs-improvement",
                        "poor_count": 120,
                        "part": { "name": "longestScript.intersectingDuration", "p75": 290.4 },
                    }],
                }],
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
    let asked = AttributionQuestion::take(Parameters::parse(&query.unwrap_or_default())?, now)?;
    let tag = answer::tag(&app, &("attribution", &site, format!("{asked:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let selection = asked.question.selection(id);
    let (reader, candidates) = (app.reader(), Candidates::of(&asked));
    let sample = reader.sample(selection.clone(), Some(asked.metric), EXPLAINED_MAX).await?;
    let (candidates, _) =
        reader.explained(selection.clone(), sample, candidates, Candidates::add, now).await?;
    let groups = candidates.into_groups();
    let (groups, kept_from) = reader.explained(selection, sample, groups, Groups::add, now).await?;
    let report = report::explain(&site, asked, groups, Sampled::of(sample), kept_from);
    Ok((fresh(tag), Json(report)).into_response())
}
