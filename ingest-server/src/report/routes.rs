//! Every vital of every route, side by side.

use super::{Figures, Period, Question};
use crate::{
    roll_up::RouteOnHost,
    store::sqlite::{Filters, Measured},
};
use beacon::MetricName;
use std::cmp::Reverse;

/// Routes that are told; the others are counted.
pub const ROUTES_MAX: usize = 100;

/// The routes of a site, those with the most page views first.
#[derive(Clone, Debug, PartialEq)]
pub struct Routes {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// As many as are told.
    pub rows: Vec<RouteRow>,
    /// How many there are besides.
    pub others: usize,
}

/// A route.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteRow {
    /// Its template; absent for page views of which it is not known.
    pub route: Option<String>,
    /// Where it is, if routes are told of several hosts.
    pub host: Option<String>,
    /// How many page views it has.
    pub page_views: u64,
    /// What was measured on them, in the order of [`MetricName::ALL`].
    pub figures: [Figures; MetricName::ALL.len()],
}

/// Answers from what was measured on each route of each host.
pub(super) fn routes(
    site: &str,
    question: Question,
    measured: Vec<(Box<str>, Measured)>,
) -> Routes {
    let Question { period, filters } = question;
    let has_hosts = RouteOnHost::has_several_hosts(measured.iter().map(|(key, _)| &**key));
    let row = |(key, measured): (Box<str>, Measured)| {
        let RouteOnHost { route, host } = RouteOnHost::of_key(&key);
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        RouteRow {
            route: known(route),
            host: known(host).filter(|_| has_hosts),
            page_views: measured.page_views,
            figures: measured.distributions.map(Figures::of),
        }
    };
    let mut rows = measured.into_iter().map(row).collect::<Vec<_>>();
    rows.sort_by_cached_key(|row| (Reverse(row.page_views), row.route.clone(), row.host.clone()));
    let others = rows.len().saturating_sub(ROUTES_MAX);
    rows.truncate(ROUTES_MAX);
    Routes { site: site.to_owned(), period, filters, rows, others }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;

    fn measured(page_views: u32) -> Measured {
        let mut distributions = MetricName::ALL.map(Distribution::new);
        (0..page_views).for_each(|_| distributions[MetricName::Lcp as usize].add(2_000_000));
        Measured { page_views: page_views.into(), unmeasured: 0, distributions }
    }

    fn told(keys: &[(&str, u32)]) -> Routes {
        let now = "2026-11-23T08:00:30Z".parse().unwrap();
        let found = keys.iter().map(|(key, count)| ((*key).into(), measured(*count)));
        routes("shop", Question::last_hours(24, now), found.collect())
    }

    #[test]
    fn the_route_with_the_most_page_views_comes_first_with_all_that_was_measured() {
        let told = told(&[("/a\nshop.example", 2), ("/b\nshop.example", 5), ("\nshop.example", 1)]);
        let names = told.rows.iter().map(|row| (row.route.as_deref(), row.page_views));
        assert_eq!(names.collect::<Vec<_>>(), [(Some("/b"), 5), (Some("/a"), 2), (None, 1)]);
        assert_eq!(told.rows[0].figures[MetricName::Lcp as usize].p75, Some(2000.0));
        assert_eq!(told.rows[0].figures[MetricName::Inp as usize].p75, None);
        assert!(told.rows.iter().all(|row| row.host.is_none()), "there is but one host");
    }

    #[test]
    fn routes_of_several_hosts_are_told_apart() {
        let told = told(&[("/a\nshop.example", 1), ("/a\nblog.example", 2)]);
        let hosts = told.rows.iter().map(|row| row.host.as_deref()).collect::<Vec<_>>();
        assert_eq!(hosts, [Some("blog.example"), Some("shop.example")]);
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let keys = (0..ROUTES_MAX + 3).map(|number| format!("/{number}\nh")).collect::<Vec<_>>();
        let told = told(&keys.iter().map(|key| (key.as_str(), 1)).collect::<Vec<_>>());
        assert_eq!((told.rows.len(), told.others), (ROUTES_MAX, 3));
    }
}
