//! How a site's visitors fare: count, percentiles, rating and spread of each metric.

use super::{
    Percentiles,
    bins::{self, Bin},
    period::Period,
    previous::Previous,
};
use crate::{
    distribution::Distribution,
    store::sqlite::{Filters, Measured},
};
use beacon::{MetricName, Rating};
use serde::Serialize;
use utoipa::ToSchema;

/// The answer of `GET /v1/sites/{site}/summary`, and what the dashboard shows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Summary {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// The one of the same length right before, which metrics are compared with; absent where page
    /// views of it are deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub previous_period: Option<Period>,
    /// What they are alike in.
    pub filters: Filters,
    /// How many there are.
    pub page_views: u64,
    /// Of how many of them nothing could be measured, because WebAssembly was refused or did not
    /// arrive.
    pub unmeasured: u64,
    /// What was measured on them.
    pub metrics: Metrics,
}

/// The metrics of a summary.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Metrics {
    /// Largest Contentful Paint.
    pub lcp: MetricSummary,
    /// Interaction to Next Paint.
    pub inp: MetricSummary,
    /// Cumulative Layout Shift.
    pub cls: MetricSummary,
    /// First Contentful Paint.
    pub fcp: MetricSummary,
    /// Time to First Byte.
    pub ttfb: MetricSummary,
    /// First Input Delay, only if somebody sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fid: Option<MetricSummary>,
}

/// One metric. What was not measured is absent, never zero.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MetricSummary {
    /// What its values are.
    pub unit: Unit,
    /// On how many page views it was measured.
    pub count: u64,
    /// Absent without values.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = Percentiles::optional)]
    pub percentiles: Option<Percentiles>,
    /// By how much a percentile may be off, as a share of it; 0 when they are exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<f64>,
    /// That of the 75th percentile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rating: Option<Rating>,
    /// How the page views are rated, one by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub shares: Option<Shares>,
    /// What it was in the period before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub previous: Option<Previous>,
    /// The spread: bins of equal width, the last one open, whose densities add up to 1. Empty
    /// without values.
    pub histogram: Vec<Bin>,
}

/// What the values of a metric are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Milliseconds, with one decimal.
    Ms,
    /// Unitless, with four decimals.
    Score,
}

/// Shares of page views; they add up to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Shares {
    /// At or below the good threshold.
    pub good: f64,
    /// Between the thresholds.
    pub needs_improvement: f64,
    /// Above the poor threshold.
    pub poor: f64,
}

impl Metrics {
    /// One of them; FID only if somebody sent it.
    pub fn get(&self, name: MetricName) -> Option<&MetricSummary> {
        match name {
            MetricName::Lcp => Some(&self.lcp),
            MetricName::Inp => Some(&self.inp),
            MetricName::Cls => Some(&self.cls),
            MetricName::Fcp => Some(&self.fcp),
            MetricName::Ttfb => Some(&self.ttfb),
            MetricName::Fid => self.fid.as_ref(),
        }
    }
}

/// Answers from what was measured.
pub fn summarize(site: &str, period: Period, filters: Filters, measured: Measured) -> Summary {
    let Measured { page_views, unmeasured, distributions: [cls, fcp, inp, lcp, ttfb, fid] } =
        measured;
    let metrics = Metrics {
        lcp: metric(lcp),
        inp: metric(inp),
        cls: metric(cls),
        fcp: metric(fcp),
        ttfb: metric(ttfb),
        fid: (fid.count() > 0).then(|| metric(fid)),
    };
    let (site, previous_period) = (site.to_owned(), None);
    Summary { site, period, previous_period, filters, page_views, unmeasured, metrics }
}

/// Answers from the values of one metric.
pub(crate) fn metric(distribution: Distribution) -> MetricSummary {
    let name = distribution.name();
    let unit = Unit::of(name);
    let count = distribution.count();
    if count == 0 {
        return MetricSummary {
            unit,
            count,
            percentiles: None,
            error: None,
            rating: None,
            shares: None,
            previous: None,
            histogram: Vec::new(),
        };
    }
    let shares = Shares::of(&distribution);
    let error = distribution.error();
    let values = distribution.into_ascending();
    let [p50, p75, p90, p95, p99] =
        [50, 75, 90, 95, 99].map(|percent| percentile(&values, count, percent));
    let round = |value| unit.round(value);
    MetricSummary {
        unit,
        count,
        percentiles: Some(Percentiles {
            p50: round(p50),
            p75: round(p75),
            p90: round(p90),
            p95: round(p95),
            p99: round(p99),
        }),
        error: Some(error),
        rating: Some(name.rate(p75)),
        shares: Some(shares),
        previous: None,
        histogram: bins::histogram(&values, count, name),
    }
}

