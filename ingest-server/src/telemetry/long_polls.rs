//! Which requests keep a worker thread to themselves for long: by what was asked.

use super::answers::Asked;
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tracing::debug;

/// Method and route; of either there are as many as the program has.
type Key = (&'static str, Box<str>);

/// Long polls since the start, by what was asked.
#[derive(Debug, Default)]
pub(super) struct LongPolls(Mutex<BTreeMap<Key, Counted>>);

/// Some polls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) count: u64,
    pub(super) time: Duration,
}

impl LongPolls {
    /// Counts one. The log says so of the span that it is in.
    pub(super) fn count(&self, asked: &Asked, took: Duration) {
        debug!(poll_us = took.as_micros(), "kept a worker thread to itself");
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
    use axum::http::{Extensions, Method};

    #[test]
    fn what_keeps_a_thread_for_long_is_told_of_the_time_that_it_was_in() {
        const MS: Duration = Duration::from_millis(1);
        let (polls, asked) = (LongPolls::default(), Asked::of(&Method::GET, &Extensions::new()));
        polls.count(&asked, 5 * MS);
        let before = polls.total();
        assert!(polls.after(&before).is_empty());
        polls.count(&asked, MS);
        polls.count(&asked, 2 * MS);
        let after = polls.after(&before);
        let [((method, route), Counted { count: 2, time })] = &after[..] else {
            panic!("{after:?}")
        };
        assert_eq!((*method, &**route, *time), ("GET", "unknown", 3 * MS));
    }
}
