//! The routes of a site that have counts of their own.
//!
//! They are to be those with the most page views, but what has counts of its own keeps them, since
//! counters do not fall. So a place is not given to whoever comes first: the n-th one goes to the first
//! route that has come n times while it was free.

use super::series::Series;
use crate::ingest::enrich::OTHER;
use std::collections::HashMap;

/// Routes of a site with counts of their own.
const ROUTES_MAX: usize = 20;
/// Routes that wait for a place. When there are more, all begin anew: those that deserve one come often.
const WAITING_MAX: usize = 1000;

/// The counts of a site.
#[derive(Debug, Default)]
pub(super) struct Routes {
    own: HashMap<Box<str>, Series>,
    others: Series,
    /// How often those have come that have no place.
    waiting: HashMap<Box<str>, usize>,
}

impl Routes {
    /// Where a page view of the route is counted.
    pub(super) fn series(&mut self, route: &str) -> &mut Series {
        let has_place = self.own.contains_key(route) || self.is_given_place(route);
        let own = if has_place { self.own.get_mut(route) } else { None };
        own.unwrap_or(&mut self.others)
    }

    fn is_given_place(&mut self, route: &str) -> bool {
        if self.own.len() == ROUTES_MAX || route == OTHER {
            return false;
        }
        if self.waiting.len() == WAITING_MAX {
            self.waiting.clear();
        }
        let times = self.waiting.entry(route.into()).or_default();
        *times += 1;
        let is_given = *times > self.own.len();
        if is_given {
            self.waiting.remove(route);
            self.own.insert(route.into(), Series::default());
        }
        if self.own.len() == ROUTES_MAX {
            self.waiting = HashMap::new();
        }
        is_given
    }

    /// Every route that has counts, and the others together if there are any.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Series)> {
        let others = (self.others != Series::default()).then_some((OTHER, &self.others));
        self.own.iter().map(|(route, series)| (&**route, series)).chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn visit(routes: &mut Routes, route: &str) {
        routes.series(route).page_views += 1;
    }

    fn page_views(routes: &Routes, route: &str) -> Option<u64> {
        routes.all().find(|(name, _)| *name == route).map(|(_, series)| series.page_views)
    }

    #[test]
    fn a_place_is_for_a_route_that_comes_often_enough() {
        let mut routes = Routes::default();
        for route in ["/", "/a", "/b", "/a", "/c", OTHER, "/a"] {
            visit(&mut routes, route);
        }
        assert_eq!(["/", "/a", "/b"].map(|it| page_views(&routes, it)), [Some(1), Some(2), None]);
        assert_eq!(page_views(&routes, OTHER), Some(4));
    }

    #[test]
    fn the_frequent_routes_of_many_have_the_places() {
        let mut routes = Routes::default();
        // Of 1000 routes the n-th comes in one of n rounds, and each round begins elsewhere.
        for round in 1..=400 {
            for number in (1..=1000).map(|number| (number + round * 37) % 1000 + 1) {
                if round % number == 0 {
                    visit(&mut routes, &format!("/{number}"));
                }
            }
        }
        assert_eq!(routes.own.len(), ROUTES_MAX);
        let frequent = (1..=10).filter(|number| routes.own.contains_key(&*format!("/{number}")));
        assert_eq!(frequent.count(), 10);
    }

    proptest! {
        #[test]
        fn every_page_view_is_counted_once_and_no_count_falls(visits in prop::collection::vec("/[a-h]{0,2}", 0..400)) {
            let mut routes = Routes::default();
            let mut before = HashMap::new();
            for (number, route) in (1..).zip(&visits) {
                visit(&mut routes, route);
                let now = routes.all().map(|(route, series)| (route.to_owned(), series.page_views));
                let now = now.collect::<HashMap<_, _>>();
                prop_assert_eq!(now.values().sum::<u64>(), number);
                prop_assert!(now.len() <= ROUTES_MAX + 1);
                prop_assert!(before.iter().all(|(route, count)| now.get(route) >= Some(count)));
                prop_assert!(routes.waiting.len() <= WAITING_MAX);
                before = now;
            }
        }
    }
}
