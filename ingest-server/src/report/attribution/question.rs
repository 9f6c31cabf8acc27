//! The question what is behind a metric.

use super::by::By;
use crate::report::{
    Question,
    metric_name::{IN_ORDER, lower},
    parameters::{Parameters, QuestionError, number},
};
use beacon::MetricName;
use jiff::Timestamp;

/// Groups of an answer, unless it is asked for more or fewer.
pub const GROUPS_DEFAULT: usize = 10;
/// The most that are told apart; the others are one.
pub const GROUPS_MAX: usize = 50;

/// What explains a metric?
#[derive(Clone, Debug, PartialEq)]
pub struct AttributionQuestion {
    /// Of which page views.
    pub question: Question,
    /// The metric.
    pub metric: MetricName,
    /// By what they are grouped; all that there is, if the question names none.
    pub by: Vec<By>,
    /// How many groups are told apart.
    pub limit: usize,
}

impl AttributionQuestion {
    /// The same with so many groups at most.
    #[must_use]
    pub fn with_groups(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Takes from the parameters what this question may have.
    ///
    /// # Errors
    /// Names the parameter that is missing, unknown, or cannot be read.
    pub fn take(mut parameters: Parameters, now: Timestamp) -> Result<Self, QuestionError> {
        let is_explained = |name: &MetricName| By::of(*name).next().is_some();
        let explained = IN_ORDER.into_iter().filter(is_explained).collect::<Vec<_>>();
        let metric = parameters.require_one_of("metric", &explained, lower)?;
        let ways = By::of(metric).collect::<Vec<_>>();
        let by = parameters.one_of("by", &ways, By::as_str)?;
        let limit = parameters.take_as("limit", number(1..=GROUPS_MAX))?;
        let question = Question::take(&mut parameters, now)?;
        parameters.finish(&["metric", "by", "limit"])?;
        let by = by.map_or(ways, |by| vec![by]);
        Ok(Self { question, metric, by, limit: limit.unwrap_or(GROUPS_DEFAULT) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> Result<AttributionQuestion, QuestionError> {
        let now = "2026-11-23T08:00:30Z".parse().unwrap();
        AttributionQuestion::take(Parameters::parse(query)?, now)
    }

    #[test]
    fn all_ways_are_taken_unless_one_is_named() {
        assert_eq!(ask("metric=cls").unwrap().by, [By::Target, By::LoadState]);
        assert_eq!(ask("metric=cls&by=target").unwrap().by, [By::Target]);
    }

    #[test]
    fn every_error_names_its_parameter() {
        for (query, parameter) in [
            ("", "metric"),
            ("metric=fid", "metric"),
            ("metric=inp&by=resource", "by"),
            ("metric=inp&limit=51", "limit"),
            ("metric=inp&order=recent", "order"),
        ] {
            let found = ask(query).map_err(|error| error.parameter);
            assert_eq!(found, Err(parameter.to_owned()), "{query}");
        }
    }
}
