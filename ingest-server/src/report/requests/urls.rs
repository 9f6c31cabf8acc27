//! What many page views asked for, added up by address, by chain and by route.

use crate::{report::durations::DurationSum, store::sqlite::PagePlace};
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
    pub(super) page_views: u64,
    /// The number of the last of them.
    last_on: u64,
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
    pub(super) page_views: u64,
    /// The number of the last of them.
    last_on: u64,
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
        let is_known = told.elapsed_us > 0;
        if is_known && (self.by_route.len() < ROUTES_MAX || self.by_route.contains_key(route)) {
            let concurrency = self.by_route.entry(route.to_owned()).or_default();
            concurrency.sequential_us.push(told.sequential_us);
            concurrency.elapsed_us.push(told.elapsed_us);
        }
        for request in told.urls {
            if self.by_url.len() < TOLD_APART_MAX || self.by_url.contains_key(&request.url) {
                self.by_url.entry(request.url.clone()).or_default().add(request, self.page_views);
            } else {
                self.dropped += u64::from(request.durations.count);
            }
        }
    }

    fn add_chain(&mut self, chain: &Chain, urls: &[Request], route: &str) {
        let url = |number: &u8| urls.get(usize::from(*number)).map(|it| it.url.clone());
        let Some(urls) = chain.urls.iter().map(url).collect::<Option<Vec<_>>>() else { return };
        let key = (route.to_owned(), urls);
        if self.by_chain.len() >= CHAINS_MAX && !self.by_chain.contains_key(&key) {
            return;
        }
        let chained = self.by_chain.entry(key).or_default();
        chained.count += 1;
        if chained.last_on != self.page_views {
            chained.last_on = self.page_views;
            chained.page_views += 1;
        }
        chained.total_us += u64::from(chain.total_us);
        chained.longest_us += u64::from(chain.longest_us);
    }
}

impl Url {
    fn add(&mut self, request: Request, page_view: u64) {
        let Request { failed_count, durations, waits, server, trace_id, .. } = request;
        if self.last_on != page_view {
            self.last_on = page_view;
            self.page_views += 1;
        }
        self.failed_count += u64::from(failed_count);
        self.durations.add(&durations);
        self.waits.add(&waits);
        for ServerTiming { name, durations } in server {
            if self.server.len() < TIMINGS_MAX || self.server.contains_key(&name) {
                self.server.entry(name).or_default().add(&durations);
            }
        }
        let is_longer = self.trace.as_ref().is_none_or(|trace| durations.max_us > trace.max_us);
        if !trace_id.is_empty() && is_longer {
            self.trace = Some(Trace { id: trace_id, max_us: durations.max_us });
        }
    }
}
