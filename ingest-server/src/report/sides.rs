//! What is compared: two releases in one period, or two periods.

use super::{
    Comparison, Parameters, Period, Question, QuestionError, compare,
    metric_name::{MetricWord, take_metric},
    parameters::{error, text},
    period::time_zone,
    question::filters,
};
use crate::{distribution::Distribution, store::sqlite::Filters};
use beacon::MetricName;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Between the ends of a period.
pub(crate) const RANGE: &str = "..";
/// Bytes of a side: those of two times.
const SIDE_BYTES_MAX: usize = 128;
/// What a side may be.
const CHOICES: &str = "a release, or a period such as 2026-10-01..2026-10-14";

/// What a comparison is asked of.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareQuestion {
    /// What was measured.
    pub metric: MetricName,
    sides: Sides,
}

/// Baseline and candidate, and what the page views of both are alike in.
#[derive(Clone, Debug, PartialEq)]
enum Sides {
    Releases([String; 2], Question),
    Periods([Period; 2], Filters),
}

/// The answer of `GET /v1/sites/{site}/compare`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Compared {
    /// The site's name.
    pub site: String,
    /// The page views' time, where releases are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub period: Option<Period>,
    /// What all of them are alike in.
    pub filters: Filters,
    /// What was measured.
    pub metric: MetricWord,
    /// How the two differ.
    #[serde(flatten)]
    pub comparison: Comparison,
}

impl CompareQuestion {
    /// Reads a query string.
    ///
    /// # Errors
    /// Names the parameter that is missing, unknown, there twice, or cannot be read, or does not go
    /// together with what is compared.
    pub fn parse(query: &str, now: Timestamp) -> Result<Self, QuestionError> {
        let mut parameters = Parameters::parse(query)?;
        let metric = take_metric(&mut parameters)?;
        let [baseline, candidate] = Self::take_sides(&mut parameters)?;
        let sides = match (baseline.split_once(RANGE), candidate.split_once(RANGE)) {
            (Some(baseline), Some(candidate)) => {
                periods(&mut parameters, [baseline, candidate], now)?
            }
            (None, None) => releases(&mut parameters, [baseline, candidate], now)?,
            _ => {
                return Err(error(
                    "candidate",
                    "and baseline are not both releases or both periods",
                ));
            }
        };
        parameters.finish(&["metric", "baseline", "candidate"])?;
        Ok(Self { metric, sides })
    }

    /// Takes baseline and candidate, as they are written.
    ///
    /// # Errors
    /// Names the one that is missing, empty or too long.
    pub(crate) fn take_sides(parameters: &mut Parameters) -> Result<[String; 2], QuestionError> {
        let mut take = |name| parameters.require_as(name, CHOICES, text::<SIDE_BYTES_MAX>);
        Ok([take("baseline")?, take("candidate")?])
    }

    /// The same of another metric.
    #[must_use]
    pub fn of_metric(&self, metric: MetricName) -> Self {
        Self { metric, sides: self.sides.clone() }
    }

    /// The page views of baseline and candidate.
    pub fn selected(&self) -> [Question; 2] {
        match self.sides.clone() {
            Sides::Releases(releases, Question { period, filters }) => releases.map(|release| {
                let filters = Filters { release: Some(release), ..filters.clone() };
                Question { period, filters }
            }),
            Sides::Periods(periods, filters) => {
                periods.map(|period| Question { period, filters: filters.clone() })
            }
        }
    }

    /// Answers from what was measured on those.
    pub fn answer(self, site: String, [baseline, candidate]: [Distribution; 2]) -> Compared {
        let Self { metric, sides } = self;
        let mut comparison = compare(baseline, candidate);
        let both = [&mut comparison.baseline, &mut comparison.candidate].into_iter();
        let (period, filters) = match sides {
            Sides::Releases(releases, Question { period, filters }) => {
                both.zip(releases).for_each(|(side, release)| side.release = Some(release));
                (Some(period), filters)
            }
            Sides::Periods(periods, filters) => {
                both.zip(periods).for_each(|(side, period)| side.period = Some(period));
                (None, filters)
            }
        };
        Compared { site, period, filters, metric: MetricWord(metric), comparison }
    }
}

fn releases(
    parameters: &mut Parameters,
    releases: [String; 2],
    now: Timestamp,
) -> Result<Sides, QuestionError> {
    let question = Question::take(parameters, now)?;
    if question.filters.release.is_some() {
        return Err(error("release", "is not taken where releases are compared"));
    }
    if releases[0] == releases[1] {
        return Err(error("candidate", "is the same release as baseline"));
    }
    Ok(Sides::Releases(releases, question))
}

