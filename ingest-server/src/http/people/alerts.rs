//! What watches the site.

use super::Viewed;
use crate::{
    dashboard,
    http::{api, etag, problem::Problem},
};
use axum::response::Response;

/// `GET /alerts`
pub(in crate::http) async fn alerts(viewed: Viewed) -> Result<Response, Problem> {
    let context = &viewed.context;
    let answer = api::alerts::ask(&viewed.app, viewed.site()).await?;
    let tag = etag::of(&(api::alerts::tag(&answer), format!("{context:?}")));
    viewed.page(tag, async { Ok(dashboard::alerts_page(&answer, context)) }).await
}
