//! `GET /v1/sites/{site}/summary`

use crate::{
    http::{
        answer::{self, site_id},
        app::App,
        etag,
        extract::Path,
        media::Media,
        problem::Problem,
    },
    ingest::SiteId,
    report::{Question, Summary, asked, summarize},
    store::sqlite::Selection,
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;

pub(super) async fn get(
    State(app): State<App>,
    Path(site): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, now) = (site_id(&app, &site)?, Timestamp::now());
    let query = query.unwrap_or_default();
    let question = Question::parse(&query, now)?;
    let media = Media::accepted(&headers);
    let tag = answer::tag(&app, &("summary", &site, media, format!("{question:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(Media::unchanged(tag));
    }
    let summary = asked::summary(app.reader(), (id, &site), question, now).await?;
    Ok(media.send(tag, &query, &summary))
}

/// What the dashboard shows.
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
