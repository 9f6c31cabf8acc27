//! How long requests keep a worker thread at a stretch: whoever does so for long keeps others waiting.

use super::{answers::Asked, long_polls::LongPolls};
use futures_util::future::Either;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tokio_metrics::{Instrumented, TaskMonitor};

/// A poll that is called long: meanwhile a thousand others could have been served.
pub(super) const LONG_POLL: Duration = Duration::from_millis(1);

/// One request in so many is watched while it waits, too. That costs more than to count its polls.
const WAITS_WATCHED_ONE_IN: u64 = 16;

/// Who calls, as in `http`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Pages that are measured.
    Browsers,
    /// The dashboard and the query API.
    People,
    /// Whatever keeps the server running.
    Operators,
}

impl Caller {
    /// Each, once.
    pub const ALL: [Self; 3] = [Self::Browsers, Self::People, Self::Operators];

    /// Its name in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Browsers => "browsers",
            Self::People => "people",
            Self::Operators => "operators",
        }
    }
}

/// A request of which the waits may be watched.
pub type Watched<F> = Either<Instrumented<F>, F>;

/// Counts the polls of all requests, by who calls; and those that are long, by what was asked.
#[derive(Debug)]
pub struct Polls {
    counts: [Counts; 3],
    waits: [TaskMonitor; 3],
    /// The long ones.
    pub(super) long: LongPolls,
}

/// Every request changes them: what else is in the memory that a processor takes at once would have to be fetched
/// again from the other one each time.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Counts {
    requests: AtomicU64,
    polls: AtomicU64,
    poll_ns: AtomicU64,
    long_polls: AtomicU64,
    long_poll_ns: AtomicU64,
}

/// The polls of one request so far. What all requests count in is changed once for each of them.
#[derive(Debug)]
pub struct Polled {
    count: u64,
    time: Duration,
    /// When the next one begins, where that is known: to ask the clock is a good part of what all this takes.
    begins: Option<Instant>,
}

/// Some requests, and their polls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Requests that have begun.
    pub(super) requests: u64,
    pub(super) polls: u64,
    pub(super) poll_time: Duration,
    /// Those of [`LONG_POLL`] or more.
    pub(super) long_polls: u64,
    pub(super) long_poll_time: Duration,
}

impl Polled {
    /// None yet; the first one begins now.
    pub fn none(now: Instant) -> Self {
        Self { count: 0, time: Duration::ZERO, begins: Some(now) }
    }
}

impl Polls {
    /// From nought.
    pub fn new() -> Self {
        Self {
            counts: Default::default(),
            waits: Caller::ALL.map(|_| TaskMonitor::new()),
            long: LongPolls::default(),
        }
    }

    /// Counts a request that begins.
    pub fn begun<F: Future>(&self, caller: Caller, request: F) -> Watched<F> {
        let before = self.counts[caller as usize].requests.fetch_add(1, Ordering::Relaxed);
        if before.is_multiple_of(WAITS_WATCHED_ONE_IN) {
            Either::Left(self.waits[caller as usize].instrument(request))
        } else {
            Either::Right(request)
        }
    }

    /// Runs a poll of a request. When it ended is said, too.
    pub fn watch<T>(
        &self,
        (caller, asked): (Caller, &Asked),
        polled: &mut Polled,
        poll: impl FnOnce() -> T,
    ) -> (T, Instant) {
        let began = polled.begins.take().unwrap_or_else(Instant::now);
        let answer = poll();
        let ended = Instant::now();
        let took = ended - began;
        polled.count += 1;
        polled.time += took;
        if took >= LONG_POLL {
            let counts = &self.counts[caller as usize];
            counts.long_polls.fetch_add(1, Ordering::Relaxed);
            counts.long_poll_ns.fetch_add(ns(took), Ordering::Relaxed);
            self.long.count(asked, took);
        }
        (answer, ended)
    }

    /// Counts what was watched.
    pub fn add(&self, caller: Caller, polled: &Polled) {
        let counts = &self.counts[caller as usize];
        counts.polls.fetch_add(polled.count, Ordering::Relaxed);
        counts.poll_ns.fetch_add(ns(polled.time), Ordering::Relaxed);
    }

    /// Since the start.
    pub(super) fn total(&self, caller: Caller) -> Counted {
        let counts = &self.counts[caller as usize];
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counted {
            requests: read(&counts.requests),
            polls: read(&counts.polls),
            poll_time: Duration::from_nanos(read(&counts.poll_ns)),
            long_polls: read(&counts.long_polls),
            long_poll_time: Duration::from_nanos(read(&counts.long_poll_ns)),
        }
    }

    /// How long requests waited for a worker thread when they could go on, on average: from now on, and then from
    /// each time on that it was asked. None, if none of those that are watched did.
    pub(super) fn waits(&self, caller: Caller) -> impl Iterator<Item = Option<Duration>> + use<> {
        let mut intervals = self.waits[caller as usize].intervals();
        intervals.next();
        intervals.map(|it| (it.total_scheduled_count > 0).then(|| it.mean_scheduled_duration()))
    }
}

impl Counted {
    /// Those that came after these.
    pub(super) fn after(self, before: Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(before.requests),
            polls: self.polls.saturating_sub(before.polls),
            poll_time: self.poll_time.saturating_sub(before.poll_time),
            long_polls: self.long_polls.saturating_sub(before.long_polls),
            long_poll_time: self.long_poll_time.saturating_sub(before.long_poll_time),
        }
    }
}

impl Default for Polls {
    fn default() -> Self {
        Self::new()
    }
}

fn ns(took: Duration) -> u64 {
    u64::try_from(took.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{Extensions, Method};
    use std::thread::sleep;

    #[test]
    fn polls_are_counted_by_who_calls_and_long_ones_by_what_was_asked() {
        let (polls, asked) = (Polls::new(), Asked::of(&Method::GET, &Extensions::new()));
        let before = polls.total(Caller::People);
        let none = polls.long.total();
        let (mut polled, request) = (Polled::none(Instant::now()), (Caller::People, &asked));
        assert_eq!(polls.watch(request, &mut polled, || 7).0, 7);
        polls.watch(request, &mut polled, || sleep(LONG_POLL));
        polls.add(Caller::People, &polled);
        let counted = polls.total(Caller::People).after(before);
        // A thread may lose its processor in the short one.
        assert!(counted.polls == 2 && (1..=2).contains(&counted.long_polls), "{counted:?}");
        assert!(counted.poll_time >= counted.long_poll_time && counted.long_poll_time >= LONG_POLL);
        assert_eq!(polls.total(Caller::Browsers), Counted::default());
        assert_eq!(polls.long.after(&none).len(), 1);
    }

    #[tokio::test]
    async fn every_request_is_counted_though_only_some_are_watched_while_they_wait() {
        let polls = Polls::new();
        let mut waits = polls.waits(Caller::Browsers);
        for _ in 0..=WAITS_WATCHED_ONE_IN {
            polls.begun(Caller::Browsers, tokio::task::yield_now()).await;
        }
        assert_eq!(polls.total(Caller::Browsers).requests, WAITS_WATCHED_ONE_IN + 1);
        assert!(waits.next().unwrap().unwrap() > Duration::ZERO);
        assert_eq!(waits.next().unwrap(), None);
    }
}
