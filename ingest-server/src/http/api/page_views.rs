//! `GET /v1/sites/{site}/page-views`

use crate::{
    http::{
        answer::{self, fresh, site_id, unchanged},
        app::App,
        etag,
        extract::Path,
        problem::Problem,
    },
    report::{self, ListQuestion, Parameters},
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
