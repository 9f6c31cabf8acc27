//! Thresholds and ratings, as web.dev and CrUX define them.

use crate::MetricName;

/// How a value feels to the person who waited for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Rating {
    /// At or below the good threshold.
    Good,
    /// Between the thresholds.
    NeedsImprovement,
    /// Above the poor threshold.
    Poor,
}

impl Rating {
    /// The name in JSON and in web-vitals: `good`, `needs-improvement`, `poor`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::NeedsImprovement => "needs-improvement",
            Self::Poor => "poor",
        }
    }
}

/// Where good ends and poor begins, in milliseconds (CLS: unitless). Both bounds belong to the
/// better side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// The largest good value.
    pub good: f64,
    /// The largest value that is not yet poor.
    pub needs_improvement: f64,
}

impl MetricName {
    /// The thresholds of web.dev/articles/defining-core-web-vitals-thresholds; FID's are those it
    /// retired with.
    pub const fn thresholds(self) -> Thresholds {
        let (good, needs_improvement) = match self {
            Self::Cls => (0.1, 0.25),
            Self::Fcp => (1800.0, 3000.0),
            Self::Inp => (200.0, 500.0),
            Self::Lcp => (2500.0, 4000.0),
            Self::Ttfb => (800.0, 1800.0),
            Self::Fid => (100.0, 300.0),
        };
        Thresholds { good, needs_improvement }
    }

    /// Rates a value of this metric.
    pub fn rate(self, value: f64) -> Rating {
        let Thresholds { good, needs_improvement } = self.thresholds();
        if value > needs_improvement {
            Rating::Poor
        } else if value > good {
            Rating::NeedsImprovement
        } else {
            Rating::Good
        }
    }

    /// Rates a value in [steps](Self::steps_per_unit).
    pub fn rate_steps(self, steps: u32) -> Rating {
        self.rate(f64::from(steps) / self.steps_per_unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_the_threshold_belongs_to_the_better_side() {
        assert_eq!(MetricName::Lcp.rate(2500.0), Rating::Good);
        assert_eq!(MetricName::Lcp.rate(2500.1), Rating::NeedsImprovement);
        assert_eq!(MetricName::Cls.rate(0.25), Rating::NeedsImprovement);
        assert_eq!(MetricName::Cls.rate(0.2501), Rating::Poor);
        assert_eq!(MetricName::Lcp.rate_steps(2_500_000), Rating::Good);
        assert_eq!(MetricName::Cls.rate_steps(250_001), Rating::Poor);
    }

    #[test]
    fn a_rating_has_the_same_name_in_json_as_everywhere() {
        for rating in [Rating::Good, Rating::NeedsImprovement, Rating::Poor] {
            assert_eq!(serde_json::json!(rating), rating.as_str());
        }
    }
}
