//! A question as it stands in a query string: `?from=…&to=…&route=…`.

use super::{
    parameters::{Parameters, QuestionError, error, text, word},
    summary::Period,
};
use crate::{ingest::check::AGENT_BYTES_MAX, store::sqlite::Filters};
use beacon::{Connection, FormFactor, NavigationType, limits};
use jiff::{
    RoundMode, SignedDuration, Timestamp, TimestampRound, ToSpan, Unit, civil::Date, tz::TimeZone,
};

/// The period of a question that names none, up to now.
pub const PERIOD_DAYS_DEFAULT: i64 = 28;
/// The longest period.
pub const PERIOD_DAYS_MAX: i64 = 400;

/// Which page views a summary is asked of.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// When they began.
    pub period: Period,
    /// What they are alike in.
    pub filters: Filters,
}

impl Question {
    /// Reads a query string of nothing else. See [`take`](Self::take).
    ///
    /// # Errors
    /// Names the parameter that is unknown, there twice, or cannot be read.
    pub fn parse(query: &str, now: Timestamp) -> Result<Self, QuestionError> {
        let mut parameters = Parameters::parse(query)?;
        let question = Self::take(&mut parameters, now)?;
        parameters.finish(&[])?;
        Ok(question)
    }

    /// Takes from the parameters what every question may have. Without `from` and `to` the period is
    /// the last 28 days. It is widened to full hours, because that is what page views are counted
    /// by, or to full days (UTC) where it lies so far back that hours are not kept; the answer says
    /// so.
    ///
    /// # Errors
    /// Names the parameter that cannot be read.
    pub fn take(parameters: &mut Parameters, now: Timestamp) -> Result<Self, QuestionError> {
        let from = parameters.take_as("from", |name, value| time(name, value, Edge::Start))?;
        let to = parameters.take_as("to", |name, value| time(name, value, Edge::End))?;
        let filters = Filters {
            route: parameters.take_as("route", text::<{ limits::ROUTE_BYTES_MAX }>)?,
            form_factor: parameters.take_as("form_factor", |name, value| {
                let all = FormFactor::ALL.iter().map(|word| word.as_str());
                word(name, value, FormFactor::from_word, all)
            })?,
            browser: parameters.take_as("browser", text::<AGENT_BYTES_MAX>)?,
            os: parameters.take_as("os", text::<AGENT_BYTES_MAX>)?,
            country: parameters.take_as("country", country)?,
            connection: parameters.take_as("connection", |name, value| {
                let all = Connection::ALL.iter().map(|word| word.as_str());
                word(name, value, Connection::from_word, all)
            })?,
            release: parameters.take_as("release", text::<{ limits::RELEASE_BYTES_MAX }>)?,
            navigation_type: parameters.take_as("navigation_type", |name, value| {
                let all = NavigationType::ALL.iter().map(|word| word.as_str());
                word(name, value, NavigationType::from_word, all)
            })?,
            address: None,
        };
        Ok(Self { period: period(from, to, now)?, filters })
    }

    /// The last so many hours.
    pub fn last_hours(hours: i64, now: Timestamp) -> Self {
        let to = widen(now, RoundMode::Ceil, now);
        let from = widen(to - SignedDuration::from_hours(hours), RoundMode::Floor, now);
        let period = Period { from, to };
        Self { period, filters: Filters::default() }
    }
}

