//! `GET /v1/sites/{site}/compare`

use crate::{
    http::{
        answer::{self, fresh, site_id, unchanged},
        app::App,
        etag,
        extract::Path,
        problem::Problem,
    },
    report::CompareQuestion,
    store::sqlite::Selection,
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

pub(super) async fn get(
    State(app): State<App>,
    Path(site): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = site_id(&app, &site)?;
    let question = CompareQuestion::parse(&query.unwrap_or_default(), Timestamp::now())?;
    let tag = answer::tag(&app, &("compare", &site, format!("{question:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let [baseline, candidate] = question.selected().map(|(period, filters)| {
        let selection = Selection { site: id, from: period.from, to: period.to, filters };
        app.reader().values(selection, question.metric)
    });
    let values = [baseline.await?, candidate.await?];
    Ok((fresh(tag), Json(question.answer(site, values))).into_response())
}
