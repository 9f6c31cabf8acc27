//! How long requests keep a worker thread at a stretch: whoever does so for long keeps others waiting.

use std::time::Duration;
use tokio_metrics::{TaskMetrics, TaskMonitor};

/// A poll that is called long: meanwhile a thousand others could have been served.
pub(super) const LONG_POLL: Duration = Duration::from_millis(1);

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

/// Counts the polls of all requests, by who calls.
#[derive(Clone, Debug)]
pub struct Polls([TaskMonitor; 3]);

impl Polls {
    /// From nought.
    pub fn new() -> Self {
        Self(Caller::ALL.map(|_| TaskMonitor::with_slow_poll_threshold(LONG_POLL)))
    }

    /// Counts those of a request.
    pub async fn counted<T>(&self, caller: Caller, request: impl Future<Output = T>) -> T {
        self.of(caller).instrument(request).await
    }

    /// Since the start.
    pub fn total(&self, caller: Caller) -> TaskMetrics {
        self.of(caller).cumulative()
    }

    /// From now on, and then from each time on that it was asked.
    pub(super) fn intervals(&self, caller: Caller) -> impl Iterator<Item = TaskMetrics> + use<> {
        let mut intervals = self.of(caller).intervals();
        intervals.next();
        intervals
    }

    fn of(&self, caller: Caller) -> &TaskMonitor {
        &self.0[caller as usize]
    }
}

impl Default for Polls {
    fn default() -> Self {
        Self::new()
    }
}
