//! One vital: how it is spread, what has become of it, for whom it is slow, and why.

use super::{
    PageContext,
    blame::BlamePanel,
    breakdown::BreakdownPanel,
    chart::{Chart, is_cut},
    frame::{Frame, Link, Place},
    page_views, print,
    rated::Rated,
    scope::Scope,
    score_card::ScoreCard,
    vital::{SHOWN, vital},
};
use crate::{
    report::{
        AttributionReport, Breakdown, BreakdownSort, PageViewRow, PageViews, Summary, Timeseries,
        metric_name::lower,
    },
    roll_up::Facet,
};
use askama::Template;
use beacon::MetricName;
use jiff::Timestamp;
use std::sync::Arc;

/// What the page is about.
#[derive(Clone, Copy, Debug)]
pub struct VitalAsked {
    /// Which vital.
    pub metric: MetricName,
    /// What rows of the breakdown are told apart by, and what they are sorted by.
    pub(crate) by: (Facet, BreakdownSort),
}

/// What the first part of the page is made of. What could not be read is told in its place, and the rest is shown.
#[derive(Debug)]
pub struct VitalFigures {
    /// What was measured.
    pub summary: Arc<Summary>,
    /// The same over time.
    pub series: Result<Timeseries, String>,
    /// What was released meanwhile, and when.
    pub releases: Vec<(String, Timestamp)>,
}

/// What the rest is made of, which takes longer to count.
#[derive(Debug)]
pub struct VitalCauses {
    /// The same by what page views are alike in.
    pub breakdown: Result<Breakdown, String>,
    /// What is behind it.
    pub attribution: Result<AttributionReport, String>,
    /// The page views where it is worst.
    pub worst: Result<PageViews, String>,
}

#[derive(Template)]
#[template(path = "vitals.html")]
struct VitalPage<'a> {
    frame: Frame,
    site: &'a str,
    period: &'static str,
    vitals: Vec<Link>,
    card: ScoreCard,
    chart: Result<Chart, String>,
    /// The points of the chart as a table to download.
    csv: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "vitals_rest.html")]
struct VitalRest {
    frame: Frame,
    metric: &'static str,
    breakdown: BreakdownPanel,
    blame: Result<BlamePanel, String>,
    worst: Result<Vec<Worst>, String>,
    all_worst: String,
    /// Which were looked at, if not all were.
    worst_of: Option<String>,
}

/// A page view where the vital is bad.
struct Worst {
    title: String,
    href: String,
    about: String,
    value: Option<Rated>,
}

/// The first part of the page.
pub fn vitals_page(
    VitalAsked { metric, by }: VitalAsked,
    it: &VitalFigures,
    context: &PageContext,
) -> String {
    let scope = &context.scope;
    let link = |name: MetricName| Link {
        text: name.as_str().to_owned(),
        href: address(scope, name, by),
        is_current: name == metric,
    };
    let series = it.series.as_ref();
    let chart = match series {
        Ok(_) if it.summary.metrics.get(metric).is_none_or(|it| it.count == 0) => {
            Err(format!("No {} was measured in this period.", metric.as_str()))
        }
        Ok(series) => Ok(Chart::new(series, &it.releases, &scope.zone)),
        Err(problem) => Err(problem.clone()),
    };
    let frame = Frame::filtered(context, Place::Vitals, |scope| address(scope, metric, by));
    print(&VitalPage {
        frame: frame.going_on(),
        site: &scope.site,
        period: scope.period.length(),
        vitals: SHOWN.map(link).into(),
        card: ScoreCard {
            vital: None,
            ..ScoreCard::new(vital(metric), &it.summary.metrics, scope)
        },
        csv: series.ok().filter(|_| chart.is_ok()).map(|series| {
            let question = scope.question("timeseries", series.period);
            let asked = format!("metric={}&interval={}", lower(metric), series.interval);
            let text = if is_cut(series) { "As CSV, with all of its first day" } else { "As CSV" };
            (text, format!("{question}&{asked}&format=csv"))
        }),
        chart,
    })
}

/// The rest of it.
pub fn vitals_page_rest(
    VitalAsked { metric, by: (by, sort) }: VitalAsked,
    it: &VitalCauses,
    context: &PageContext,
) -> String {
    let scope = &context.scope;
    let found = it.breakdown.as_ref().map_err(Clone::clone);
    let attribution = it.attribution.as_ref().map_err(Clone::clone);
    let worst = it.worst.as_ref().map_err(Clone::clone);
    print(&VitalRest {
        frame: Frame::around(context, Place::Vitals),
        metric: metric.as_str(),
        breakdown: BreakdownPanel::new(found, (metric, by, sort), scope, |by| {
            address(scope, metric, by)
        }),
        blame: attribution.map(|found| BlamePanel::new(found, scope)),
        worst: worst
            .map(|found| found.rows.iter().map(|row| self::worst(row, metric, scope)).collect()),
        all_worst: page_views::address(scope, Some(metric)),
        worst_of: it.worst.as_ref().ok().and_then(page_views::looked_at),
    })
}

/// The path of the page about a vital.
pub(super) fn path(metric: MetricName) -> String {
    format!("/vitals/{}", lower(metric))
}

/// The address of this page.
pub(super) fn address(
    scope: &Scope,
    metric: MetricName,
    (by, sort): (Facet, BreakdownSort),
) -> String {
    let mut query = scope.query();
    if by != Facet::Route {
        query.append_pair("by", by.as_str());
    }
    if sort != BreakdownSort::default() {
        query.append_pair("sort", sort.as_str());
    }
    format!("{}?{}", path(metric), query.finish())
}

fn worst(row: &PageViewRow, metric: MetricName, scope: &Scope) -> Worst {
    let page_views::Row { title, href, about, .. } = page_views::row(row, scope);
    let value = row.metrics[metric as usize];
    Worst { title, href, about, value: value.map(|it| Rated::of(metric, it.value, it.rating)) }
}
