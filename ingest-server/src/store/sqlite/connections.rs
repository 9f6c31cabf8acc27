//! A pool of connections that read, and how it fares.

use deadpool_sqlite::{Object, Pool, PoolError};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tracing::warn;

/// The share of the connections that may be in use before that is said.
const IN_USE_PERCENT_MAX: usize = 80;
/// How often it is said.
const TELL_INTERVAL: Duration = Duration::from_mins(1);

/// The connections.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    pub(super) pool: Pool,
    usage: Arc<Usage>,
}

#[derive(Debug, Default)]
struct Usage {
    taken: AtomicU64,
    waited_us: AtomicU64,
    told_at: Mutex<Option<Instant>>,
}

/// How a pool fares at a moment, and since the server was started.
#[derive(Clone, Copy, Debug)]
pub struct PoolState {
    /// Connections that there may be …
    pub max: usize,
    /// … that there are, …
    pub open: usize,
    /// … and that somebody uses.
    pub in_use: usize,
    /// Reads that wait for one.
    pub waiting: usize,
    /// Reads that got one, or waited in vain …
    pub taken: u64,
    /// … and how long they waited, all together.
    pub waited: Duration,
}

impl PoolState {
    /// Whether more than 80 % are in use. One alone always is when it is used, which says nothing.
    pub fn is_crowded(&self) -> bool {
        self.max > 1 && self.in_use * 100 > self.max * IN_USE_PERCENT_MAX
    }
}

impl Connections {
    pub(super) fn of(pool: Pool) -> Self {
        Self { pool, usage: Arc::default() }
    }

    /// One of them, when it is free.
    ///
    /// # Errors
    /// There was none in time, or it could not be opened.
    pub(super) async fn get(&self) -> Result<Object, PoolError> {
        let asked = Instant::now();
        let connection = self.pool.get().await;
        let now = Instant::now();
        let waited_us = u64::try_from((now - asked).as_micros()).unwrap_or(u64::MAX);
        self.usage.waited_us.fetch_add(waited_us, Ordering::Relaxed);
        self.usage.taken.fetch_add(1, Ordering::Relaxed);
        self.tell(now);
        connection
    }

    /// As it is now.
    pub(super) fn state(&self) -> PoolState {
        let status = self.pool.status();
        PoolState {
            max: status.max_size,
            open: status.size,
            in_use: status.size.saturating_sub(status.available),
            waiting: status.waiting,
            taken: self.usage.taken.load(Ordering::Relaxed),
            waited: Duration::from_micros(self.usage.waited_us.load(Ordering::Relaxed)),
        }
    }

    /// Tells the log, but not again and again.
    fn tell(&self, now: Instant) {
        let PoolState { in_use, max, waiting, .. } = match self.state() {
            state if state.is_crowded() => state,
            _ => return,
        };
        let mut told_at = self.usage.told_at.lock().unwrap_or_else(PoisonError::into_inner);
        if told_at.is_none_or(|told_at| now >= told_at + TELL_INTERVAL) {
            *told_at = Some(now);
            warn!(
                pool.in_use = in_use,
                pool.max = max,
                pool.waiting = waiting,
                "over {IN_USE_PERCENT_MAX} % of the connections that read reports are in use; \
                 more reports wait for their turn"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deadpool_sqlite::{Config, Runtime};
    use std::io::{self, Write};

    /// What is logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn connections(max: usize) -> Connections {
        let pool = Config::new(":memory:").builder(Runtime::Tokio1).unwrap().max_size(max);
        Connections::of(pool.build().unwrap())
    }

    #[tokio::test]
    async fn the_log_is_told_once_when_more_than_four_in_five_are_in_use() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let told = || String::from_utf8(log.0.lock().unwrap().clone()).unwrap().lines().count();
        let connections = connections(5);
        let mut held = Vec::new();
        for in_use in 1..=4 {
            held.push(connections.get().await.unwrap());
            assert_eq!((connections.state().in_use, told()), (in_use, 0));
        }
        held.push(connections.get().await.unwrap());
        assert_eq!(told(), 1);
        held.pop();
        held.push(connections.get().await.unwrap());
        assert_eq!(told(), 1, "it was told a moment ago");
        connections.tell(Instant::now() + TELL_INTERVAL);
        assert_eq!(told(), 2, "a minute later it is still so");
        drop(held);
        let state = connections.state();
        assert_eq!((state.in_use, state.open, state.taken), (0, 5, 6));
        assert!(state.waited > Duration::ZERO);
    }

    #[tokio::test]
    async fn a_connection_that_is_the_only_one_is_no_crowd() {
        let connections = connections(1);
        let _held = connections.get().await.unwrap();
        assert_eq!(connections.state().in_use, 1);
        assert!(!connections.state().is_crowded());
    }
}
