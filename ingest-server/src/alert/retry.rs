//! When a notice that was not taken is posted again.

use jiff::{SignedDuration, Timestamp};

/// After the first attempt; each wait is twice the last …
const WAIT_MIN: SignedDuration = SignedDuration::from_secs(1);
/// … but not longer than this.
const WAIT_MAX: SignedDuration = SignedDuration::from_hours(1);
/// From then on the news is none.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(24);

/// When to try again after so many attempts; never, once it is too old.
pub(super) fn after(attempts: u32, of: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let doubled = 1_i32.checked_shl(attempts.saturating_sub(1)).filter(|factor| *factor > 0);
    let wait = doubled.and_then(|factor| WAIT_MIN.checked_mul(factor)).unwrap_or(WAIT_MAX);
    let next = now.checked_add(wait.min(WAIT_MAX)).ok()?;
    (next.duration_since(of) < AGE_MAX).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_end_after_a_day() {
        let begin = Timestamp::UNIX_EPOCH;
        let mut now = begin;
        let mut waits = Vec::new();
        for attempts in 1_u32.. {
            let Some(next) = after(attempts, begin, now) else { break };
            waits.push(next.duration_since(now).as_secs());
            now = next;
        }
        assert_eq!(waits[..5], [1, 2, 4, 8, 16]);
        assert_eq!(waits[10..14], [1024, 2048, 3600, 3600]);
        assert_eq!(waits.len(), 34);
        assert!(now.duration_since(begin) < AGE_MAX);
        assert_eq!(after(u32::MAX, begin, begin), begin.checked_add(WAIT_MAX).ok());
    }
}
