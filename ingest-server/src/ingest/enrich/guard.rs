//! A site has few routes, hosts and releases. One that seems to have thousands has templates that are none, or
//! names that somebody made up; a report by them would be of no use, and as long as the store is wide.
//! So a day has at most [`ROUTES_MAX`], [`HOSTS_MAX`] and [`RELEASES_MAX`], and what comes after those is
//! one: [`OTHER`].

use crate::ingest::SiteId;
use jiff::Timestamp;
use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// Routes of a site and day (UTC) that are told apart, on each host anew. They take 20 KB of memory a
/// site.
pub(super) const ROUTES_MAX: usize = 1000;
/// Hosts of a site and day (UTC) that are told apart.
pub(super) const HOSTS_MAX: usize = 20;
/// Releases of a site and day (UTC) that are told apart.
pub(super) const RELEASES_MAX: usize = 100;

/// The route, host or release of what is not told apart.
pub(crate) const OTHER: &str = "(other)";

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Knows the routes, the hosts, or the releases that each site has had today. It forgets them when the server is
/// started.
#[derive(Debug)]
pub(super) struct Guard {
    max: usize,
    hasher: RandomState,
    days: RwLock<HashMap<SiteId, Day>>,
    folded: AtomicU64,
}

/// What a site has had on one day, by hash: two of the same one are as good as impossible.
#[derive(Debug, Default)]
struct Day {
    number: i64,
    known: HashSet<u64>,
    /// Of the last day that had any: whoever makes names up at midnight does not hide them.
    former: HashSet<u64>,
    has_folded: bool,
}

/// What becomes of a route, host or release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is told apart.
    Kept,
    /// It is one of the others.
    Folded {
        /// Whether it is the first of its site and day: the one to say so.
        is_first: bool,
    },
}

impl Verdict {
    /// What is told apart, or [`OTHER`]; the first that is not told apart says so.
    pub(super) fn fold(self, text: String, say: impl FnOnce()) -> String {
        match self {
            Self::Kept => text,
            Self::Folded { is_first } => {
                if is_first {
                    say();
                }
                OTHER.to_owned()
            }
        }
    }
}

impl Guard {
    pub(super) fn new(max: usize) -> Self {
        Self { max, hasher: RandomState::new(), days: RwLock::default(), folded: AtomicU64::new(0) }
    }

    /// Decides on what a site has at a time.
    pub(super) fn judge(&self, site: SiteId, it: impl Hash, now: Timestamp) -> Verdict {
        let day = now.as_second().div_euclid(DAY_SECONDS);
        let it = self.hasher.hash_one(it);
        let verdict = self.known(site, it, day).unwrap_or_else(|| self.learn(site, it, day));
        if verdict != Verdict::Kept {
            self.folded.fetch_add(1, Ordering::Relaxed);
        }
        verdict
    }

    /// How many beacons were folded since the server was started.
    pub(super) fn folded(&self) -> u64 {
        self.folded.load(Ordering::Relaxed)
    }

    /// What can be decided without changing anything, which is nearly always.
    fn known(&self, site: SiteId, it: u64, day: i64) -> Option<Verdict> {
        let days = self.days.read().unwrap_or_else(PoisonError::into_inner);
        // A clock that is set back begins no day.
        let today = days.get(&site).filter(|today| today.number >= day)?;
        if today.known.contains(&it) {
            Some(Verdict::Kept)
        } else {
            let is_other = today.has_folded && !today.former.contains(&it);
            is_other.then_some(Verdict::Folded { is_first: false })
        }
    }

    fn learn(&self, site: SiteId, it: u64, day: i64) -> Verdict {
        let mut days = self.days.write().unwrap_or_else(PoisonError::into_inner);
        let today = days.entry(site).or_default();
        if today.number < day {
            let former = std::mem::take(&mut today.known);
            *today = Day { number: day, former, ..Day::default() };
        }
        if today.known.contains(&it) {
            Verdict::Kept
        } else if today.known.len() < self.max
            || today.former.contains(&it) && today.known.len() < 2 * self.max
        {
            today.known.insert(it);
            Verdict::Kept
        } else {
            Verdict::Folded { is_first: !std::mem::replace(&mut today.has_folded, true) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Folded, Kept};
    use proptest::{collection::vec, prelude::*};

    const SHOP: SiteId = SiteId(1);
    const BLOG: SiteId = SiteId(2);
    const FIRST: Verdict = Folded { is_first: true };
    const LATER: Verdict = Folded { is_first: false };

    fn judge_all(guard: &Guard, steps: &[(SiteId, &str, &str, Verdict)]) {
        for (site, route, now, expected) in steps {
            let verdict = guard.judge(*site, route, now.parse().unwrap());
            assert_eq!(verdict, *expected, "{site:?} {route} {now}");
        }
    }

    #[test]
    fn what_a_day_has_too_many_of_is_folded() {
        let guard = Guard::new(2);
        let (morning, night) = ("2026-11-23T00:00:00Z", "2026-11-23T23:59:59Z");
        judge_all(
            &guard,
            &[
                (SHOP, "/a", morning, Kept),
                (SHOP, "/b", morning, Kept),
                (SHOP, "/c", morning, FIRST),
                (SHOP, "/a", night, Kept),
                (SHOP, "/c", night, LATER),
                (SHOP, "/d", night, LATER),
                (BLOG, "/c", night, Kept),
            ],
        );
        assert_eq!(guard.folded(), 3);
    }

    #[test]
    fn another_day_begins_anew_and_an_earlier_one_does_not() {
        let guard = Guard::new(1);
        let (today, tomorrow) = ("2026-11-23T23:59:59Z", "2026-11-24T00:00:00Z");
        judge_all(
            &guard,
            &[
                (SHOP, "/a", today, Kept),
                (SHOP, "/b", today, FIRST),
                (SHOP, "/b", tomorrow, Kept),
                (SHOP, "/b", today, Kept),
                (SHOP, "/c", today, FIRST),
                (SHOP, "/c", tomorrow, LATER),
                (SHOP, "/a", tomorrow, Kept),
            ],
        );
    }

    proptest! {
        #[test]
        fn never_more_than_the_maximum_are_kept(routes in vec("/[a-e]{0,3}", 0..200), max in 0_usize..20) {
            let guard = Guard::new(max);
            let now = Timestamp::UNIX_EPOCH;
            let kept: HashSet<_> =
                routes.iter().filter(|route| guard.judge(SHOP, route, now) == Kept).collect();
            prop_assert!(kept.len() <= max);
            prop_assert_eq!(kept.len(), routes.iter().collect::<HashSet<_>>().len().min(max));
        }
    }
}
