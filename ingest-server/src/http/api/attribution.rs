//! `GET /v1/sites/{site}/attribution`

use crate::{
    http::{
        answer::{self, fresh, site_id, unchanged},
        app::App,
        etag,
        extract::Path,
        problem::Problem,
    },
    report::{self, AttributionQuestion, Candidates, Groups, Parameters},
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
    let asked = AttributionQuestion::take(Parameters::parse(&query.unwrap_or_default())?, now)?;
    let tag = answer::tag(&app, &("attribution", &site, format!("{asked:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let selection = asked.question.selection(id);
    let candidates = Candidates::of(&asked);
    let (candidates, _) =
        app.reader().explained(selection.clone(), candidates, Candidates::add, now).await?;
    let groups = candidates.into_groups();
    let (groups, kept_from) = app.reader().explained(selection, groups, Groups::add, now).await?;
    Ok((fresh(tag), Json(report::explain(&site, asked, groups, kept_from))).into_response())
}
