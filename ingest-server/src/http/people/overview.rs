//! The overview of a site.

use super::Viewed;
use crate::{
    dashboard::{self, Course},
    http::{
        answer::{fresh, is_known, unchanged},
        first_fixes, kept_answers,
        problem::Problem,
    },
    report::{TimeseriesQuestion, asked},
};
use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};

/// `GET /`
pub(in crate::http) async fn overview(viewed: Viewed) -> Result<Response, Problem> {
    let Viewed { app, question, now, context, .. } = &viewed;
    let tag = viewed.tag(&("overview", format!("{question:?}"), &context.origin));
    if is_known(app, &viewed.headers, &tag) {
        return Ok(unchanged(tag));
    }
    let fixes = first_fixes::Asked {
        site: (viewed.id, context.scope.site.clone()),
        period: context.scope.period,
        question: question.clone(),
        version: app.data_version(),
    };
    let (summary, course, (fixes, is_current)) = tokio::join!(
        kept_answers::summary(app, viewed.site(), question.clone(), *now),
        course(&viewed),
        first_fixes::ask(app, &fixes),
    );
    let summary = summary?;
    let page = Html(dashboard::page(&summary, &course, &fixes, context));
    // Without a tag it is asked for again, until all of it is of this moment.
    let passing = [(header::CACHE_CONTROL, "private, no-store")];
    Ok(if is_current {
        (fresh(tag), page).into_response()
    } else {
        (passing, page).into_response()
    })
}

/// What has become of the site in the period. Without it the page says what it says.
async fn course(viewed: &Viewed) -> Course {
    let Viewed { app, question, now, context, .. } = viewed;
    let own = [("metric", "lcp"), ("interval", context.scope.period.interval().as_str())];
    let Ok(series) = TimeseriesQuestion::parse(&viewed.asks(&own), *now) else {
        return Course::default();
    };
    let (reader, site) = (app.reader(), viewed.site());
    Course {
        over_time: asked::over_time(reader, site, series, *now).await.ok(),
        releases: asked::releases(reader, site.0, question.period, *now).await.unwrap_or_default(),
    }
}
