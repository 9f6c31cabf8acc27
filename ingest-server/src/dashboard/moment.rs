//! Times as people read them.

use jiff::{Timestamp, tz::TimeZone};

/// A moment, to the minute.
#[derive(Debug)]
pub(super) struct Moment {
    /// RFC 3339, for machines.
    pub(super) exact: String,
    /// As in "25 November 2026, 09:28 UTC", unless it is brief.
    pub(super) text: String,
}

impl Moment {
    /// In the time of a zone.
    pub(super) fn of(time: Timestamp, zone: &TimeZone) -> Self {
        Self::written(time, zone, "%-d %B %Y, %H:%M %Z")
    }

    /// As in "25 Nov, 09:28 UTC", where many stand below each other.
    pub(super) fn brief(time: Timestamp, zone: &TimeZone) -> Self {
        Self::written(time, zone, "%-d %b, %H:%M %Z")
    }

    fn written(time: Timestamp, zone: &TimeZone, format: &str) -> Self {
        let text = time.to_zoned(zone.clone()).strftime(format).to_string();
        Self { exact: time.to_string(), text }
    }
}

/// As in "25 November 2026". Page views are kept by days of UTC.
pub(super) fn day(time: Timestamp) -> String {
    time.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_the_time_of_a_zone_and_exactly() {
        let time = "2026-11-25T23:28:00Z".parse().unwrap();
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let Moment { exact, text } = Moment::of(time, &berlin);
        assert_eq!((&*exact, &*text), ("2026-11-25T23:28:00Z", "26 November 2026, 00:28 CET"));
        assert_eq!(Moment::brief(time, &TimeZone::UTC).text, "25 Nov, 23:28 UTC");
    }
}
