//! Which requests keep a worker thread to themselves for long: by what was asked.

use super::{answers::Asked, polls::LONG_POLL};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tracing::debug;

/// Method and route; of either there are as many as the program has.
type Key = (&'static str, Box<str>);

/// Long polls since the start, by what was asked.
#[derive(Debug, Default)]
pub struct LongPolls(Mutex<BTreeMap<Key, Counted>>);

/// Some polls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) count: u64,
    pub(super) time: Duration,
}

impl LongPolls {
    /// Runs a poll of a request. If it takes long it is counted, and the log says so of the span that it is in.
    pub fn watch<T>(&self, asked: &Asked, poll: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let polled = poll();
        let took = began.elapsed();
        if took >= LONG_POLL {
            self.count(asked, took);
            debug!(poll_us = took.as_micros(), "kept a worker thread to itself");
        }
        polled
    }

    fn count(&self, asked: &Asked, took: Duration) {
        let mut counts = self.lock();
        let counted = counts.entry((asked.method(), asked.route().into())).or_default();
        counted.count += 1;
        counted.time += took;
    }

    /// All of them.
    pub(super) fn total(&self) -> BTreeMap<Key, Counted> {
        self.lock().clone()
    }

    /// Those that came after [`total`](Self::total) was asked for.
    pub(super) fn after(&self, before: &BTreeMap<Key, Counted>) -> Vec<(Key, Counted)> {
        let since = |(key, Counted { count, time }): (Key, Counted)| {
            let known = before.get(&key).copied().unwrap_or_default();
            let count = count.saturating_sub(known.count);
            (count > 0).then(|| (key, Counted { count, time: time.saturating_sub(known.time) }))
        };
        self.total().into_iter().filter_map(since).collect()
    }

    /// Whoever panics while it counts leaves the counts as they are.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Counted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Request;
    use std::thread::sleep;

    #[test]
    fn a_poll_is_counted_if_it_takes_long_and_told_of_the_time_that_it_was_in() {
        let (polls, asked) = (LongPolls::default(), Asked::of(&Request::default()));
        let long = || sleep(LONG_POLL);
        polls.watch(&asked, long);
        let before = polls.total();
        assert!(polls.after(&before).is_empty());
        polls.watch(&asked, long);
        polls.watch(&asked, long);
        let after = polls.after(&before);
        let [((method, route), Counted { count: 2, time })] = &after[..] else {
            panic!("{after:?}")
        };
        assert_eq!((*method, &**route), ("GET", "unknown"));
        assert!(*time >= 2 * LONG_POLL);
        assert_eq!(polls.watch(&asked, || 7), 7);
    }
}
