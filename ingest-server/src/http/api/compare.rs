//! `GET /v1/sites/{site}/compare`

use crate::{
    http::{
        openapi::{AsTable, InPeriod, OfQuestion, OfSite, TooMuch},
        problem::Problem,
        site_query::SiteQuery,
    },
    report::{CompareQuestion, Compared, MetricWord},
    store::sqlite::Filters,
};
use axum::response::Response;

/// Two releases or two periods compared
///
/// The difference of their 75th percentiles, where the true one lies with a confidence of 95 %, and what
/// follows. Where periods are compared there is no `from` and no `to`; where releases are, no `release`.
/// As CSV with `Accept: text/csv`: one row.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/compare",
    operation_id = "compare",
    tag = "Questions",
    params(
        OfSite,
        ("metric" = MetricWord, Query, description = "What was measured."),
        ("baseline" = String, Query, min_length = 1, max_length = 128,
            description = "A release, or a period such as `2026-10-01..2026-10-14`.",
            example = "1.4.1"),
        ("candidate" = String, Query, min_length = 1, max_length = 128,
            description = "What is compared with it: the same, release or period.",
            example = "1.4.2"),
        InPeriod,
        AsTable,
        Filters,
    ),
    responses(
        (status = 200, description = "The comparison.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (Compared = "application/json", example = json!({
                    "site": "default",
                    "period": { "from": "2026-10-26T00:00:00Z", "to": "2026-11-23T09:00:00Z" },
                    "filters": {}, "metric": "lcp", "unit": "ms",
                    "baseline": { "release": "1.4.1", "count": 9120, "p75": 2250.0, "error": 0.0055 },
                    "candidate": { "release": "1.4.2", "count": 8722, "p75": 2611.0, "error": 0.0055 },
                    "difference": 361.0, "relative": 0.16, "interval_95": [240.0, 480.0],
                    "verdict": "regressed",
                })),
                (String = "text/csv"),
            )),
        OfQuestion,
        TooMuch,
    )
)]
pub(super) async fn get(asked: SiteQuery) -> Result<Response, Problem> {
    let question = CompareQuestion::parse(&asked.query, asked.now)?;
    let words = format!("{question:?}");
    let answer = async {
        let [baseline, candidate] = question
            .selected()
            .map(|side| asked.app.reader().values(side.selection(asked.id), question.metric));
        let values = [baseline.await?, candidate.await?];
        Ok(question.answer(asked.site.clone(), values))
    };
    asked.table(words, answer).await
}
