//! The routes of a site.

use super::Viewed;
use crate::{dashboard, http::problem::Problem, report::asked};
use axum::response::Response;

/// `GET /routes`
pub(in crate::http) async fn routes(viewed: Viewed) -> Result<Response, Problem> {
    let tag = viewed.tag(&("routes", format!("{:?}", viewed.question)));
    let page = async {
        let reader = viewed.app.reader();
        let routes = asked::routes(reader, viewed.site(), viewed.question.clone()).await?;
        Ok(dashboard::routes_page(&routes, &viewed.context))
    };
    viewed.page(tag, page).await
}
