//! The answer which routes take how much memory, the one that grows most first.

use super::routes::{Routes, Taken};
use crate::{
    report::{Period, Question, RankedQuestion, Sampled, nearest_rank, share},
    store::sqlite::Filters,
};
use beacon::MemorySource;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Of fewer page views nothing is said.
const PAGE_VIEWS_MIN: usize = 10;
/// A page view that took so much more at last has grown …
const GREW_BYTES: i64 = 1_000_000;
/// … and where so many do, and half of them as much in a minute, memory may leak.
const GREW_SHARE: f64 = 0.75;
const MS_PER_MINUTE: i64 = 60_000;

/// The answer of `GET /v1/sites/{site}/memory`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MemoryReport {
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
    /// How many tell how much memory they take.
    pub page_views: u64,
    /// How many routes there are, each source counting anew; those that are no rows grow least.
    pub routes: u64,
    /// Page views of routes that were too many to be told apart.
    pub dropped: u64,
    /// Routes, the one that grows most first.
    pub rows: Vec<MemoryRow>,
}

/// How much memory page views of a route take. Percentiles are exact.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MemoryRow {
    /// The route; absent for not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub route: Option<String>,
    /// What was looked at.
    pub source: MemorySource,
    /// How many page views tell it.
    pub page_views: u64,
    /// How many of these were looked at for ten seconds or more; growth is of these.
    pub watched: u64,
    /// Half of the page views took at most so much when they were looked at last, in bytes.
    pub last_bytes_p50: u64,
    /// Three quarters did.
    pub last_bytes_p75: u64,
    /// Three quarters never took more.
    pub max_bytes_p75: u64,
    /// By how much half of them grew at most, in bytes; below 0 for less than at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub growth_bytes_p50: Option<i64>,
    /// The same of three quarters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub growth_bytes_p75: Option<i64>,
    /// The same of half of them in a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub growth_bytes_per_minute_p50: Option<i64>,
    /// Which share of them grew by a megabyte or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub grew_share: Option<f64>,
    /// What follows.
    pub leak: Leak,
}

/// Whether memory is taken and not given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Leak {
    /// Three of four page views grow by a megabyte or more, and half of them by as much in a minute.
    Suspected,
    /// They do not.
    NotSeen,
    /// Fewer than 10 page views were looked at for ten seconds or more.
    TooFew,
}

impl Leak {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suspected => "suspected",
            Self::NotSeen => "not_seen",
            Self::TooFew => "too_few",
        }
    }
}

/// Answers from how much memory page views took.
pub(crate) fn memory(
    site: &str,
    RankedQuestion { question: Question { period, filters }, limit }: RankedQuestion,
    Routes { page_views, dropped, by_route }: Routes,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> MemoryReport {
    let routes = by_route.len() as u64;
    let rows =
        by_route.into_iter().filter_map(|((route, source), taken)| row(route, source, &taken));
    let mut rows = rows.collect::<Vec<_>>();
    let grows = |row: &MemoryRow| (row.leak == Leak::Suspected, row.growth_bytes_per_minute_p50);
    rows.sort_by(|a, b| {
        grows(b).cmp(&grows(a)).then_with(|| (&a.route, a.source).cmp(&(&b.route, b.source)))
    });
    rows.truncate(limit);
    MemoryReport {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        page_views,
        routes,
        dropped,
        rows,
    }
}

fn row(route: String, source: MemorySource, taken: &[Taken]) -> Option<MemoryRow> {
    let mut last = taken.iter().map(|it| it.last_bytes).collect::<Vec<_>>();
    let mut max = taken.iter().map(|it| it.max_bytes).collect::<Vec<_>>();
    let watched = taken.iter().filter_map(|it| it.growth);
    let mut growths = watched.clone().map(|it| it.bytes).collect::<Vec<_>>();
    let per_minute = watched.map(|it| it.bytes * MS_PER_MINUTE / i64::from(it.ms));
    let mut per_minute = per_minute.collect::<Vec<_>>();
    let grew = growths.iter().filter(|bytes| **bytes >= GREW_BYTES).count() as u64;
    let grew_share = (!growths.is_empty()).then(|| share(grew, growths.len() as u64));
    let per_minute_p50 = nearest_rank(&mut per_minute, 50);
    let is_suspected = grew_share >= Some(GREW_SHARE) && per_minute_p50 >= Some(GREW_BYTES);
    Some(MemoryRow {
        route: (!route.is_empty()).then_some(route),
        source,
        page_views: taken.len() as u64,
        watched: growths.len() as u64,
        last_bytes_p50: nearest_rank(&mut last, 50)?,
        last_bytes_p75: nearest_rank(&mut last, 75)?,
        max_bytes_p75: nearest_rank(&mut max, 75)?,
        growth_bytes_p50: nearest_rank(&mut growths, 50),
        growth_bytes_p75: nearest_rank(&mut growths, 75),
        growth_bytes_per_minute_p50: per_minute_p50,
        grew_share,
        leak: match growths.len() {
            ..PAGE_VIEWS_MIN => Leak::TooFew,
            _ if is_suspected => Leak::Suspected,
            _ => Leak::NotSeen,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::PagePlace;
    use beacon::Memory;

    /// Of a route, how many megabytes it grew in how many seconds.
    fn report(page_views: &[(&str, i64, u32)]) -> MemoryReport {
        let mut routes = Routes::default();
        for (route, megabytes, seconds) in page_views {
            let memory = Memory {
                source: MemorySource::Heap,
                samples: 2,
                first_bytes: 50_000_000,
                last_bytes: (50_000_000 + megabytes * 1_000_000).cast_unsigned(),
                max_bytes: 90_000_000,
                first_ms: 2000,
                last_ms: 2000 + seconds * 1000,
            };
            routes.add(memory, PagePlace { host: "", route });
        }
        let question = Question::last_hours(24, Timestamp::UNIX_EPOCH);
        let asked = RankedQuestion { question, limit: 10 };
        memory("shop", asked, routes, None, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_route_whose_page_views_grow_is_told_from_those_that_do_not() {
        let leaking = (0..12).map(|n| ("/leak", 3 + n % 2, 30));
        let steady = (0..12).map(|n| ("/steady", n % 3 - 1, 30));
        let few = [("/few", 30, 30), ("/few", 30, 5)];
        let answer = report(&leaking.chain(steady).chain(few).collect::<Vec<_>>());
        assert_eq!((answer.page_views, answer.routes), (26, 3));
        let told = answer.rows.iter().map(|row| (row.route.as_deref(), row.leak.as_str()));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                (Some("/leak"), "suspected"),
                (Some("/few"), "too_few"),
                (Some("/steady"), "not_seen")
            ]
        );
        let leaking = &answer.rows[0];
        assert_eq!(
            (leaking.growth_bytes_p50, leaking.growth_bytes_p75),
            (Some(3_000_000), Some(4_000_000))
        );
        assert_eq!(leaking.growth_bytes_per_minute_p50, Some(6_000_000));
        assert_eq!((leaking.watched, answer.rows[1].watched), (12, 1));
    }

    #[test]
    fn what_grows_in_an_hour_is_no_leak() {
        let slow = report(&vec![("/", 3, 3600); 20]);
        assert_eq!(slow.rows[0].leak, Leak::NotSeen);
        assert_eq!(report(&[]).rows, []);
    }
}
