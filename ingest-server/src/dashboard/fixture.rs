//! Summaries for tests.

use super::{PageContext, ReportPeriod, Scope};
use crate::{
    distribution::Distribution,
    report::{Period, Summary, summarize},
    store::sqlite::{Filters, Measured},
};
use beacon::MetricName;

/// All page views of the site `shop` in a period.
pub(super) fn shop(period: ReportPeriod) -> Scope {
    Scope { site: "shop".to_owned(), period, filters: Filters::default() }
}

/// The only site there is, in that period.
pub(super) fn context(period: ReportPeriod) -> PageContext {
    PageContext {
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
