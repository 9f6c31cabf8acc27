//! `GET /v1/sites/{site}/breakdown`

use crate::{
    http::{
        answer::{self, site_id},
        app::App,
        etag,
        extract::Path,
        media::Media,
        problem::Problem,
    },
    report::BreakdownQuestion,
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
    let id = site_id(&app, &site)?;
    let query = query.unwrap_or_default();
    let question = BreakdownQuestion::parse(&site, &query, Timestamp::now())?;
    let media = Media::accepted(&headers);
    let tag = answer::tag(&app, &("breakdown", &site, media, format!("{question:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(Media::unchanged(tag));
    }
    let (period, filters) = (question.question.period, question.question.filters.clone());
    let selection = Selection { site: id, from: period.from, to: period.to, filters };
    let groups = app.reader().by_value(selection, question.by, question.metric).await?;
    Ok(media.send(tag, &query, &question.answer(site, groups)))
}
