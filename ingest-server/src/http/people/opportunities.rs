//! What to fix first, all of it.

use super::Viewed;
use crate::{
    dashboard,
    http::{
        answer::{fresh, is_known, unchanged, untagged},
        first_fixes,
        problem::Problem,
    },
};
use axum::response::{Html, IntoResponse, Response};

/// `GET /opportunities`
pub(in crate::http) async fn opportunities(viewed: Viewed) -> Result<Response, Problem> {
    let Viewed { app, question, context, .. } = &viewed;
    let tag = viewed.tag(&("opportunities", format!("{question:?}")));
    if is_known(app, &viewed.headers, &tag) {
        return Ok(unchanged(tag));
    }
    let (fixes, is_current) = first_fixes::ask(app, &viewed.first_fixes()).await;
    let page = Html(dashboard::opportunities_page(&fixes, context));
    Ok(if is_current {
        (fresh(tag), page).into_response()
    } else {
        (untagged(), page).into_response()
    })
}
