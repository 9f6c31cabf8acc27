//! Page views one by one.

use super::{View, Viewed, unless_known};
use crate::{
    dashboard,
    http::{
        answer, api,
        app::App,
        extract::{Path, Query},
        problem::Problem,
    },
    report::{ListQuestion, Parameters, Period, asked},
};
use axum::{extract::State, http::HeaderMap, response::Response};
use jiff::Timestamp;
use serde::Deserialize;

/// `GET /page-views/{id}`
pub(in crate::http) async fn page_view(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(view): Query<View>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Viewed { site: (site, name), context, .. } = Viewed::new(&app, view, &headers)?;
    let key = api::page_view::key(site, &id)?;
    let tag = answer::tag(&app, &(&name, "page view", format!("{key:?}"), context.period.as_str()));
    let page_view = api::page_view::find(&app, (site, &name), key);
    let page = async { Ok(dashboard::page_view_page(&page_view.await?, &context)) };
    unless_known(&headers, tag, page).await
}

/// Rows of the page.
const SHOWN: usize = 50;

/// Which page views are looked at: `?metric=inp&route=/search`.
#[derive(Debug, Deserialize)]
pub(in crate::http) struct Listing {
    metric: Option<String>,
    route: Option<String>,
    cursor: Option<String>,
}

impl Listing {
    fn of(self, site: &str, period: Period, now: Timestamp) -> Result<ListQuestion, Problem> {
        let Self { metric, route, cursor } = self;
        let asked = [("metric", metric), ("route", route), ("cursor", cursor)];
        let asked = asked.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let mut question = ListQuestion::take(Parameters::of(&asked.collect()), site, now)?;
        question.question.period = period;
        question.limit = SHOWN;
        Ok(question)
    }
}

/// `GET /page-views`
pub(in crate::http) async fn page_views(
    State(app): State<App>,
    Query(view): Query<View>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Viewed { site: (id, site), question, now, context } = Viewed::new(&app, view, &headers)?;
    let question = listing.of(&site, question.period, now)?;
    let tag = answer::tag(&app, &(&site, "page views", format!("{question:?}")));
    let report = asked::page_views(app.reader(), (id, &site), question, now);
    let page = async { Ok(dashboard::page_views_page(&report.await?, &context)) };
    unless_known(&headers, tag, page).await
}
