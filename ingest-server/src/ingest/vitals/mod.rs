//! What was measured since the server was started, counted for whoever watches it as a time series.
//!
//! Counts only grow. A metric of a page view is counted once, with the value that it first comes with:
//! what a later beacon says instead is in the reports, but a counter cannot take back what it has
//! counted. Bots are not counted, as in reports.

mod routes;
mod series;

pub use series::{BOUNDS, BOUNDS_COUNT, Counts, Series};

use super::page_view::{Change, PageView, SiteId};
use routes::Routes;
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The counts of every site.
#[derive(Debug, Default)]
pub struct Vitals {
    /// The writer takes the lock once for all page views that it has written together.
    sites: Mutex<BTreeMap<SiteId, Routes>>,
}

impl Vitals {
    /// Counts what was written, each page view with what became of it.
    pub(super) fn count<'a>(&self, written: impl Iterator<Item = (&'a PageView, &'a Change)>) {
        let mut sites = self.lock();
        for (page_view, change) in written {
            if change.is_first_of_anything() && !page_view.is_bot {
                let route = page_view.route.as_deref().unwrap_or_default();
                sites.entry(page_view.site).or_default().series(route).count(change);
            }
        }
    }

    /// All counts as they are now, by site and route.
    pub fn now(&self) -> Vec<(SiteId, String, Series)> {
        let sites = self.lock();
        let of_site = |(site, routes): (&SiteId, &Routes)| {
            let site = *site;
            let all = routes.all().map(|(route, series)| (site, route.to_owned(), series.clone()));
            all.collect::<Vec<_>>()
        };
        sites.iter().flat_map(of_site).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SiteId, Routes>> {
        self.sites.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
