//! The routes of a site, with every vital of each.

use super::{
    PageContext,
    frame::{Frame, Place},
    number, print,
    rated::Rated,
    scope::Scope,
    vital::SHOWN,
};
use crate::{
    report::{RouteRow, Routes, metric_name::lower},
    roll_up::Facet,
};
use askama::Template;
use beacon::MetricName;

#[derive(Template)]
#[template(path = "routes.html")]
struct RoutesPage<'a> {
    frame: Frame,
    site: &'a str,
    period: &'static str,
}

#[derive(Template)]
#[template(path = "routes_rest.html")]
struct RoutesRest {
    frame: Frame,
    count: String,
    metrics: [&'static str; SHOWN.len()],
    rows: Vec<Row>,
    others: Option<String>,
    /// Each vital by route, as a table to download.
    csv: Vec<(&'static str, String)>,
}

struct Row {
    /// Absent where it is not known.
    value: Option<String>,
    host: Option<String>,
    /// To the overview of this route.
    href: Option<String>,
    page_views: String,
    values: [Option<Rated>; SHOWN.len()],
}

/// The first part of the page, which says what the rest shows.
pub fn routes_page(context: &PageContext) -> String {
    print(&RoutesPage {
        frame: Frame::of(context, Place::Routes).going_on(),
        site: &context.scope.site,
        period: context.scope.period.length(),
    })
}

/// The rest of it.
pub fn routes_page_rest(it: &Routes, context: &PageContext) -> String {
    let scope = &context.scope;
    let csv = |name: MetricName| {
        let question = scope.question("breakdown", it.period);
        let query = format!("metric={}&by=route&sort=count&limit=1000&format=csv", lower(name));
        (name.as_str(), format!("{question}&{query}"))
    };
    print(&RoutesRest {
        frame: Frame::of(context, Place::Routes),
        count: number::routes((it.rows.len() + it.others) as u64),
        metrics: SHOWN.map(MetricName::as_str),
        rows: it.rows.iter().map(|row| self::row(row, scope)).collect(),
        others: (it.others > 0).then(|| number::routes(it.others as u64)),
        csv: SHOWN.map(csv).into(),
    })
}

fn row(it: &RouteRow, scope: &Scope) -> Row {
    let narrowed = |route: &str| {
        scope.narrowed(Place::Overview.path(), (Facet::Route, route), it.host.as_deref())
    };
    Row {
        value: it.route.clone(),
        host: it.host.clone(),
        href: it.route.as_deref().map(narrowed),
        page_views: number::count(it.page_views),
        values: SHOWN.map(|name| Rated::of_figures(name, &it.figures[name as usize])),
    }
}
