//! One metric over time.

use super::{
    Figures, Interval, Parameters, Period, Question, QuestionError, Table, Unit,
    metric_name::{MetricWord, take_metric},
    parameters::error,
    period::{PERIOD_DAYS_DEFAULT, time_zone, widen},
    question::filters,
};
use crate::{
    distribution::Distribution,
    store::sqlite::{Buckets, Filters, Measured},
};
use beacon::MetricName;
use jiff::{RoundMode, Timestamp, tz::TimeZone};
use serde::Serialize;
use utoipa::ToSchema;

/// The most points of one answer: a month of hours, and more than a year of days.
pub const POINTS_MAX: usize = 1000;
/// The period of a question for hours that names none: of those before, no hours are kept.
const HOURLY_PERIOD_DAYS_DEFAULT: i64 = 7;

/// What a time series is asked of.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeseriesQuestion {
    /// What was measured.
    pub metric: MetricName,
    /// How far apart the points are.
    pub interval: Interval,
    /// Whose days they are.
    pub zone: TimeZone,
    /// Which page views.
    pub question: Question,
}

/// The answer of `GET /v1/sites/{site}/timeseries`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Timeseries {
    /// The site's name.
    pub site: String,
    /// The page views' time: that of all points.
    pub period: Period,
    /// What the page views are alike in.
    pub filters: Filters,
    /// What was measured.
    pub metric: MetricWord,
    /// What its values are.
    pub unit: Unit,
    /// How far apart the points are.
    #[schema(value_type = Interval)]
    pub interval: &'static str,
    /// In whose time days and weeks begin.
    pub tz: String,
    /// One for each interval of the period.
    pub points: Vec<Point>,
}

/// An interval.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TimeseriesPoint)]
pub struct Point {
    /// When it begins: the time of an hour, or the date of a day or of the Monday of a week.
    pub start: String,
    /// What was measured on the page views that began in it.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Every metric over time, and how many page views there were.
#[derive(Clone, Debug, PartialEq)]
pub struct OverTime {
    /// In the order of [`MetricName::ALL`].
    pub series: Vec<Timeseries>,
    /// In each of their intervals.
    pub page_views: Vec<u64>,
}

impl TimeseriesQuestion {
    /// Reads a query string. The period is widened to full intervals.
    ///
    /// # Errors
    /// Names the parameter that is missing, unknown, there twice, or cannot be read; the interval, if
    /// it makes too many points.
    pub fn parse(query: &str, now: Timestamp) -> Result<Self, QuestionError> {
        let mut parameters = Parameters::parse(query)?;
        let metric = take_metric(&mut parameters)?;
        let interval = parameters.require_one_of("interval", &Interval::ALL, Interval::as_str)?;
        let zone = time_zone(&mut parameters)?;
        let days = match interval {
            Interval::Hour => HOURLY_PERIOD_DAYS_DEFAULT,
            Interval::Day | Interval::Week => PERIOD_DAYS_DEFAULT,
        };
        let round = |time, mode| interval.round(time, mode, &zone);
        let period = Period::take(&mut parameters, (&zone, days), now, round)?;
        let filters = filters(&mut parameters)?;
        parameters.finish(&["metric", "interval"])?;
        if interval.bounds(period, &zone).count() > POINTS_MAX + 1 {
            let problem = format!(
                "makes more than {POINTS_MAX} points; ask for a shorter period or a longer interval"
            );
            return Err(error("interval", &problem));
        }
        Ok(Self { metric, interval, zone, question: Question { period, filters } })
    }

    /// Of the page views of a period only: its first and its last interval end with it.
    #[must_use]
    pub(crate) fn within(self, period: Period) -> Self {
        Self { question: Question { period, ..self.question }, ..self }
    }

    /// Its intervals.
    pub fn buckets(&self, now: Timestamp) -> Buckets {
        let bounds = self.interval.bounds(self.question.period, &self.zone).collect::<Vec<_>>();
        let is_counted = |bound: &Timestamp| widen(*bound, RoundMode::Floor, now) == *bound;
        let are_counted = bounds.iter().all(is_counted);
        Buckets { bounds, are_counted }
    }

    /// Answers for every metric.
    pub fn answer_all(self, site: &str, buckets: &Buckets, measured: &[Measured]) -> OverTime {
        let page_views = measured.iter().map(|it| it.page_views).collect();
        let series = MetricName::ALL.into_iter().map(|metric| {
            let of = |it: &Measured| it.distributions[metric as usize].clone();
            let question = Self { metric, ..self.clone() };
            question.answer(site.to_owned(), buckets, measured.iter().map(of).collect())
        });
        OverTime { series: series.collect(), page_views }
    }

