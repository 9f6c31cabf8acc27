//! What is measured of a rule.

use super::rule::{Condition, Rule};
use crate::{
    distribution::Distribution,
    report::{self, Comparison, MetricSummary, Period, Side, Unit, Verdict, compare},
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// What was measured, and what follows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AlertReading)]
pub struct Reading {
    /// When it was looked at.
    pub at: Timestamp,
    /// The page views' time.
    pub period: Period,
    /// What follows.
    pub finding: Finding,
    /// What the numbers are.
    pub unit: Unit,
    /// The percentile; absent without values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub value: Option<f64>,
    /// On how many page views the metric was measured.
    pub count: u64,
    /// By how much the percentile may be off, as a share of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<f64>,
    /// With the period before, for a regression.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comparison: Option<Comparison>,
}

/// Whether what must not be is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertFinding)]
pub enum Finding {
    /// It is.
    Breached,
    /// It is not.
    Kept,
    /// Nothing can be said.
    #[serde(rename = "too_few_samples")]
    TooFew,
}

impl Reading {
    /// Reads off the values of the period and, for a regression, those of the one before.
    pub(super) fn new(
        rule: &Rule,
        at: Timestamp,
        period: Period,
        values: Distribution,
        before: Option<Distribution>,
    ) -> Self {
        match rule.condition {
            Condition::Above(percentile, threshold) => {
                let MetricSummary { unit, count, percentiles, error, .. } = report::metric(values);
                let value = percentiles.map(|it| percentile.of(&it));
                let is_breached = value.map(|value| value > threshold);
                let finding = rule.judge(is_breached, count);
                Self { at, period, finding, unit, value, count, error, comparison: None }
            }
            Condition::Regression => {
                let before = before.unwrap_or_else(|| Distribution::new(rule.metric));
                let comparison = compare(before, values);
                let Side { count, p75: value, error, .. } = comparison.candidate;
                let is_breached = match comparison.verdict {
                    Verdict::TooFewSamples => None,
                    verdict => Some(verdict == Verdict::Regressed),
                };
                let finding = rule.judge(is_breached, count.min(comparison.baseline.count));
                let (unit, error) = (comparison.unit, value.map(|_| error));
                let comparison = Some(comparison);
                Self { at, period, finding, unit, value, count, error, comparison }
            }
        }
    }
}

impl Rule {
    fn judge(&self, is_breached: Option<bool>, count: u64) -> Finding {
        match is_breached.filter(|_| count >= self.page_views_min) {
            Some(true) => Finding::Breached,
            Some(false) => Finding::Kept,
            None => Finding::TooFew,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(condition: &str, before: Option<&[u32]>, values: &[u32]) -> Reading {
        let rule = format!(
            "name = 'slow'\nsite = 'shop'\nmetric = 'lcp'\nperiod = '1h'\n\
             page_views_min = 100\n{condition}"
        );
        let lcp = |values: &[u32]| {
            let mut lcp = Distribution::new(beacon::MetricName::Lcp);
            for ms in values {
                lcp.add(ms * 1000);
            }
            lcp
        };
        let (at, rule) = (Timestamp::UNIX_EPOCH, toml::from_str(&rule).unwrap());
        Reading::new(&rule, at, Period { from: at, to: at }, lcp(values), before.map(lcp))
    }

    #[test]
    fn a_percentile_on_the_threshold_is_not_above_it() {
        let found = |threshold: &str| read(threshold, None, &[2500; 100]).finding;
        assert_eq!(found("p75_above = 2500"), Finding::Kept);
        assert_eq!(found("p75_above = 2499.9"), Finding::Breached);
    }

    #[test]
    fn the_percentile_of_the_rule_is_read() {
        let values = (1..=100).collect::<Vec<_>>();
        for (condition, value) in [("p50_above = 1", 50.0), ("p99_above = 1", 99.0)] {
            let reading = read(condition, None, &values);
            assert_eq!((reading.value, reading.count), (Some(value), 100), "{condition}");
        }
    }

    #[test]
    fn few_page_views_and_none_say_nothing() {
        assert_eq!(read("p75_above = 1", None, &[2500; 99]).finding, Finding::TooFew);
        assert_eq!(read("p75_above = 1", None, &[]).finding, Finding::TooFew);
        let regression = |before: &[u32], values: &[u32]| {
            read("regression = true", Some(before), values).finding
        };
        assert_eq!(regression(&[100; 99], &[2500; 500]), Finding::TooFew);
        assert_eq!(regression(&[], &[2500; 500]), Finding::TooFew);
        assert_eq!(regression(&[100; 500], &[]), Finding::TooFew);
    }

    #[test]
    fn what_became_worse_than_before_is_a_regression() {
        let reading = read("regression = true", Some(&[1000; 500]), &[2000; 500]);
        assert_eq!((reading.finding, reading.value), (Finding::Breached, Some(2000.0)));
        assert_eq!(reading.comparison.unwrap().baseline.p75, Some(1000.0));
        let better = read("regression = true", Some(&[2000; 500]), &[1000; 500]);
        assert_eq!(better.finding, Finding::Kept);
    }
}
