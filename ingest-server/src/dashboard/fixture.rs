//! Summaries for tests.

use super::{PageContext, ReportPeriod, Scope};
use crate::{
    distribution::Distribution,
    report::{
        Figures, Interval, MetricWord, OverTime, Period, Summary, Timeseries, TimeseriesPoint,
        Unit, summarize,
    },
    store::sqlite::{Filters, Measured},
};
use beacon::MetricName;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// All page views of the site `shop` in a period.
pub(super) fn shop(period: ReportPeriod) -> Scope {
    Scope { site: "shop".to_owned(), period, filters: Filters::default(), zone: TimeZone::UTC }
}

/// The only site there is, in that period.
pub(super) fn context(period: ReportPeriod) -> PageContext {
    PageContext {
        is_operator: true,
        sites: vec!["shop".to_owned()],
        scope: shop(period),
        origin: "https://rum.example.com".to_owned(),
    }
}

/// Of the site `shop`, from metrics with a value in steps and how many page views have it.
pub(super) fn summary(values: &[(MetricName, u32, u64)]) -> Summary {
    let mut distributions = MetricName::ALL.map(Distribution::new);
    for (name, steps, count) in values {
        (0..*count).for_each(|_| distributions[*name as usize].add(*steps));
    }
    let page_views = distributions.iter().map(Distribution::count).max().unwrap_or(0);
    let period = Period {
        from: "2026-10-26T00:00:00Z".parse().unwrap(),
        to: "2026-11-23T00:00:00Z".parse().unwrap(),
    };
    let measured = Measured { page_views, unmeasured: 0, distributions };
    summarize("shop", period, Filters::default(), measured)
}

/// The LCP by day, from 1 November on: in milliseconds, and on how many page views.
pub(super) fn series(days: &[(u32, u32)]) -> Timeseries {
    let from = "2026-11-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let day = SignedDuration::from_hours(24);
    let point = |(number, (ms, count)): (usize, &(u32, u32))| {
        let mut values = Distribution::new(MetricName::Lcp);
        (0..*count).for_each(|_| values.add(ms * 1000));
        TimeseriesPoint {
            start: format!("2026-11-{:02}", number + 1),
            figures: Figures::of(values),
        }
    };
    Timeseries {
        site: "shop".to_owned(),
        period: Period { from, to: from + day * i32::try_from(days.len()).unwrap() },
        filters: Filters::default(),
        metric: MetricWord(MetricName::Lcp),
        unit: Unit::Ms,
        interval: Interval::Day.as_str(),
        tz: "UTC".to_owned(),
        points: days.iter().enumerate().map(point).collect(),
    }
}

/// Page views by day, from 1 November on.
pub(super) fn over_time(page_views: &[u64]) -> OverTime {
    let days = page_views.iter().map(|_| (0, 0)).collect::<Vec<_>>();
    OverTime { series: vec![series(&days)], page_views: page_views.to_vec() }
}
