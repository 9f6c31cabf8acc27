//! What watches the site.

use super::{chosen, unless_known};
use crate::{
    dashboard,
    http::{api, app::App, etag, extract::Query, problem::Problem},
};
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;

/// What the page of alerts is asked for: `?site=shop`.
#[derive(Debug, Deserialize)]
pub(in crate::http) struct AlertsView {
    site: Option<String>,
}

/// `GET /alerts`
pub(in crate::http) async fn alerts(
    State(app): State<App>,
    Query(view): Query<AlertsView>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (site, names) = chosen(&app, view.site)?;
    let answer = api::alerts::ask(&app, &site).await?;
    let tag = etag::of(&(api::alerts::tag(&answer), &names));
    unless_known(&headers, tag, async { Ok(dashboard::alerts_page(&answer, &names)) }).await
}
