//! The answer what scripts ask servers for, what takes most time first.

use super::urls::{Chained, Concurrency, Url, Urls};
use crate::{
    report::{
        Period, Question, RankedQuestion, Sampled, Unit,
        durations::{DurationSum, ERROR, rounded_ms as ms},
        nearest_rank, share,
    },
    store::sqlite::Filters,
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Chains, and routes, of an answer.
const OTHERS_MAX: usize = 20;

/// The answer of `GET /v1/sites/{site}/requests`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RequestsReport {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// From when on page views are still there.
    #[schema(value_type = String, format = DateTime)]
    pub kept_from: Timestamp,
    /// That only some page views were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sampled: Option<Sampled>,
    /// How many asked for something.
    pub page_views: u64,
    /// How many addresses there are; those that are no rows take least time.
    pub urls: u64,
    /// Requests of addresses that were too many to be told apart.
    pub dropped: u64,
    /// How much a percentile of durations may be off, as a share of it.
    pub error: f64,
    /// Addresses, the one that takes most time first.
    pub rows: Vec<RequestRow>,
    /// Requests that waited for each other, the chain by which most time could be saved first: at most 20.
    pub chains: Vec<ChainRow>,
    /// How much is under way at once, by route, the one that waits longest first: at most 20.
    pub routes: Vec<ConcurrencyRow>,
}

/// All requests of an address.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RequestRow {
    /// The address without query string, with `:id` for what seems to be an identifier.
    pub url: String,
    /// How many page views asked for it.
    pub page_views: u64,
    /// How often.
    pub count: u64,
    /// How many did not succeed: a status of 400 or more.
    pub failed_count: u64,
    /// Their share.
    pub failed_share: f64,
    /// How long all took together, in milliseconds.
    pub total_ms: f64,
    /// Three quarters took at most so long, in milliseconds.
    pub p75: f64,
    /// One in twenty took longer.
    pub p95: f64,
    /// The longest one, in milliseconds.
    pub max: f64,
    /// Three quarters waited at most so long for the first byte; absent where browsers do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub wait_p75: Option<f64>,
    /// What servers say by `Server-Timing`, what takes most time first.
    pub server: Vec<ServerTimingRow>,
    /// The trace of a slow one, 32 hexadecimal digits, where the server tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub trace_id: Option<String>,
}

/// What servers say of themselves.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ServerTimingRow {
    /// What they call it, such as `db`.
    pub name: String,
    /// How often they said it.
    pub count: u64,
    /// Three quarters took at most so long, in milliseconds.
    pub p75: f64,
    /// The longest one, in milliseconds.
    pub max: f64,
}

/// Requests of which each began when the one before had ended.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChainRow {
    /// Addresses, in the order of time.
    pub urls: Vec<String>,
    /// The route on which it happened; absent for not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub route: Option<String>,
    /// On how many page views it was among the five that took longest.
    pub page_views: u64,
    /// How long it took on average, in milliseconds.
    pub mean_ms: f64,
    /// How long the longest of its requests took on average: what all would take, if none waited for another.
    pub mean_longest_ms: f64,
    /// What would be saved, on all of these page views together, in milliseconds.
    pub saved_ms: f64,
}

/// How much page views of a route ask for at once.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ConcurrencyRow {
    /// The route; absent for not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub route: Option<String>,
    /// How many page views there are.
    pub page_views: u64,
    /// Of three quarters of them, requests would take at most so long one after another, in milliseconds.
    pub sequential_p75: f64,
    /// Of three quarters of them, some request was under way for at most so long, in milliseconds.
    pub elapsed_p75: f64,
    /// How many were under way at once, as long as any was: 1 for one after another.
    pub concurrency: f64,
}

