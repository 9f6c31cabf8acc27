//! The overview of a site.

use super::{Viewed, sent};
use crate::{
    dashboard::{self, Course, Overviewed, ReportPeriod, Scope},
    http::{
        answer::{fresh, is_known, unchanged},
        app::App,
        first_fixes, kept_answers,
        problem::Problem,
    },
    ingest::SiteId,
    report::{Period, Question, TimeseriesQuestion},
    store::sqlite::Filters,
};
use axum::{
    body::Bytes,
    response::{Html, IntoResponse, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use std::sync::Arc;

/// Sites whose overview is asked for at the start, before anybody does.
const WARMED_SITES_MAX: usize = 16;

/// `GET /`
pub(in crate::http) async fn overview(viewed: Viewed) -> Result<Response, Problem> {
    let Viewed { app, question, now, context, .. } = &viewed;
    let tag = viewed.tag(&("overview", format!("{question:?}"), &context.origin));
    if is_known(app, &viewed.headers, &tag) {
        return Ok(unchanged(tag));
    }
    let (summary, course) = tokio::join!(
        kept_answers::summary(app, viewed.site(), question.clone(), *now),
        course(app, viewed.id, &context.scope, question.period, *now),
    );
    let overviewed = Overviewed { summary: summary?, course };
    let page = dashboard::page(&overviewed, context);
    if !overviewed.has_rest() {
        return Ok((fresh(tag), Html(page)).into_response());
    }
    if let Some(fixes) = first_fixes::known(app, &viewed.first_fixes()) {
        let page = page + &dashboard::page_rest(&overviewed, &fixes, context);
        return Ok((fresh(tag), Html(page)).into_response());
    }
    let viewed = Arc::new(viewed);
    Ok(sent(&viewed, page, rest(viewed.clone(), overviewed)))
}

async fn rest(viewed: Arc<Viewed>, overviewed: Overviewed) -> Result<Bytes, Problem> {
    let (fixes, _) = first_fixes::ask(&viewed.app, &viewed.first_fixes()).await;
    Ok(dashboard::page_rest(&overviewed, &fixes, &viewed.context).into())
}

/// What has become of the site. Without it the page says what it says.
async fn course(
    app: &App,
    site: SiteId,
    scope: &Scope,
    period: Period,
    now: Timestamp,
) -> Option<Arc<Course>> {
    let own = [("metric", "lcp"), ("interval", scope.period.interval().as_str())];
    let question =
        TimeseriesQuestion::parse(&scope.query_of(period, &own), now).ok()?.within(period);
    kept_answers::course(app, (site, &scope.site), question, now).await.ok()
}

/// Asks what is most asked, so that the first who come find it: what the overview shows.
pub(crate) async fn warm(app: App) {
    // By then the log is as the writer leaves it when it begins.
    app.writer().tend().await;
    for (name, site) in app.sites().iter().take(WARMED_SITES_MAX) {
        let (now, period) = (Timestamp::now(), ReportPeriod::default());
        let (filters, zone) = (Filters::default(), TimeZone::UTC);
        let scope = Scope { site: name.to_owned(), period, filters, zone };
        let question = Question::last_hours(period.hours(), now);
        let course = course(&app, site.id, &scope, question.period, now);
        // What cannot be read is told to the log, and to whoever asks for it.
        let _ = tokio::join!(
            kept_answers::summary(&app, (site.id, name), question.clone(), now),
            course
        );
    }
}
