//! From when to when.

use super::parameters::{Parameters, QuestionError, error};
use crate::{
    ingest::SiteId,
    store::sqlite::{Filters, Selection},
};
use beacon::limits::TIME_ZONE_BYTES_MAX;
use jiff::{
    RoundMode, SignedDuration, Timestamp, TimestampRound, ToSpan, Unit, civil::Date, tz::TimeZone,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The period of a question that names none, up to now.
pub const PERIOD_DAYS_DEFAULT: i64 = 28;
/// The longest period.
pub const PERIOD_DAYS_MAX: i64 = 400;
/// Days for which page views are counted by the hour; at least so many are kept.
const HOURLY_DAYS: i64 = 7;

/// From one time (included) to another (excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    /// The first moment.
    pub from: Timestamp,
    /// The moment after the last.
    pub to: Timestamp,
}

impl Period {
    /// Takes `from` and `to`. Without them the period is the last so many days. Both ends are
    /// rounded, outwards.
    pub(super) fn take(
        parameters: &mut Parameters,
        (zone, days_default): (&TimeZone, i64),
        now: Timestamp,
        round: impl Fn(Timestamp, RoundMode) -> Timestamp,
    ) -> Result<Self, QuestionError> {
        let mut take = |name, edge| parameters.take_as(name, |name, it| time(name, it, edge, zone));
        let (from, to) = (take("from", Edge::Start)?, take("to", Edge::End)?.unwrap_or(now));
        let too_early = |_| error("to", "lies too far in the past");
        let days_before = |to: Timestamp| to.checked_sub(days(days_default)).map_err(too_early);
        let from = from.map_or_else(|| days_before(widen(to, RoundMode::Ceil, now)), Ok)?;
        let period = Self { from: round(from, RoundMode::Floor), to: round(to, RoundMode::Ceil) };
        period.check("from", "to")
    }

    /// A period in one parameter, as it is asked for: `2026-10-01..2026-10-14`, both days included.
    pub(super) fn of_range(
        name: &str,
        (from, to): (&str, &str),
        zone: &TimeZone,
    ) -> Result<Self, QuestionError> {
        let (from, to) = (time(name, from, Edge::Start, zone)?, time(name, to, Edge::End, zone)?);
        Self { from, to }.check(name, "its end")
    }

    /// Both, widened. Where one ended before the other began it still does: as time goes by, the moment at
    /// which they meet is one of a day.
    pub(super) fn widened_apart(self, other: Self, now: Timestamp) -> [Self; 2] {
        let [mut one, mut two] = [self, other].map(|it| it.widened(now));
        if self.to <= other.from {
            one.to = one.to.min(two.from.max(one.from));
        } else if other.to <= self.from {
            two.to = two.to.min(one.from.max(two.from));
        }
        [one, two]
    }

    /// The last so many hours.
    pub(super) fn last_hours(hours: i64, now: Timestamp) -> Self {
        let to = widen(now, RoundMode::Ceil, now);
        Self { from: to - SignedDuration::from_hours(hours), to }.widened(now)
    }

    /// So many full hours and the one that has begun.
    pub fn full_hours(hours: i64, now: Timestamp) -> Self {
        Self::last_hours(hours + 1, now)
    }

    /// So many hours before it.
    #[must_use]
    pub fn before(self, hours: i64, now: Timestamp) -> Self {
        let from = self.from - SignedDuration::from_hours(hours);
        Self { from: widen(from, RoundMode::Floor, now), to: self.from }
    }

    /// The page views of a site that began in it and are alike in that.
    pub fn selection(self, site: SiteId, filters: Filters) -> Selection {
        let Self { from, to } = self;
        Selection { site, from, to, filters }
    }

    /// The one of the same length right before, widened like any other; nothing before all time.
    pub fn previous(self, now: Timestamp) -> Option<Self> {
        let from = self.from.checked_sub(self.to.duration_since(self.from)).ok()?;
        Some(Self { from: widen(from, RoundMode::Floor, now), to: self.from })
    }

    /// Whether some moments are in both.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// To full hours, or full days where hours are not kept.
    fn widened(self, now: Timestamp) -> Self {
        let Self { from, to } = self;
        Self { from: widen(from, RoundMode::Floor, now), to: widen(to, RoundMode::Ceil, now) }
    }

