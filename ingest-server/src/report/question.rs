//! A question as it stands in a query string: `?from=…&to=…&route=…`.

use super::summary::Period;
use crate::{ingest::check::AGENT_BYTES_MAX, store::sqlite::Filters};
use beacon::{Connection, FormFactor, NavigationType, limits};
use jiff::{
    RoundMode, SignedDuration, Timestamp, TimestampRound, ToSpan, Unit, civil::Date, tz::TimeZone,
};
use std::collections::BTreeSet;
use url::form_urlencoded;

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

/// What is wrong with a query string.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct QuestionError {
    /// The parameter at fault.
    pub parameter: String,
    /// What is wrong with it, and what is taken.
    pub detail: String,
}

impl Question {
    /// Reads a query string. Without `from` and `to` the period is the last 28 days. It is widened to
    /// full hours, because that is what page views are counted by, or to full days (UTC) where it
    /// lies so far back that hours are not kept; the answer says so.
    ///
    /// # Errors
    /// Names the parameter that is unknown, there twice, or cannot be read.
    pub fn parse(query: &str, now: Timestamp) -> Result<Self, QuestionError> {
        let mut seen = BTreeSet::new();
        let (mut from, mut to, mut filters) = (None, None, Filters::default());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if !seen.insert(name.to_string()) {
                return Err(error(&name, "is there twice"));
            }
            match &*name {
                "from" => from = Some(time(&name, &value, Edge::Start)?),
                "to" => to = Some(time(&name, &value, Edge::End)?),
                "route" => filters.route = Some(text(&name, &value, limits::ROUTE_BYTES_MAX)?),
                "release" => {
                    filters.release = Some(text(&name, &value, limits::RELEASE_BYTES_MAX)?);
                }
                "browser" => filters.browser = Some(text(&name, &value, AGENT_BYTES_MAX)?),
                "os" => filters.os = Some(text(&name, &value, AGENT_BYTES_MAX)?),
                "country" => filters.country = Some(country(&name, &value)?),
                "form_factor" => {
                    let all = FormFactor::ALL.iter().map(|word| word.as_str());
                    filters.form_factor = Some(word(&name, &value, FormFactor::from_word, all)?);
                }
                "connection" => {
                    let all = Connection::ALL.iter().map(|word| word.as_str());
                    filters.connection = Some(word(&name, &value, Connection::from_word, all)?);
                }
                "navigation_type" => {
                    let all = NavigationType::ALL.iter().map(|word| word.as_str());
                    filters.navigation_type =
                        Some(word(&name, &value, NavigationType::from_word, all)?);
                }
                _ => return Err(unknown(&name)),
            }
        }
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

/// What is left of a parameter's name in an error.
const NAME_SHOWN_MAX: usize = 40;

fn error(parameter: &str, problem: &str) -> QuestionError {
    let parameter = parameter.chars().take(NAME_SHOWN_MAX).collect::<String>();
    let detail = format!("{parameter} {problem}");
    QuestionError { parameter, detail }
}

fn unknown(parameter: &str) -> QuestionError {
    error(
        parameter,
        "is no parameter; there are from, to, route, form_factor, browser, os, country, \
         connection, release and navigation_type",
    )
}

fn text(name: &str, value: &str, bytes_max: usize) -> Result<String, QuestionError> {
    if (1..=bytes_max).contains(&value.len()) {
        Ok(value.to_owned())
    } else {
        Err(error(name, &format!("has {} bytes, 1 to {bytes_max} are taken", value.len())))
    }
}

/// ISO 3166-1, two letters.
fn country(name: &str, value: &str) -> Result<String, QuestionError> {
    match value.as_bytes() {
        [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(value.to_owned()),
        _ => Err(error(name, "is no country; write two capital letters, such as DE")),
    }
}

fn word<T>(
    name: &str,
    value: &str,
    from_word: fn(&str) -> Option<T>,
    all: impl Iterator<Item = &'static str>,
) -> Result<T, QuestionError> {
    from_word(value)
        .ok_or_else(|| error(name, &format!("is none of {}", all.collect::<Vec<_>>().join(", "))))
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