    /// Answers from what was measured in each of them.
    pub fn answer(
        self,
        site: String,
        buckets: &Buckets,
        distributions: Vec<Distribution>,
    ) -> Timeseries {
        let Self { metric, interval, zone, question: Question { period, filters } } = self;
        let starts = buckets.bounds.iter().map(|start| interval.label(*start, &zone));
        let point = |(start, distribution)| Point { start, figures: Figures::of(distribution) };
        Timeseries {
            site,
            period,
            filters,
            metric: MetricWord(metric),
            unit: Unit::of(metric),
            interval: interval.as_str(),
            tz: zone.iana_name().unwrap_or("UTC").to_owned(),
            points: starts.zip(distributions).map(point).collect(),
        }
    }
}

impl Timeseries {
    /// The time of its intervals, were none of them cut to the period.
    pub(crate) fn whole(&self) -> Period {
        let interval = Interval::ALL.into_iter().find(|it| it.as_str() == self.interval);
        let zone = TimeZone::get(&self.tz).unwrap_or(TimeZone::UTC);
        let round = |time, mode| interval.map_or(time, |it| it.round(time, mode, &zone));
        let Period { from, to } = self.period;
        Period { from: round(from, RoundMode::Floor), to: round(to, RoundMode::Ceil) }
    }
}

impl Table for Timeseries {
    fn columns(&self) -> Vec<&'static str> {
        [&["start"][..], &Figures::COLUMNS].concat()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let row = |point: &Point| [&[point.start.clone()][..], &point.figures.fields()].concat();
        self.points.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<TimeseriesQuestion, QuestionError> {
        TimeseriesQuestion::parse(query, now())
    }

    fn now() -> Timestamp {
        "2026-11-23T08:00:30Z".parse().unwrap()
    }

    fn shape(query: &str) -> (String, String, usize, bool) {
        let question = parse(query).unwrap();
        let Buckets { bounds, are_counted } = question.buckets(now());
        let Period { from, to } = question.question.period;
        (from.to_string(), to.to_string(), bounds.len() - 1, are_counted)
    }

    #[test]
    fn the_default_period_ends_with_the_present_interval() {
        let (day, hour) = ("2026-11-24T00:00:00Z".to_owned(), "2026-11-23T09:00:00Z".to_owned());
        let expected = ("2026-10-26T00:00:00Z".to_owned(), day, 29, true);
        assert_eq!(shape("metric=lcp&interval=day"), expected);
        let expected = ("2026-11-16T09:00:00Z".to_owned(), hour, 168, true);
        assert_eq!(shape("metric=lcp&interval=hour"), expected);
        let (from, to) = ("2026-10-26T00:00:00Z".to_owned(), "2026-11-30T00:00:00Z".to_owned());
        assert_eq!(shape("metric=lcp&interval=week"), (from, to, 5, true));
    }

    #[test]
    fn local_days_are_counted_as_long_as_hours_are_kept_and_begin_on_full_hours() {
        for (query, are_counted) in [
            ("from=2026-11-20&tz=Europe/Berlin", true),
            ("from=2026-11-10&tz=Europe/Berlin", false),
            ("from=2026-11-10&tz=UTC", true),
            ("from=2026-11-20&tz=Asia/Kolkata", false),
        ] {
            let query = format!("metric=cls&interval=day&{query}");
            assert_eq!(shape(&query).3, are_counted, "{query}");
        }
    }

    #[test]
    fn within_a_period_the_first_day_and_the_last_are_counted_from_and_to_its_hours() {
        let week = Period::last_hours(24 * 7, now());
        let query = format!("metric=lcp&interval=day&from={}&to={}", week.from, week.to);
        let asked = parse(&query).unwrap();
        assert_eq!(asked.question.period.from.to_string(), "2026-11-16T00:00:00Z");
        let Buckets { bounds, are_counted } = asked.within(week).buckets(now());
        let bounds = bounds.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(bounds[..2], ["2026-11-16T09:00:00Z", "2026-11-17T00:00:00Z"]);
        assert_eq!(bounds[7..], ["2026-11-23T00:00:00Z", "2026-11-23T09:00:00Z"]);
        assert!(are_counted, "hours are kept");
    }

    #[test]
    fn every_error_names_its_parameter() {
        for (query, parameter) in [
            ("interval=day", "metric"),
            ("metric=lcp", "interval"),
            ("metric=LCP&interval=day", "metric"),
            ("metric=lcp&interval=minute", "interval"),
            ("metric=lcp&interval=day&tz=Mars", "tz"),
            ("metric=lcp&interval=hour&from=2026-09-01", "interval"),
            ("metric=lcp&interval=day&from=1900-01-01", "from"),
            ("metric=lcp&interval=day&from=2026-11-02&to=2026-11-01", "from"),
            ("metric=lcp&interval=week&to=-009999-01-02T00:00:00Z", "to"),
            ("metric=lcp&interval=week&to=9999-12-31", "to"),
            ("metric=lcp&interval=day&by=route", "by"),
        ] {
            let found = parse(query).map_err(|error| error.parameter);
            assert_eq!(found.err().as_deref(), Some(parameter), "{query}");
        }
    }
}