    fn check(self, name: &str, end: &str) -> Result<Self, QuestionError> {
        if self.from >= self.to {
            return Err(error(name, &format!("is not before {end}")));
        }
        if self.to.duration_since(self.from) > days(PERIOD_DAYS_MAX) {
            let problem = format!("is more than {PERIOD_DAYS_MAX} days before {end}");
            return Err(error(name, &problem));
        }
        Ok(self)
    }
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// Takes the time zone of dates without a time; UTC, if there is none.
///
/// # Errors
/// There is no such zone.
pub fn time_zone(parameters: &mut Parameters) -> Result<TimeZone, QuestionError> {
    let zone = parameters.take_as("tz", |name, value| {
        // Shown as it is, so it is not to be long.
        let known = TimeZone::get(value).ok().filter(|_| value.len() <= TIME_ZONE_BYTES_MAX);
        let known = known.filter(|zone| !zone.is_unknown());
        known.ok_or_else(|| error(name, "is no time zone; write a name such as Europe/Berlin"))
    });
    Ok(zone?.unwrap_or(TimeZone::UTC))
}

/// Which end of a day a date without a time stands for.
#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

/// RFC 3339, or a date. A period includes the day that it is said to end on.
fn time(name: &str, value: &str, edge: Edge, zone: &TimeZone) -> Result<Timestamp, QuestionError> {
    if let Ok(time) = value.parse::<Timestamp>() {
        return Ok(time);
    }
    let day = |date: Date| {
        let date = match edge {
            Edge::Start => date,
            Edge::End => date.checked_add(1.day()).ok()?,
        };
        Some(date.to_zoned(zone.clone()).ok()?.timestamp())
    };
    value.parse().ok().and_then(day).ok_or_else(|| {
        error(name, "is no time; write 2026-11-23 or 2026-11-23T08:00:00Z (`+` as %2B)")
    })
}

/// The nearest moment that page views are counted from: a full hour, or a full day (UTC) where hours
/// are not kept. The first and the last moment that there is cannot be rounded; they stay.
pub(super) fn widen(time: Timestamp, mode: RoundMode, now: Timestamp) -> Timestamp {
    let is_hourly = now.duration_since(time) < days(HOURLY_DAYS);
    let hours = if is_hourly { 1 } else { 24 };
    let round = TimestampRound::new().smallest(Unit::Hour).increment(hours).mode(mode);
    time.round(round).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Period {
        Period { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn the_period_before_is_as_long_and_ends_where_this_one_begins() {
        let now = "2026-11-23T08:00:30Z".parse().unwrap();
        let month = period("2026-10-26T00:00:00Z", "2026-11-23T00:00:00Z");
        let before = period("2026-09-28T00:00:00Z", "2026-10-26T00:00:00Z");
        assert_eq!(month.previous(now), Some(before));
        let day = period("2026-11-22T09:00:00Z", "2026-11-23T09:00:00Z");
        let before = period("2026-11-21T09:00:00Z", "2026-11-22T09:00:00Z");
        assert_eq!(day.previous(now), Some(before));
    }

    #[test]
    fn the_period_before_begins_with_a_full_day_where_hours_are_not_kept() {
        let now = "2026-11-23T08:00:30Z".parse().unwrap();
        let days = period("2026-11-18T09:00:00Z", "2026-11-23T09:00:00Z");
        let before = period("2026-11-13T00:00:00Z", "2026-11-18T09:00:00Z");
        assert_eq!(days.previous(now), Some(before));
        let eternity = Period { from: Timestamp::MIN, to: Timestamp::MAX };
        assert_eq!(eternity.previous(now), None);
    }

    #[test]
    fn dates_are_those_of_the_time_zone() {
        let parse = |query: &str| {
            let mut parameters = Parameters::parse(query)?;
            let zone = time_zone(&mut parameters)?;
            let now = "2026-11-23T08:00:30Z".parse().unwrap();
            Period::take(&mut parameters, (&zone, 28), now, |time, _| time)
        };
        let summer_ends = parse("from=2026-10-25&to=2026-10-25&tz=Europe/Berlin").unwrap();
        assert_eq!(summer_ends, period("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"));
        for query in ["tz=Mars/Olympus", "tz=", "tz=Etc/Unknown", "tz=../../etc/passwd"] {
            let found = parse(query).map_err(|error| error.parameter);
            assert_eq!(found, Err("tz".to_owned()), "{query}");
        }
    }
}
