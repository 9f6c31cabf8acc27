//! The routes of a site.

use super::{Viewed, in_two_parts};
use crate::{dashboard, http::problem::Problem, report::asked};
use axum::response::Response;
use std::sync::Arc;

/// `GET /routes`
pub(in crate::http) async fn routes(viewed: Viewed) -> Result<Response, Problem> {
    let tag = viewed.tag(&("routes", format!("{:?}", viewed.question)));
    let viewed = Arc::new(viewed);
    let first = async { Ok(dashboard::routes_page(&viewed.context)) };
    in_two_parts(&viewed, tag, first, rest(viewed.clone())).await
}

async fn rest(viewed: Arc<Viewed>) -> Result<String, Problem> {
    let reader = viewed.app.reader();
    let routes = asked::routes(reader, viewed.site(), viewed.question.clone()).await?;
    Ok(dashboard::routes_page_rest(&routes, &viewed.context))
}
