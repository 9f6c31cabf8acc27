//! Collection periods: 28 days that are over, of UTC.

use crate::report::Period;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// From one day to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = crux::CollectionPeriod)]
pub(crate) struct CollectionPeriod {
    #[serde(serialize_with = "parts")]
    #[schema(value_type = DateParts)]
    first_date: Date,
    #[serde(serialize_with = "parts")]
    #[schema(value_type = DateParts)]
    last_date: Date,
}

impl CollectionPeriod {
    /// Days of a period.
    pub(crate) const DAYS: u16 = 28;
    /// Days from one period of a history to the next.
    pub(crate) const STEP_DAYS: u16 = 7;
    /// Steps of which a period is made.
    pub(super) const STEPS: usize = (Self::DAYS / Self::STEP_DAYS) as usize;

    /// The latest that is over.
    pub(crate) fn latest(now: Timestamp) -> Self {
        Self::until(yesterday(now))
    }

    /// So many that are over, the oldest first: each until a Saturday, a week after the one before.
    pub(crate) fn weekly(now: Timestamp, count: u8) -> Vec<Self> {
        let yesterday = yesterday(now);
        let days = yesterday.weekday().since(Weekday::Saturday);
        let saturday = yesterday.saturating_sub(i64::from(days).days());
        let until = |weeks| Self::until(saturday.saturating_sub(i64::from(weeks).weeks()));
        (0..count).rev().map(until).collect()
    }

    fn until(last_date: Date) -> Self {
        Self { first_date: last_date.saturating_sub((i64::from(Self::DAYS) - 1).days()), last_date }
    }

    /// From the first moment of the first to the one after the last.
    pub(crate) fn span(periods: &[Self]) -> Period {
        // Of no days, and of years that nobody sees, it is nothing.
        let midnight = |date: Option<Date>| {
            let zoned = date.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
            zoned.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
        };
        let from = periods.first().map(|period| period.first_date);
        let last = periods.last().map(|period| period.last_date);
        let to = last.map(|date| date.saturating_add(1.day()));
        Period { from: midnight(from), to: midnight(to) }
    }
}

fn yesterday(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date().saturating_sub(1.day())
}

/// A date as `{"year": 2026, "month": 11, "day": 23}`.
#[derive(Serialize, ToSchema)]
#[schema(as = crux::Date)]
struct DateParts {
    year: i16,
    month: i8,
    day: i8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference to the field")]
fn parts<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    DateParts { year: date.year(), month: date.month(), day: date.day() }.serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn now(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_latest_period_is_the_28_days_before_today() {
        let period = CollectionPeriod::latest(now("2023-01-24T08:00:00Z"));
        let expected = json!({
            "firstDate": { "year": 2022, "month": 12, "day": 27 },
            "lastDate": { "year": 2023, "month": 1, "day": 23 },
        });
        assert_eq!(serde_json::to_value(period).unwrap(), expected);
        let Period { from, to } = CollectionPeriod::span(&[period]);
        assert_eq!((from, to), (now("2022-12-27T00:00:00Z"), now("2023-01-24T00:00:00Z")));
    }

    #[test]
    fn periods_of_a_history_end_on_saturdays_that_are_over() {
        let dates = |period: CollectionPeriod| {
            (period.first_date.to_string(), period.last_date.to_string())
        };
        for today in ["2022-09-11T00:00:00Z", "2022-09-14T12:00:00Z", "2022-09-17T23:59:59Z"] {
            let periods = CollectionPeriod::weekly(now(today), 6);
            let [first, .., last] = &periods[..] else { panic!("{periods:?}") };
            assert_eq!(periods.len(), 6);
            assert_eq!(
                dates(*first),
                ("2022-07-10".to_owned(), "2022-08-06".to_owned()),
                "{today}"
            );
            assert_eq!(dates(*last), ("2022-08-14".to_owned(), "2022-09-10".to_owned()), "{today}");
        }
        let next = CollectionPeriod::weekly(now("2022-09-18T00:00:00Z"), 1);
        assert_eq!(dates(next[0]).1, "2022-09-17");
    }

    #[test]
    fn no_clock_makes_it_panic() {
        for time in [Timestamp::MIN, Timestamp::MAX] {
            let periods = CollectionPeriod::weekly(time, 40);
            let _ = CollectionPeriod::span(&periods);
        }
    }
}
