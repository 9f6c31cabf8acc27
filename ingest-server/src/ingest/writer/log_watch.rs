//! Whether the write-ahead log can be emptied.
//!
//! A read of the database keeps what is written after its beginning in the log. Those of this server
//! end by themselves in time; another program may read for as long as it likes, and the log grows
//! until the disk is full.

use std::time::{Duration, Instant};
use tracing::{info, warn};

/// Bytes in the log from which on it is emptied, even if what is written has to wait a little.
pub(super) const LOG_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// For how long it may stay too long before that is said: until no read of this server can be the
/// cause, because all have ended and no other has begun.
const BLOCKED_MIN: Duration = Duration::from_secs(20);

/// What is known of the log's length.
#[derive(Debug, Default)]
pub(super) struct LogWatch {
    /// Since when it has been too long.
    blocked_since: Option<Instant>,
    is_told: bool,
}

impl LogWatch {
    /// So long is it, after all that could be done.
    pub(super) fn saw(&mut self, bytes: u64, now: Instant) {
        let mb = bytes / 1_000_000;
        if bytes < LOG_BYTES_MAX {
            let was_told = std::mem::take(&mut self.is_told);
            if self.blocked_since.take().is_some() && was_told {
                info!(mb, "the write-ahead log is short again");
            }
            return;
        }
        let since = *self.blocked_since.get_or_insert(now);
        if !self.is_told && now >= since + BLOCKED_MIN {
            self.is_told = true;
            warn!(
                mb,
                "the write-ahead log cannot be emptied and grows until the disk is full, because \
                 another program has read the database for {} seconds; end it: `fuser` names the \
                 programs that have the file open whose name ends in -shm",
                (now - since).as_secs()
            );
        }
    }

    /// For how long it has been too long.
    pub(super) fn blocked_for(&self, now: Instant) -> Duration {
        self.blocked_since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_log_that_stays_too_long_is_told_of_when_no_read_of_ours_can_be_the_cause() {
        let mut watch = LogWatch::default();
        let begin = Instant::now();
        watch.saw(LOG_BYTES_MAX - 1, begin);
        assert_eq!(watch.blocked_for(begin + SECOND), Duration::ZERO);
        watch.saw(LOG_BYTES_MAX, begin);
        watch.saw(LOG_BYTES_MAX, begin + SECOND);
        assert!(!watch.is_told);
        watch.saw(LOG_BYTES_MAX, begin + BLOCKED_MIN);
        assert!(watch.is_told);
        assert_eq!(watch.blocked_for(begin + BLOCKED_MIN), BLOCKED_MIN);
        watch.saw(0, begin + BLOCKED_MIN);
        assert!(!watch.is_told);
        assert_eq!(watch.blocked_for(begin + BLOCKED_MIN + SECOND), Duration::ZERO);
    }
}
