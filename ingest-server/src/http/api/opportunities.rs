//! `GET /v1/sites/{site}/opportunities`

use crate::{
    http::{
        answer::{self, fresh, site_id, unchanged},
        app::App,
        etag,
        extract::Path,
        problem::Problem,
    },
    report::{self, OpportunitiesQuestion, OpportunityCandidates, Parameters, Recount},
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
    let asked = OpportunitiesQuestion::take(Parameters::parse(&query.unwrap_or_default())?, now)?;
    let tag = answer::tag(&app, &("opportunities", &site, format!("{asked:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let selection = asked.question.selection(id);
    let candidates = OpportunityCandidates::new(asked.limit);
    let add = OpportunityCandidates::add;
    let (candidates, _) = app.reader().explained(selection.clone(), candidates, add, now).await?;
    let recount = candidates.into_recount();
    let (recount, kept_from) =
        app.reader().explained(selection, recount, Recount::add, now).await?;
    Ok((fresh(tag), Json(report::opportunities(&site, asked, recount, kept_from))).into_response())
}
