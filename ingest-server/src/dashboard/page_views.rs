//! Page views one by one: the latest, or those where a metric is worst.

use super::{
    PageContext,
    frame::{Frame, Link, Place},
    moment::{Moment, day},
    number, page_view, print,
    rated::Rated,
    requests::path,
    scope::Scope,
    vital::SHOWN,
};
use crate::report::{LIST_MAX, PageViewRow, PageViews, metric_name::lower};
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
    /// Where it is worst comes first; without one, the latest.
    metric: Option<&'static str>,
    metrics: [&'static str; SHOWN.len()],
    rows: Vec<Row>,
    /// To those that follow.
    next: Option<String>,
    /// The first ones as CSV, in the same order.
    csv: String,
    list_max: usize,
}

pub(super) struct Row {
    pub(super) title: String,
    pub(super) href: String,
    began: Moment,
    /// Form factor, browser and country, as far as they are known.
    pub(super) about: String,
    values: [Option<Rated>; SHOWN.len()],
}

/// The page.
pub fn page_views_page(it: &PageViews, context: &PageContext) -> String {
    let (scope, by) = (&context.scope, it.metric.map(|metric| metric.0));
    let order = |metric: Option<MetricName>| Link {
        text: metric.map_or("Latest", MetricName::as_str).to_owned(),
        href: address(scope, metric),
        is_current: metric == by,
    };
    print(&PageViewsPage {
        frame: Frame::filtered(context, Place::PageViews, |scope| address(scope, by)),
        site: &it.site,
        period: scope.period.length(),
        order: first(it),
        orders: [None].into_iter().chain(SHOWN.map(Some)).map(order).collect(),
        metric: by.map(MetricName::as_str),
        metrics: SHOWN.map(MetricName::as_str),
        rows: it.rows.iter().map(|row| self::row(row, scope)).collect(),
        csv: csv(it, scope),
        list_max: LIST_MAX,
        next: it.next.as_ref().map(|next| format!("{}&cursor={next}", address(scope, by))),
    })
}

/// The address of this page: the page views where a metric is worst come first; without one, the latest.
pub(super) fn address(scope: &Scope, metric: Option<MetricName>) -> String {
    let mut query = scope.query();
    if let Some(metric) = metric {
        query.append_pair("metric", lower(metric));
    }
    format!("{}?{}", Place::PageViews.path(), query.finish())
}

fn csv(it: &PageViews, scope: &Scope) -> String {
    let by = it.metric.map(|metric| format!("&metric={}", lower(metric.0))).unwrap_or_default();
    let question = scope.question("page-views", it.period);
    format!("{question}{by}&limit={LIST_MAX}&format=csv")
}

/// Which were looked at, if not all were.
pub(super) fn looked_at(it: &PageViews) -> Option<String> {
    let latest = it.of_latest?;
    Some(format!("the latest {} of all sites", number::page_views(latest.into())))
}

fn first(it: &PageViews) -> String {
    let order = match it.metric {
        Some(metric) => format!("Those with the worst {} come first.", metric.0.as_str()),
        None => "Newest first.".to_owned(),
    };
    let latest = looked_at(it).map(|latest| format!("They are of {latest}."));
    let is_cut = it.kept_from > it.period.from;
    let kept = is_cut.then(|| format!("They are kept since {}.", day(it.kept_from)));
    [Some(order), latest, kept].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub(super) fn row(row: &PageViewRow, scope: &Scope) -> Row {
    let it = &row.circumstances;
    let about = [
        it.form_factor.map(|it| it.as_str().to_owned()),
        it.browser.clone(),
        it.country.clone(),
        it.release.as_ref().map(|release| format!("release {release}")),
    ];
    Row {
        title: it.route.as_deref().or(row.url.as_deref().map(path)).unwrap_or("a page").to_owned(),
        href: page_view::address(scope, row.id),
        began: Moment::brief(row.started_at, &scope.zone),
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        values: SHOWN.map(|name| {
            let value = row.metrics[name as usize]?;
            Some(Rated::of(name, value.value, value.rating))
        }),
    }
}
