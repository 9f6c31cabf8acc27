//! A question as it stands in a query string: `?from=…&to=…&route=…`.

use super::{
    parameters::{Parameters, QuestionError, error, text},
    period::{PERIOD_DAYS_DEFAULT, Period, time_zone, widen},
};
use crate::{
    ingest::{
        SiteId,
        check::{AGENT_BYTES_MAX, HOST_BYTES_MAX},
    },
    store::sqlite::{Filters, Selection},
};
use beacon::{Connection, FormFactor, NavigationType, limits};
use jiff::Timestamp;
use std::collections::BTreeMap;

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
        let zone = time_zone(parameters)?;
        let widen = |time, mode| widen(time, mode, now);
        let period = Period::take(parameters, (&zone, PERIOD_DAYS_DEFAULT), now, widen)?;
        Ok(Self { period, filters: filters(parameters)? })
    }

    /// The page views of a site that it is about.
    pub fn selection(&self, site: SiteId) -> Selection {
        self.period.selection(site, self.filters.clone())
    }

    /// The last so many hours.
    pub fn last_hours(hours: i64, now: Timestamp) -> Self {
        Self { period: Period::last_hours(hours, now), filters: Filters::default() }
    }
}

/// Reads filters that stand alone, in a table.
///
/// # Errors
/// Names the one that is none, or cannot be read.
pub(crate) fn filters_of(table: &BTreeMap<String, String>) -> Result<Filters, QuestionError> {
    let mut parameters = Parameters::of(table);
    let filters = filters(&mut parameters)?;
    parameters.finish_filters(&[])?;
    Ok(filters)
}

/// Takes all filters.
///
/// # Errors
/// Names the one that cannot be read.
pub fn filters(parameters: &mut Parameters) -> Result<Filters, QuestionError> {
    Ok(Filters {
        route: parameters.take_as("route", text::<{ limits::ROUTE_BYTES_MAX }>)?,
        form_factor: parameters.one_of("form_factor", FormFactor::ALL, FormFactor::as_str)?,
        browser: parameters.take_as("browser", text::<AGENT_BYTES_MAX>)?,
        os: parameters.take_as("os", text::<AGENT_BYTES_MAX>)?,
        country: parameters.take_as("country", country)?,
        connection: parameters.one_of("connection", Connection::ALL, Connection::as_str)?,
        release: parameters.take_as("release", text::<{ limits::RELEASE_BYTES_MAX }>)?,
        navigation_type: parameters.one_of(
            "navigation_type",
            NavigationType::ALL,
            NavigationType::as_str,
        )?,
        host: parameters.take_as("host", text::<HOST_BYTES_MAX>)?,
        address: None,
    })
}

/// ISO 3166-1, two letters.
fn country(name: &str, value: &str) -> Result<String, QuestionError> {
    match value.as_bytes() {
        [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(value.to_owned()),
        _ => Err(error(name, "is no country; write two capital letters, such as DE")),
    }
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
    fn the_hours_before_a_period_end_where_it_begins() {
        let now = NOW.parse().unwrap();
        let latest = Period::full_hours(24, now);
        assert_eq!(latest.from.to_string(), "2026-11-22T08:00:00Z");
        assert_eq!(latest.to.to_string(), "2026-11-23T09:00:00Z");
        let before = latest.before(24, now);
        assert_eq!(
            (before.from.to_string(), before.to),
            ("2026-11-21T08:00:00Z".into(), latest.from)
        );
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