fn periods(
    parameters: &mut Parameters,
    [baseline, candidate]: [(&str, &str); 2],
    now: Timestamp,
) -> Result<Sides, QuestionError> {
    for name in ["from", "to"] {
        let taken = parameters.take_as(name, |name, _| {
            Err::<(), _>(error(name, "is not taken where periods are compared"))
        });
        taken?;
    }
    let zone = time_zone(parameters)?;
    let baseline = Period::of_range("baseline", baseline, &zone)?;
    let candidate = Period::of_range("candidate", candidate, &zone)?;
    let periods = baseline.widened_apart(candidate, now);
    if baseline.overlaps(candidate) || periods.iter().any(|it| it.from >= it.to) {
        let problem = "overlaps baseline; further back than a week both are full days of UTC";
        return Err(error("candidate", problem));
    }
    Ok(Sides::Periods(periods, filters(parameters)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<CompareQuestion, QuestionError> {
        CompareQuestion::parse(query, "2026-11-23T08:00:30Z".parse().unwrap())
    }

    #[test]
    fn two_releases_are_compared_in_one_period() {
        let question = parse("metric=lcp&baseline=1.4.1&candidate=1.4.2&route=/").unwrap();
        let [baseline, candidate] = question.selected();
        assert_eq!(baseline.period, candidate.period);
        assert_eq!(baseline.filters.release.as_deref(), Some("1.4.1"));
        assert_eq!(candidate.filters.release.as_deref(), Some("1.4.2"));
        assert_eq!(candidate.filters.route.as_deref(), Some("/"));
    }

    #[test]
    fn two_weeks_that_meet_can_be_compared_also_when_the_moment_at_which_they_do_is_one_of_a_day() {
        let query = "metric=lcp&baseline=2026-11-09T08:00:00Z..2026-11-16T08:00:00Z\
                     &candidate=2026-11-16T08:00:00Z..2026-11-23T08:00:00Z";
        for now in ["2026-11-23T07:30:00Z", "2026-11-23T09:30:00Z", "2026-12-23T09:30:00Z"] {
            let question = CompareQuestion::parse(query, now.parse().unwrap()).unwrap();
            let [baseline, candidate] = question.selected().map(|it| it.period);
            assert_eq!(baseline.to, candidate.from, "{now}");
        }
        let overlapping =
            query.replace("2026-11-16T08:00:00Z..2026-11-23", "2026-11-16T07:00:00Z..2026-11-23");
        assert!(
            CompareQuestion::parse(&overlapping, "2026-12-23T09:30:00Z".parse().unwrap()).is_err()
        );
    }

    #[test]
    fn both_days_of_a_period_belong_to_it() {
        let question =
            "metric=lcp&baseline=2026-10-01..2026-10-14&candidate=2026-10-15..2026-10-28";
        let [baseline, candidate] = parse(question).unwrap().selected().map(|it| it.period);
        assert_eq!(baseline.from.to_string(), "2026-10-01T00:00:00Z");
        assert_eq!(baseline.to.to_string(), "2026-10-15T00:00:00Z");
        assert_eq!(candidate.to.to_string(), "2026-10-29T00:00:00Z");
    }

    #[test]
    fn every_error_names_its_parameter() {
        let periods = "baseline=2026-10-01..2026-10-14&candidate=2026-10-15..2026-10-28";
        for (query, parameter) in [
            ("baseline=1&candidate=2".to_owned(), "metric"),
            ("metric=lcp&candidate=2".to_owned(), "baseline"),
            ("metric=lcp&baseline=1".to_owned(), "candidate"),
            ("metric=lcp&baseline=1&candidate=1".to_owned(), "candidate"),
            ("metric=lcp&baseline=1&candidate=2&release=3".to_owned(), "release"),
            ("metric=lcp&baseline=1&candidate=2&by=route".to_owned(), "by"),
            ("metric=lcp&baseline=1&candidate=2026-10-01..2026-10-02".to_owned(), "candidate"),
            ("metric=lcp&baseline=1..2&candidate=2026-10-01..2026-10-02".to_owned(), "baseline"),
            (
                "metric=lcp&baseline=2026-10-02..2026-10-01&candidate=2026-11-01..2026-11-02"
                    .to_owned(),
                "baseline",
            ),
            (
                "metric=lcp&baseline=2026-10-02..2026-10-03&candidate=2026-10-03..2026-10-04"
                    .to_owned(),
                "candidate",
            ),
            (
                "metric=lcp&baseline=1900-10-02..2000-10-03&candidate=2026-10-03..2026-10-04"
                    .to_owned(),
                "baseline",
            ),
            (format!("metric=lcp&{periods}&from=2026-10-01"), "from"),
            (format!("metric=lcp&{periods}&to=2026-10-01"), "to"),
        ] {
            let found = parse(&query).map_err(|error| error.parameter);
            assert_eq!(found.err().as_deref(), Some(parameter), "{query}");
        }
    }
}
