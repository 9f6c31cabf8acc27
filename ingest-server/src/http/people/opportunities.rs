//! What to fix first, all of it.

use super::Viewed;
use crate::{
    dashboard,
    http::{
        answer::{fresh, is_known, unchanged},
        first_fixes,
        problem::Problem,
    },
};
use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};

/// `GET /opportunities`
pub(in crate::http) async fn opportunities(viewed: Viewed) -> Result<Response, Problem> {
    let Viewed { app, question, context, .. } = &viewed;
    let tag = viewed.tag(&("opportunities", format!("{question:?}")));
    if is_known(app, &viewed.headers, &tag) {
        return Ok(unchanged(tag));
    }
    let (fixes, is_current) = first_fixes::ask(app, &viewed.first_fixes()).await;
    Ok(of_moment(dashboard::opportunities_page(&fixes, context), tag, is_current))
}

/// A page with that tag, if all of it is of this moment. Without a tag it is asked for again, until it is.
fn of_moment(page: String, tag: String, is_current: bool) -> Response {
    let page = Html(page);
    if is_current {
        (fresh(tag), page).into_response()
    } else {
        ([(header::CACHE_CONTROL, "private, no-store")], page).into_response()
    }
}
