//! Times as people read them.

use jiff::Timestamp;

/// A moment, to the minute.
#[derive(Debug)]
pub(super) struct Moment {
    /// RFC 3339, for machines.
    pub(super) exact: String,
    /// As in "25 November 2026, 09:28 UTC", unless it is brief.
    pub(super) text: String,
}

impl Moment {
    pub(super) fn of(time: Timestamp) -> Self {
        let text = format!("{}, {}", day(time), time.strftime("%H:%M UTC"));
        Self { exact: time.to_string(), text }
    }

    /// As in "25 Nov, 09:28 UTC", where many stand below each other.
    pub(super) fn brief(time: Timestamp) -> Self {
        Self { exact: time.to_string(), text: time.strftime("%-d %b, %H:%M UTC").to_string() }
    }
}

/// As in "25 November 2026".
pub(super) fn day(time: Timestamp) -> String {
    time.strftime("%-d %B %Y").to_string()
}