/// Answers from what was asked for.
pub(crate) fn requests(
    site: &str,
    RankedQuestion { question: Question { period, filters }, limit }: RankedQuestion,
    Urls { page_views, dropped, by_url, by_chain, by_route }: Urls,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> RequestsReport {
    let urls = by_url.len() as u64;
    let mut rows = by_url.into_iter().collect::<Vec<_>>();
    rows.sort_by(|(a_url, a), (b_url, b)| {
        b.durations.total_us.cmp(&a.durations.total_us).then_with(|| a_url.cmp(b_url))
    });
    rows.truncate(limit);
    RequestsReport {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        page_views,
        urls,
        dropped,
        error: ERROR,
        rows: rows.into_iter().map(|(url, told)| row(url, told)).collect(),
        chains: chains(by_chain),
        routes: routes(by_route),
    }
}

fn row(
    url: String,
    Url { page_views, failed_count, durations, waits, server, trace, .. }: Url,
) -> RequestRow {
    let mut server = server.into_iter().collect::<Vec<_>>();
    server.sort_by(|(a_name, a), (b_name, b)| {
        b.total_us.cmp(&a.total_us).then_with(|| a_name.cmp(b_name))
    });
    RequestRow {
        url,
        page_views: page_views.count,
        count: durations.count,
        failed_count,
        failed_share: share(failed_count, durations.count.max(1)),
        total_ms: Unit::Ms.round(durations.total_ms()),
        p75: percentile(&durations, 75),
        p95: percentile(&durations, 95),
        max: Unit::Ms.round(durations.max_ms()),
        wait_p75: waits.percentile_ms(75).map(|ms| Unit::Ms.round(ms)),
        server: server.into_iter().map(|(name, durations)| timing(name, &durations)).collect(),
        trace_id: trace.map(|trace| trace.id),
    }
}

fn timing(name: String, durations: &DurationSum) -> ServerTimingRow {
    ServerTimingRow {
        name,
        count: durations.count,
        p75: percentile(durations, 75),
        max: Unit::Ms.round(durations.max_ms()),
    }
}

fn percentile(durations: &DurationSum, per_cent: u64) -> f64 {
    Unit::Ms.round(durations.percentile_ms(per_cent).unwrap_or_default())
}

fn chains(by_chain: HashMap<(String, Vec<String>), Chained>) -> Vec<ChainRow> {
    let saved_us = |chain: &Chained| chain.total_us.saturating_sub(chain.longest_us);
    let mut chains = by_chain.into_iter().collect::<Vec<_>>();
    chains.sort_by(|(a_key, a), (b_key, b)| {
        saved_us(b).cmp(&saved_us(a)).then_with(|| a_key.cmp(b_key))
    });
    chains.truncate(OTHERS_MAX);
    let chain = |((route, urls), chain): ((String, Vec<String>), Chained)| ChainRow {
        urls,
        page_views: chain.page_views.count,
        mean_ms: ms(chain.total_us / chain.count.max(1)),
        mean_longest_ms: ms(chain.longest_us / chain.count.max(1)),
        saved_ms: ms(saved_us(&chain)),
        route: (!route.is_empty()).then_some(route),
    };
    chains.into_iter().map(chain).collect()
}

fn routes(by_route: HashMap<String, Concurrency>) -> Vec<ConcurrencyRow> {
    let mut rows = by_route.into_iter().filter_map(concurrency).collect::<Vec<_>>();
    rows.sort_by(|a, b| {
        b.elapsed_p75.total_cmp(&a.elapsed_p75).then_with(|| a.route.cmp(&b.route))
    });
    rows.truncate(OTHERS_MAX);
    rows
}

fn concurrency((route, told): (String, Concurrency)) -> Option<ConcurrencyRow> {
    let Concurrency { mut sequential_us, mut elapsed_us } = told;
    let sum = |all: &[u32]| all.iter().map(|us| u64::from(*us)).sum::<u64>();
    let (sequential, elapsed) = (sum(&sequential_us), sum(&elapsed_us));
    Some(ConcurrencyRow {
        route: (!route.is_empty()).then_some(route),
        page_views: elapsed_us.len() as u64,
        sequential_p75: ms(nearest_rank(&mut sequential_us, 75)?.into()),
        elapsed_p75: ms(nearest_rank(&mut elapsed_us, 75)?.into()),
        concurrency: (share(sequential, elapsed.max(1)) * 100.0).round() / 100.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::durations::tests::durations, store::sqlite::PagePlace};
    use beacon::{Chain, Request, Requests, ServerTiming};

    fn request(path: &str, all_ms: &[f64]) -> Request {
        Request {
            url: format!("https://shop.example{path}"),
            failed_count: 1,
            durations: durations(all_ms),
            waits: durations(&all_ms[..1]),
            server: vec![ServerTiming { name: "db".to_owned(), durations: durations(&[9.0]) }],
            trace_id: format!("{:032x}", all_ms.len()),
        }
    }

    fn report(page_views: &[Requests]) -> RequestsReport {
        let mut urls = Urls::default();
        for told in page_views {
            urls.add(told.clone(), PagePlace { host: "", route: "/trips" });
        }
        let question = Question::last_hours(24, Timestamp::UNIX_EPOCH);
        let asked = RankedQuestion { question, limit: 1 };
        requests("shop", asked, urls, None, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_takes_most_time_and_what_waits_for_each_other_comes_first() {
        let chain =
            |urls: &[u8], total_us, longest_us| Chain { urls: urls.to_vec(), total_us, longest_us };
        let told = Requests {
            urls: vec![request("/api/user", &[50.0, 60.0]), request("/api/trips", &[400.0])],
            dropped: 1,
            sequential_us: 510_000,
            elapsed_us: 255_000,
            chains: vec![chain(&[1, 0], 460_000, 400_000), chain(&[0, 0, 1], 510_000, 300_000)],
        };
        let answer = report(&[told.clone(), told]);
        assert_eq!((answer.page_views, answer.urls, answer.dropped), (2, 2, 2));
        let [row] = &answer.rows[..] else { panic!("{answer:?}") };
        assert_eq!(
            (&*row.url, row.count, row.failed_count),
            ("https://shop.example/api/trips", 2, 2)
        );
        assert_eq!((row.server[0].name.as_str(), row.server[0].count), ("db", 2));
        assert_eq!(row.trace_id.as_deref(), Some("00000000000000000000000000000001"));
        let longest = &answer.chains[0];
        let paths = longest.urls.iter().map(|url| url.rsplit('/').next().unwrap());
        assert_eq!(paths.collect::<Vec<_>>(), ["user", "user", "trips"]);
        assert_eq!((longest.page_views, longest.route.as_deref()), (2, Some("/trips")));
        let told =
            [longest.mean_ms, longest.mean_longest_ms, longest.saved_ms].map(|it| it.to_string());
        assert_eq!(told, ["510", "300", "420"]);
        let route = &answer.routes[0];
        let told =
            [route.sequential_p75, route.elapsed_p75, route.concurrency].map(|it| it.to_string());
        assert_eq!(told, ["510", "255", "2"]);
    }
}
