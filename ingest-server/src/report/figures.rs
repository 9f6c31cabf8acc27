//! What is said of the values of one metric where many such are told beside each other.

use super::{Shares, Unit, summary::percentile};
use crate::distribution::Distribution;
use beacon::Rating;
use serde::Serialize;
use utoipa::ToSchema;

/// Count, percentile, rating. What was not measured is absent, never zero.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Figures {
    /// On how many page views it was measured.
    pub count: u64,
    /// The 75th percentile, in the metric's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p75: Option<f64>,
    /// That of the percentile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rating: Option<Rating>,
    /// How the page views are rated, one by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub shares: Option<Shares>,
    /// By how much the percentile may be off, as a share of it; 0 when it is exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<f64>,
}

impl Figures {
    /// The names of [`fields`](Self::fields).
    pub(super) const COLUMNS: [&'static str; 7] =
        ["count", "p75", "rating", "good", "needs_improvement", "poor", "error"];

    /// Those of all values of a metric.
    pub(crate) fn of(distribution: Distribution) -> Self {
        let name = distribution.name();
        let (count, error) = (distribution.count(), distribution.error());
        if count == 0 {
            return Self { count, p75: None, rating: None, shares: None, error: None };
        }
        let shares = Shares::of(&distribution);
        let p75 = percentile(&distribution.into_ascending(), count, 75);
        Self {
            count,
            p75: Some(Unit::of(name).round(p75)),
            rating: Some(name.rate(p75)),
            shares: Some(shares),
            error: Some(error),
        }
    }

    /// As they stand in a table.
    pub(super) fn fields(&self) -> [String; 7] {
        let Self { count, p75, rating, shares, error } = self;
        let share = |of: fn(&Shares) -> f64| field(shares.as_ref().map(of));
        [
            count.to_string(),
            field(*p75),
            field(rating.map(Rating::as_str)),
            share(|shares| shares.good),
            share(|shares| shares.needs_improvement),
            share(|shares| shares.poor),
            field(*error),
        ]
    }
}

/// What is absent is empty.
pub(crate) fn field(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::MetricName;
    use serde_json::json;

    #[test]
    fn without_values_everything_is_absent() {
        let figures = Figures::of(Distribution::new(MetricName::Lcp));
        assert_eq!(json!(figures), json!({ "count": 0 }));
        assert_eq!(figures.fields().join(","), "0,,,,,,");
    }

    #[test]
    fn values_are_counted_and_rated() {
        let mut distribution = Distribution::new(MetricName::Inp);
        for us in [90_000, 120_000, 210_049, 600_000] {
            distribution.add(us);
        }
        let figures = Figures::of(distribution);
        let shares = json!({ "good": 0.5, "needs_improvement": 0.25, "poor": 0.25 });
        let expected = json!({
            "count": 4, "p75": 210.0, "rating": "needs-improvement", "shares": shares, "error": 0.0,
        });
        assert_eq!(json!(figures), expected);
        assert_eq!(figures.fields().join(","), "4,210,needs-improvement,0.5,0.25,0.25,0");
    }
}
