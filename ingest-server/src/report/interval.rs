//! Hours, days and weeks.

use super::period::Period;
use jiff::{RoundMode, Timestamp, TimestampRound, ToSpan, Unit, Zoned, tz::TimeZone};
use utoipa::ToSchema;

/// How far apart the points of a time series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Interval {
    /// A full hour of UTC.
    Hour,
    /// A day, from midnight in a time zone.
    Day,
    /// A week, from midnight of a Monday in a time zone.
    Week,
}

impl Interval {
    /// Every interval.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// Where the one begins that this moment is in, or where the next one does; a moment with which one
    /// begins stays, and so does one at the end of all time.
    pub(super) fn round(self, time: Timestamp, mode: RoundMode, zone: &TimeZone) -> Timestamp {
        let start = self.start(time, zone);
        let is_start = start == Some(time);
        let rounded = match mode {
            RoundMode::Ceil if !is_start => start.and_then(|start| self.next(start, zone)),
            _ => start,
        };
        rounded.unwrap_or(time)
    }

    /// Where those of a period begin, and at the end where the last one ends. Of a period that is not rounded to
    /// them, the first and the last are only as long as it is.
    pub(super) fn bounds(self, period: Period, zone: &TimeZone) -> impl Iterator<Item = Timestamp> {
        let next = move |bound: &Timestamp| {
            let next = self.next(self.start(*bound, zone)?, zone)?;
            (*bound < period.to).then(|| next.min(period.to))
        };
        std::iter::successors(Some(period.from), next)
    }

    /// How the one that begins then is called: an hour by its time, a day or a week by its first
    /// date.
    pub(super) fn label(self, start: Timestamp, zone: &TimeZone) -> String {
        match self {
            Self::Hour if *zone == TimeZone::UTC => start.to_string(),
            Self::Hour => start.display_with_offset(zone.to_offset(start)).to_string(),
            Self::Day | Self::Week => start.to_zoned(zone.clone()).date().to_string(),
        }
    }

    fn start(self, time: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let zoned = || time.to_zoned(zone.clone());
        match self {
            Self::Hour => {
                let round = TimestampRound::new().smallest(Unit::Hour).mode(RoundMode::Floor);
                time.round(round).ok()
            }
            Self::Day => Some(zoned().start_of_day().ok()?.timestamp()),
            Self::Week => {
                let day = zoned().date();
                let since_monday = i64::from(day.weekday().to_monday_zero_offset()).days();
                let monday = day.checked_sub(since_monday).ok()?.to_zoned(zone.clone());
                Some(monday.ok()?.timestamp())
            }
        }
    }

    fn next(self, start: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let after_days = |days: i64| {
            let date = start.to_zoned(zone.clone()).date().checked_add(days.days()).ok()?;
            date.to_zoned(zone.clone()).ok().as_ref().map(Zoned::timestamp)
        };
        match self {
            Self::Hour => start.checked_add(1.hour()).ok(),
            Self::Day => after_days(1),
            Self::Week => after_days(7),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, sample::select};

    fn labels(interval: Interval, from: &str, to: &str, zone: &str) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let period = Period { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let bounds = interval.bounds(period, &zone);
        bounds.map(|bound| interval.label(bound, &zone)).collect()
    }

    #[test]
    fn days_begin_at_local_midnight_also_when_clocks_are_changed() {
        let bounds = |from: &str, to: &str, zone: &str| {
            let period = Period { from: from.parse().unwrap(), to: to.parse().unwrap() };
            let zone = TimeZone::get(zone).unwrap();
            let bounds = Interval::Day.bounds(period, &zone);
            bounds.map(|bound| bound.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            bounds("2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z", "Europe/Berlin"),
            [
                "2026-10-23T22:00:00Z",
                "2026-10-24T22:00:00Z",
                "2026-10-25T23:00:00Z",
                "2026-10-26T23:00:00Z"
            ]
        );
        // A date that was left out when the date line moved.
        let samoa = ["2011-12-28T10:00:00Z", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"];
        assert_eq!(bounds(samoa[0], samoa[2], "Pacific/Apia"), samoa);
    }

    #[test]
    fn the_first_and_the_last_are_as_long_as_the_period() {
        let days = labels(Interval::Day, "2026-11-19T14:00:00Z", "2026-11-21T14:00:00Z", "UTC");
        assert_eq!(days, ["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-21"]);
        let period =
            |from: &str, to: &str| Period { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let within = period("2026-11-18T14:00:00Z", "2026-11-24T08:00:00Z");
        let zone = TimeZone::UTC;
        let weeks = Interval::Week.bounds(within, &zone).map(|it| it.to_string());
        let expected = ["2026-11-18T14:00:00Z", "2026-11-23T00:00:00Z", "2026-11-24T08:00:00Z"];
        assert_eq!(weeks.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn hours_are_called_by_their_local_time() {
        let of =
            |zone| labels(Interval::Hour, "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z", zone);
        assert_eq!(
            of("UTC"),
            ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"]
        );
        assert_eq!(
            of("Europe/Berlin"),
            ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"]
        );
    }

    #[test]
    fn weeks_begin_on_mondays() {
        let found =
            labels(Interval::Week, "2026-10-25T23:00:00Z", "2026-11-08T23:00:00Z", "Europe/Berlin");
        assert_eq!(found, ["2026-10-26", "2026-11-02", "2026-11-09"]);
    }

    proptest! {
        #[test]
        fn a_moment_lies_in_the_interval_that_it_is_rounded_to(
            second in -4_000_000_000_i64..8_000_000_000,
            interval in select(&Interval::ALL),
            zone in select(&["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Africa/Cairo"]),
        ) {
            let (zone, time) = (TimeZone::get(zone).unwrap(), Timestamp::from_second(second).unwrap());
            let [from, to] =
                [RoundMode::Floor, RoundMode::Ceil].map(|mode| interval.round(time, mode, &zone));
            prop_assert!(from <= time && time <= to, "{} {} {}", from, time, to);
            for (bound, mode) in [(from, RoundMode::Ceil), (to, RoundMode::Floor)] {
                prop_assert_eq!(interval.round(bound, mode, &zone), bound);
            }
            let bounds = interval.bounds(Period { from, to }, &zone).collect::<Vec<_>>();
            prop_assert!(bounds.len() <= 2 && bounds.first() == Some(&from) && bounds.last() == Some(&to));
        }

        #[test]
        fn no_moment_makes_rounding_panic(second in -377_705_023_201_i64..=253_402_207_200) {
            for interval in Interval::ALL {
                let (zone, time) = (TimeZone::UTC, Timestamp::from_second(second).unwrap());
                interval.round(time, RoundMode::Floor, &zone);
                interval.round(time, RoundMode::Ceil, &zone);
            }
        }
    }
}
