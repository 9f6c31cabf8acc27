//! What to fix first, all of it.

use super::{Viewed, of_moment};
use crate::{
    dashboard,
    http::{
        answer::{is_known, unchanged},
        first_fixes,
        problem::Problem,
    },
};
use axum::response::Response;

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