impl Shares {
    /// Of values, of which there are some.
    pub(super) fn of(distribution: &Distribution) -> Self {
        let count = distribution.count();
        let [good, needs_improvement, poor] = distribution.ratings().map(|n| bins::share(n, count));
        Self { good, needs_improvement, poor }
    }
}

impl Unit {
    /// That of a metric's values.
    pub(crate) fn of(name: MetricName) -> Self {
        if name == MetricName::Cls { Self::Score } else { Self::Ms }
    }

    /// The word for it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ms => "ms",
            Self::Score => "score",
        }
    }

    pub(super) fn round(self, value: f64) -> f64 {
        let steps = match self {
            Self::Ms => 10.0,
            Self::Score => 10_000.0,
        };
        (value * steps).round() / steps
    }
}

/// The smallest value that so many percent of the values do not exceed: the nearest rank.
pub(super) fn percentile(values: &[(f64, u64)], count: u64, percent: u64) -> f64 {
    let rank = (count * percent).div_ceil(100).max(1);
    let mut seen = 0;
    let found = values.iter().find(|(_, n)| {
        seen += n;
        seen >= rank
    });
    found.or(values.last()).map_or(f64::NAN, |(value, _)| *value)
}

/// The 75th percentile; nothing without values.
pub(super) fn p75(distribution: Distribution) -> Option<f64> {
    let count = distribution.count();
    (count > 0).then(|| percentile(&distribution.into_ascending(), count, 75))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::histogram::{self, Histogram, RELATIVE_ERROR, ZERO_THRESHOLD};
    use proptest::prelude::*;

    fn ms(values: &[u32]) -> Distribution {
        let mut distribution = Distribution::new(MetricName::Lcp);
        for ms in values {
            distribution.add(ms * 1000);
        }
        distribution
    }

    #[test]
    fn without_values_everything_is_absent() {
        let json = serde_json::to_value(metric(ms(&[]))).unwrap();
        assert_eq!(json, serde_json::json!({ "unit": "ms", "count": 0, "histogram": [] }));
    }

    #[test]
    fn percentiles_are_nearest_ranks() {
        let summary = metric(ms(&[100, 200, 300, 400]));
        let percentiles = summary.percentiles.unwrap();
        assert_eq!((percentiles.p50, percentiles.p75, percentiles.p90), (200.0, 300.0, 400.0));
        assert_eq!(summary.error, Some(0.0));
    }

    #[test]
    fn a_value_on_the_good_threshold_is_good() {
        assert_eq!(metric(ms(&[2500])).rating, Some(Rating::Good));
        assert_eq!(metric(ms(&[2501])).rating, Some(Rating::NeedsImprovement));
    }

    #[test]
    fn shares_add_up_to_one() {
        let shares = metric(ms(&[1000, 3000, 5000])).shares.unwrap();
        assert!((shares.good + shares.needs_improvement + shares.poor - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn percentiles_of_bins_are_as_near_to_those_of_the_values_as_the_error_says(
            mut values in proptest::collection::vec(0_u32..600_000_000, 1..300),
            percent in 1_u64..=100,
        ) {
            let mut binned = Histogram::default();
            for us in &values {
                binned.change(histogram::bin(f64::from(*us) / 1e6), 1);
            }
            values.sort_unstable();
            let exact = values.iter().map(|us| (f64::from(*us) / 1e6, 1)).collect::<Vec<_>>();
            let binned = binned.ascending().collect::<Vec<_>>();
            let count = values.len() as u64;
            let (exact, binned) =
                (percentile(&exact, count, percent), percentile(&binned, count, percent));
            let allowed = (exact * RELATIVE_ERROR).max(ZERO_THRESHOLD);
            prop_assert!((exact - binned).abs() <= allowed, "{} {}", exact, binned);
        }
    }
}