/// ISO 3166-1, two letters.
fn country(name: &str, value: &str) -> Result<String, QuestionError> {
    match value.as_bytes() {
        [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(value.to_owned()),
        _ => Err(error(name, "is no country; write two capital letters, such as DE")),
    }
}

/// Which end of a day a date without a time stands for.
#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

/// RFC 3339, or a date in UTC. A period includes the day that it is said to end on.
fn time(name: &str, value: &str, edge: Edge) -> Result<Timestamp, QuestionError> {
    if let Ok(time) = value.parse::<Timestamp>() {
        return Ok(time);
    }
    let day = |date: Date| {
        let date = match edge {
            Edge::Start => date,
            Edge::End => date.checked_add(1.day()).ok()?,
        };
        Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    value.parse().ok().and_then(day).ok_or_else(|| {
        error(name, "is no time; write 2026-11-23 or 2026-11-23T08:00:00Z (`+` as %2B)")
    })
}

fn period(
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    now: Timestamp,
) -> Result<Period, QuestionError> {
    let too_early = |_| error("to", "lies too far in the past");
    let to = widen(to.unwrap_or(now), RoundMode::Ceil, now);
    let from = match from {
        Some(from) => from,
        None => to
            .checked_sub(SignedDuration::from_hours(24 * PERIOD_DAYS_DEFAULT))
            .map_err(too_early)?,
    };
    let from = widen(from, RoundMode::Floor, now);
    if from >= to {
        return Err(error("from", "is not before to"));
    }
    if to.duration_since(from) > SignedDuration::from_hours(24 * PERIOD_DAYS_MAX) {
        let problem = format!("is more than {PERIOD_DAYS_MAX} days before to");
        return Err(error("from", &problem));
    }
    Ok(Period { from, to })
}

/// Days for which page views are counted by the hour; at least so many are kept.
const HOURLY_DAYS: i64 = 7;

/// The first and the last moment that there is cannot be rounded; they stay.
fn widen(time: Timestamp, mode: RoundMode, now: Timestamp) -> Timestamp {
    let is_hourly = now.duration_since(time) < SignedDuration::from_hours(24 * HOURLY_DAYS);
    let hours = if is_hourly { 1 } else { 24 };
    let round = TimestampRound::new().smallest(Unit::Hour).increment(hours).mode(mode);
    time.round(round).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-23T08:00:30Z";

    fn parse(query: &str) -> Result<Question, QuestionError> {
        Question::parse(query, NOW.parse().unwrap())
    }

    fn period(query: &str) -> (String, String) {
        let Period { from, to } = parse(query).unwrap().period;
        (from.to_string(), to.to_string())
    }

    #[test]
    fn the_default_period_is_28_full_days_and_today_up_to_the_end_of_this_hour() {
        let (from, to) = period("");
        assert_eq!((&*from, &*to), ("2026-10-26T00:00:00Z", "2026-11-23T09:00:00Z"));
    }

    #[test]
    fn a_period_is_widened_to_full_hours() {
        let (from, to) = period("from=2026-11-23T05:59:59Z&to=2026-11-23T07:00:00.001Z");
        assert_eq!((&*from, &*to), ("2026-11-23T05:00:00Z", "2026-11-23T08:00:00Z"));
        let (from, to) = period("from=2026-11-23T05:00:00Z&to=2026-11-23T07:00:00Z");
        assert_eq!((&*from, &*to), ("2026-11-23T05:00:00Z", "2026-11-23T07:00:00Z"));
    }

    #[test]
    fn a_period_long_ago_is_widened_to_full_days() {
        let (from, to) = period("from=2026-09-01T05:59:59Z&to=2026-10-07T07:00:00Z");
        assert_eq!((&*from, &*to), ("2026-09-01T00:00:00Z", "2026-10-08T00:00:00Z"));
    }

    #[test]
    fn a_date_stands_for_its_whole_day() {
        let (from, to) = period("from=2026-11-01&to=2026-11-02");
        assert_eq!((&*from, &*to), ("2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z"));
    }

    #[test]
    fn filters_are_read() {
        let filters = parse("route=%2Fproduct%2F%3Aid&form_factor=phone").unwrap().filters;
        assert_eq!(filters.route.as_deref(), Some("/product/:id"));
        assert_eq!(filters.form_factor, Some(FormFactor::Phone));
    }

    #[test]
    fn every_error_names_its_parameter() {
        for (query, parameter) in [
            ("form=2026-11-01", "form"),
            ("from=yesterday", "from"),
            ("to=2026-02-30", "to"),
            ("from=2026-11-02&to=2026-11-01", "from"),
            ("from=2020-01-01", "from"),
            ("to=-009999-01-02T00:00:00Z", "to"),
            ("to=9999-12-31", "to"),
            ("from=-9999-01-01&to=9999-12-30", "from"),
            ("form_factor=Phone", "form_factor"),
            ("connection=5g", "connection"),
            ("navigation_type=", "navigation_type"),
            ("browser=", "browser"),
            ("country=germany", "country"),
            ("route=", "route"),
            ("release=1&release=2", "release"),
        ] {
            let found = parse(query).map_err(|error| error.parameter);
            assert_eq!(found, Err(parameter.to_owned()), "{query}");
        }
    }
}
