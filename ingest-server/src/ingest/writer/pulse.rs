//! Whether the writer gets on with its work.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// For how long page views may wait without any being committed before the writer is said to be stuck:
/// longer than it waits for others who write the database, and than a slow disk takes.
const STUCK_AFTER: Duration = Duration::from_secs(10);
/// It has nothing to do.
const AT_REST: u64 = u64::MAX;

/// Since when the writer has been at work without a commit.
#[derive(Debug)]
pub(super) struct Pulse {
    origin: Instant,
    since_ms: AtomicU64,
}

impl Pulse {
    pub(super) fn new(now: Instant) -> Self {
        Self { origin: now, since_ms: AtomicU64::new(AT_REST) }
    }

    /// It has begun something, or committed it.
    pub(super) fn beat(&self, now: Instant) {
        self.since_ms.store(self.ms(now), Ordering::Relaxed);
    }

    /// It has done all that there was to do.
    pub(super) fn rest(&self) {
        self.since_ms.store(AT_REST, Ordering::Relaxed);
    }

    /// Whether what waits has waited for too long.
    pub(super) fn is_stuck(&self, waiting: u64, now: Instant) -> bool {
        let since_ms = self.since_ms.load(Ordering::Relaxed);
        let at_work_ms = self.ms(now).saturating_sub(since_ms);
        waiting > 0 && u128::from(at_work_ms) >= STUCK_AFTER.as_millis()
    }

    fn ms(&self, now: Instant) -> u64 {
        let since_origin = now.saturating_duration_since(self.origin);
        u64::try_from(since_origin.as_millis()).unwrap_or(AT_REST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_is_stuck_when_it_has_worked_for_long_without_a_commit_and_something_waits() {
        let begin = Instant::now();
        let pulse = Pulse::new(begin);
        let after = |seconds| begin + Duration::from_secs(seconds);
        assert!(!pulse.is_stuck(1, after(3600)), "it has not begun, and will at once");
        pulse.beat(after(3600));
        assert!(!pulse.is_stuck(1, after(3609)));
        assert!(pulse.is_stuck(1, after(3610)));
        assert!(!pulse.is_stuck(0, after(3610)), "nothing waits for it");
        pulse.beat(after(3610));
        assert!(!pulse.is_stuck(1, after(3611)), "it has committed something");
        pulse.rest();
        assert!(!pulse.is_stuck(1, after(7200)), "it will begin at once");
    }
}
