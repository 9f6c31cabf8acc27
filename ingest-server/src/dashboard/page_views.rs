//! Page views one by one: the latest, or those where a metric is worst.

use super::{
    PageContext,
    frame::{Chip, Frame, Link, Place, of_period},
    moment::{Moment, day},
    page_view,
    period::ReportPeriod,
    print,
    rated::Rated,
    requests::path,
    vital::SHOWN,
};
use crate::report::{PageViewRow, PageViews, metric_name::lower};
use askama::Template;
use beacon::MetricName;

#[derive(Template)]
#[template(path = "page_views.html")]
struct PageViewsPage<'a> {
    frame: Frame,
    site: &'a str,
    period: &'static str,
    /// What comes first, and from when on.
    order: String,
    orders: Vec<Link>,
    /// The route that all are of, if it is one.
    route: Option<Chip>,
    metrics: [&'static str; SHOWN.len()],
    rows: Vec<Row>,
    /// To those that follow.
    next: Option<String>,
}

struct Row {
    title: String,
    href: String,
    began: Moment,
    /// Device, browser and country, as far as they are known.
    about: String,
    values: [Option<Rated>; SHOWN.len()],
}

/// Which of them are shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Which<'a> {
    /// Those where it is worst come first; without it, the latest.
    pub(super) metric: Option<MetricName>,
    /// Of this route only.
    pub(super) route: Option<&'a str>,
}

/// The page.
pub fn page_views_page(it: &PageViews, context: &PageContext) -> String {
    let which =
        Which { metric: it.metric.map(|metric| metric.0), route: it.filters.route.as_deref() };
    let order = |metric: Option<MetricName>| Link {
        text: metric.map_or("Latest", MetricName::as_str).to_owned(),
        href: address(&it.site, context.period, Which { metric, ..which }),
        is_current: metric == which.metric,
    };
    print(&PageViewsPage {
        frame: Frame::filtered(&it.site, context, Place::PageViews, |period| {
            address(&it.site, period, which)
        }),
        site: &it.site,
        period: context.period.length(),
        order: first(it),
        orders: [None].into_iter().chain(SHOWN.map(Some)).map(order).collect(),
        route: which.route.map(|route| Chip {
            name: "Route",
            value: route.to_owned(),
            others: "Of all routes",
            without: address(&it.site, context.period, Which { route: None, ..which }),
        }),
        metrics: SHOWN.map(MetricName::as_str),
        rows: it.rows.iter().map(|row| self::row(row, it, context.period)).collect(),
        next: it
            .next
            .as_ref()
            .map(|next| format!("{}&cursor={next}", address(&it.site, context.period, which))),
    })
}

/// The address of this page.
pub(super) fn address(site: &str, period: ReportPeriod, which: Which<'_>) -> String {
    let mut query = of_period(site, period);
    if let Some(metric) = which.metric {
        query.append_pair("metric", lower(metric));
    }
    if let Some(route) = which.route {
        query.append_pair("route", route);
    }
    format!("/page-views?{}", query.finish())
}

fn first(it: &PageViews) -> String {
    let order = match it.metric {
        Some(metric) => format!("Those with the worst {} come first.", metric.0.as_str()),
        None => "What arrived last comes first.".to_owned(),
    };
    if it.kept_from > it.period.from {
        format!("{order} They are kept since {}.", day(it.kept_from))
    } else {
        order
    }
}

fn row(row: &PageViewRow, of: &PageViews, period: ReportPeriod) -> Row {
    let it = &row.circumstances;
    let about = [
        it.form_factor.map(|it| it.as_str().to_owned()),
        it.browser.clone(),
        it.country.clone(),
        it.release.as_ref().map(|release| format!("release {release}")),
    ];
    Row {
        title: it.route.as_deref().or(row.url.as_deref().map(path)).unwrap_or("a page").to_owned(),
        href: page_view::address(&of.site, period, row.id),
        began: Moment::brief(row.started_at),
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        values: SHOWN.map(|name| {
            let value = row.metrics[name as usize]?;
            Some(Rated::of(name, value.value, value.unit, value.rating))
        }),
    }
}
