//! `GET /v1/sites/{site}/summary`

use crate::{
    http::{
        answer::{self, fresh, site_id, unchanged},
        app::App,
        etag,
        extract::Path,
        problem::Problem,
    },
    ingest::SiteId,
    report::{Question, Summary, summarize},
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
    let question = Question::parse(&query.unwrap_or_default(), Timestamp::now())?;
    let tag = answer::tag(&app, &("summary", &site, format!("{question:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let summary = ask(&app, site, id, question).await?;
    Ok((fresh(tag), Json(summary)).into_response())
}

/// What it answers with, and the dashboard shows.
pub(in crate::http) async fn ask(
    app: &App,
    site: String,
    id: SiteId,
    question: Question,
) -> Result<Summary, Problem> {
    let Question { period, filters } = question;
    let selection =
        Selection { site: id, from: period.from, to: period.to, filters: filters.clone() };
    let measured = app.reader().measured(selection).await?;
    Ok(summarize(&site, period, filters, measured))
}
