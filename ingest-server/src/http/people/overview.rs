//! The overview of a site.

use super::{View, Viewed};
use crate::{
    dashboard,
    http::{
        answer::{self, fresh, unchanged},
        app::App,
        etag,
        extract::Query,
        first_fixes,
        problem::Problem,
    },
    report::asked,
};
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Response},
};

/// `GET /`
pub(in crate::http) async fn overview(
    State(app): State<App>,
    Query(view): Query<View>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Viewed { site, question, now, context } = Viewed::new(&app, view, &headers)?;
    let tag = answer::tag(&app, &(&site.1, format!("{question:?}"), &context.origin));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let fixes = first_fixes::Asked {
        site: site.clone(),
        period: context.period,
        question: question.clone(),
        version: app.data_version(),
    };
    let (summary, (fixes, is_current)) = tokio::join!(
        asked::summary(app.reader(), (site.0, &site.1), question, now),
        first_fixes::ask(&app, &fixes),
    );
    let page = Html(dashboard::page(&summary?, &fixes, &context));
    // Without a tag it is asked for again, until all of it is of this moment.
    let passing = [(header::CACHE_CONTROL, "private, no-store")];
    Ok(if is_current {
        (fresh(tag), page).into_response()
    } else {
        (passing, page).into_response()
    })
}
