//! What many page views asked for, added up by address, by chain and by route.

use crate::{
    report::{
        durations::DurationSum,
        told_apart::{PageViews, entry},
    },
    store::sqlite::PagePlace,
};
use beacon::{Chain, Request, Requests, ServerTiming};
use std::collections::HashMap;

/// Addresses that are told apart; a page view has at most 50. They take some 20 MB at most.
const TOLD_APART_MAX: usize = 1000;
/// Names of what servers tell of one address.
const TIMINGS_MAX: usize = 8;
/// Chains that are told apart; of the longest addresses they take 10 MB.
const CHAINS_MAX: usize = 500;
/// Routes that are told apart.
const ROUTES_MAX: usize = 2000;

/// All requests of an address.
#[derive(Debug, Default)]
pub(super) struct Url {
    pub(super) page_views: PageViews,
    pub(super) failed_count: u64,
    pub(super) durations: DurationSum,
    pub(super) waits: DurationSum,
    pub(super) server: HashMap<String, DurationSum>,
    /// Of the page view whose longest request took longest, of those that know one.
    pub(super) trace: Option<Trace>,
}

/// A trace, and how long its request took.
#[derive(Debug)]
pub(super) struct Trace {
    pub(super) id: String,
    max_us: u32,
}

/// Requests that waited for each other, on many page views.
#[derive(Debug, Default)]
pub(super) struct Chained {
    pub(super) page_views: PageViews,
    pub(super) count: u64,
    pub(super) total_us: u64,
    pub(super) longest_us: u64,
}

/// How much of what is asked for is under way at once, on page views of a route.
#[derive(Debug, Default)]
pub(super) struct Concurrency {
    pub(super) sequential_us: Vec<u32>,
    pub(super) elapsed_us: Vec<u32>,
}

/// What was asked for.
#[derive(Debug, Default)]
pub(crate) struct Urls {
    pub(super) page_views: u64,
    /// Requests of addresses that were one too many, in a page view or here.
    pub(super) dropped: u64,
    pub(super) by_url: HashMap<String, Url>,
    /// By route and addresses.
    pub(super) by_chain: HashMap<(String, Vec<String>), Chained>,
    pub(super) by_route: HashMap<String, Concurrency>,
}

impl Urls {
    /// Adds what a page view of that route tells.
    pub(crate) fn add(&mut self, told: Requests, PagePlace { route, .. }: PagePlace<'_>) {
        self.page_views += 1;
        self.dropped += u64::from(told.dropped);
        for chain in &told.chains {
            self.add_chain(chain, &told.urls, route);
        }
        if told.elapsed_us > 0
            && let Some(concurrency) = entry(&mut self.by_route, route.to_owned(), ROUTES_MAX)
        {
            concurrency.sequential_us.push(told.sequential_us);
            concurrency.elapsed_us.push(told.elapsed_us);
        }
        for request in told.urls {
            match entry(&mut self.by_url, request.url.clone(), TOLD_APART_MAX) {
                Some(url) => url.add(request, self.page_views),
                None => self.dropped += u64::from(request.durations.count),
            }
        }
    }

    fn add_chain(&mut self, chain: &Chain, urls: &[Request], route: &str) {
        let url = |number: &u8| urls.get(usize::from(*number)).map(|it| it.url.clone());
        let Some(urls) = chain.urls.iter().map(url).collect::<Option<Vec<_>>>() else { return };
        let key = (route.to_owned(), urls);
        let Some(chained) = entry(&mut self.by_chain, key, CHAINS_MAX) else { return };
        chained.count += 1;
        chained.page_views.see(self.page_views);
        chained.total_us += u64::from(chain.total_us);
        chained.longest_us += u64::from(chain.longest_us);
    }
}

impl Url {
    fn add(&mut self, request: Request, page_view: u64) {
        let Request { failed_count, durations, waits, server, trace_id, .. } = request;
        self.page_views.see(page_view);
        self.failed_count += u64::from(failed_count);
        self.durations.add(&durations);
        self.waits.add(&waits);
        for ServerTiming { name, durations } in server {
            if let Some(timing) = entry(&mut self.server, name, TIMINGS_MAX) {
                timing.add(&durations);
            }
        }
        let is_longer = self.trace.as_ref().is_none_or(|trace| durations.max_us > trace.max_us);
        if !trace_id.is_empty() && is_longer {
            self.trace = Some(Trace { id: trace_id, max_us: durations.max_us });
        }
    }
}
