//! Page views one by one.

use super::Viewed;
use crate::{
    dashboard,
    http::{api, extract::Path, problem::Problem},
    report::{ListQuestion, Parameters, QuestionError, asked},
};
use axum::response::Response;

/// `GET /page-views/{id}`
pub(in crate::http) async fn page_view(
    Path(id): Path<String>,
    viewed: Viewed,
) -> Result<Response, Problem> {
    let (app, context) = (&viewed.app, &viewed.context);
    let key = api::page_view::key(viewed.id, &id)?;
    let tag = viewed.tag(&("page view", format!("{key:?}")));
    let page_view = api::page_view::find(app, viewed.site(), key);
    viewed.page(tag, async { Ok(dashboard::page_view_page(&page_view.await?, context)) }).await
}

/// Rows of the page.
const SHOWN: usize = 50;

/// The page views of a view in an order, from a place on.
fn listed(
    viewed: &Viewed,
    own: [(&str, Option<String>); 2],
) -> Result<ListQuestion, QuestionError> {
    let filters = viewed.question.filters.given().map(|(name, value)| (name, value.to_owned()));
    let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let asked = filters.chain(own).map(|(name, value)| (name.to_owned(), value)).collect();
    let mut question = ListQuestion::take(Parameters::of(&asked), viewed.site().1, viewed.now)?;
    question.question.period = viewed.question.period;
    question.limit = SHOWN;
    Ok(question)
}

/// `GET /page-views`: `?metric=inp` has the worst first.
pub(in crate::http) async fn page_views(mut viewed: Viewed) -> Result<Response, Problem> {
    let own = ["metric", "cursor"].map(|name| (name, viewed.own.take(name)));
    let question = listed(&viewed, own)?;
    let site = viewed.site();
    let tag = viewed.tag(&("page views", format!("{question:?}")));
    let report = asked::page_views(viewed.app.reader(), site, question, viewed.now);
    let page = async { Ok(dashboard::page_views_page(&report.await?, &viewed.context)) };
    viewed.page(tag, page).await
}
