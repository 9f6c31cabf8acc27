//! How a site's visitors fare: count, percentiles, rating and spread of each metric.

use crate::{
    distribution::Distribution,
    store::sqlite::{Filters, Measured},
};
use beacon::{MetricName, Rating, Thresholds};
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// The answer of `GET /v1/sites/{site}/summary`, and what the dashboard shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What they are alike in.
    pub filters: Filters,
    /// How many there are.
    pub page_views: u64,
    /// What was measured on them.
    pub metrics: Metrics,
}

/// From one time (included) to another (excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first moment.
    pub from: Timestamp,
    /// The moment after the last.
    pub to: Timestamp,
}

/// The metrics of a summary.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    pub fid: Option<MetricSummary>,
}

/// One metric. What was not measured is absent, never zero.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricSummary {
    /// What its values are.
    pub unit: Unit,
    /// On how many page views it was measured.
    pub count: u64,
    /// Absent without values.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub percentiles: Option<Percentiles>,
    /// By how much a percentile may be off, as a share of it; 0 when they are exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<f64>,
    /// That of the 75th percentile.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rating")]
    pub rating: Option<Rating>,
    /// How the page views are rated, one by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares: Option<Shares>,
    /// The spread: bins of equal width, the last one open, whose densities add up to 1. Empty
    /// without values.
    pub histogram: Vec<Bin>,
}

/// What the values of a metric are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Milliseconds, with one decimal.
    Ms,
    /// Unitless, with four decimals.
    Score,
}

/// Nearest-rank percentiles, in the metric's unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentiles {
    /// The median.
    pub p50: f64,
    /// The one that is rated.
    pub p75: f64,
    /// One visitor in ten waits longer.
    pub p90: f64,
    /// One in twenty.
    pub p95: f64,
    /// One in a hundred.
    pub p99: f64,
}

/// Shares of page views; they add up to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shares {
    /// At or below the good threshold.
    pub good: f64,
    /// Between the thresholds.
    pub needs_improvement: f64,
    /// Above the poor threshold.
    pub poor: f64,
}

/// A bin of the display histogram: start (included) to end (excluded).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Its lower bound, in the metric's unit.
    pub start: f64,
    /// Its upper bound; absent for the last one, which has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<f64>,
    /// The share of page views in it.
    pub density: f64,
}

/// Answers from what was measured.
pub fn summarize(site: &str, period: Period, filters: Filters, measured: Measured) -> Summary {
    let Measured { page_views, distributions: [cls, fcp, inp, lcp, ttfb, fid] } = measured;
    let metrics = Metrics {
        lcp: metric(lcp),
        inp: metric(inp),
        cls: metric(cls),
        fcp: metric(fcp),
        ttfb: metric(ttfb),
        fid: (fid.count() > 0).then(|| metric(fid)),
    };
    Summary { site: site.to_owned(), period, filters, page_views, metrics }
}

fn metric(distribution: Distribution) -> MetricSummary {
    let name = distribution.name();
    let unit = if name == MetricName::Cls { Unit::Score } else { Unit::Ms };
    let count = distribution.count();
    if count == 0 {
        return MetricSummary {
            unit,
            count,
            percentiles: None,
            error: None,
            rating: None,
            shares: None,
            histogram: Vec::new(),
        };
    }
    let [good, needs_improvement, poor] = distribution.ratings().map(|n| share(n, count));
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
        shares: Some(Shares { good, needs_improvement, poor }),
        histogram: histogram(&values, count, Bins::of(name)),
    }
}

impl Unit {
    fn round(self, value: f64) -> f64 {
        let steps = match self {
            Self::Ms => 10.0,
            Self::Score => 10_000.0,
        };
        (value * steps).round() / steps
    }
}

/// The smallest value that so many percent of the values do not exceed: the nearest rank.
fn percentile(values: &[(f64, u64)], count: u64, percent: u64) -> f64 {
    let rank = (count * percent).div_ceil(100).max(1);
    let mut seen = 0;
    let found = values.iter().find(|(_, n)| {
        seen += n;
        seen >= rank
    });
    found.or(values.last()).map_or(f64::NAN, |(value, _)| *value)
}

fn share(part: u64, whole: u64) -> f64 {
    // Counts are far below 2^52.
    #[expect(clippy::cast_precision_loss)]
    let share = part as f64 / whole as f64;
    (share * 10_000.0).round() / 10_000.0
}

/// Bins of equal width; both thresholds of every metric are bounds of bins.
#[derive(Clone, Copy)]
struct Bins {
    per_unit: f64,
    /// How many, the open one included.
    count: u32,
    thresholds: Thresholds,
}

impl Bins {
    fn of(name: MetricName) -> Self {
        let (per_unit, count) = match name {
            MetricName::Lcp | MetricName::Fcp => (0.01, 100),
            MetricName::Ttfb => (0.02, 100),
            MetricName::Inp | MetricName::Fid => (0.1, 100),
            MetricName::Cls => (100.0, 100),
        };
        Self { per_unit, count, thresholds: name.thresholds() }
    }

    /// A value on a bound belongs to the bin above, but on a threshold to the better bin below.
    fn index(self, value: f64) -> u32 {
        let Thresholds { good, needs_improvement } = self.thresholds;
        let scaled = value * self.per_unit;
        // `as` saturates.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let index = if value == good || value == needs_improvement {
            scaled.round() as u32 - 1
        } else {
            scaled as u32
        };
        index.min(self.count - 1)
    }

    fn start(self, index: u32) -> f64 {
        let start = f64::from(index) / self.per_unit;
        (start * 100.0).round() / 100.0
    }
}

fn histogram(values: &[(f64, u64)], count: u64, bins: Bins) -> Vec<Bin> {
    let mut counts = vec![0; bins.count as usize];
    for (value, n) in values {
        counts[bins.index(*value) as usize] += n;
    }
    let bin = |(index, n): (u32, u64)| Bin {
        start: bins.start(index),
        end: (index + 1 < bins.count).then(|| bins.start(index + 1)),
        density: share(n, count),
    };
    (0..bins.count).zip(counts).map(bin).collect()
}

/// In JSON as in web-vitals.
#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
fn rating<S: Serializer>(rating: &Option<Rating>, serializer: S) -> Result<S::Ok, S::Error> {
    rating.map(Rating::as_str).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_value_on_a_threshold_is_good_and_stands_left_of_it() {
        let summary = metric(ms(&[2500]));
        assert_eq!(summary.rating, Some(Rating::Good));
        let bin = summary.histogram.iter().find(|bin| bin.density > 0.0).unwrap();
        assert_eq!((bin.start, bin.end), (2400.0, Some(2500.0)));
    }

    #[test]
    fn the_last_bin_takes_all_that_is_longer() {
        let summary = metric(ms(&[9899, 9900, 600_000]));
        let last = summary.histogram.last().unwrap();
        assert_eq!((last.start, last.end, last.density), (9900.0, None, 0.6667));
    }

    #[test]
    fn both_thresholds_of_every_metric_are_bounds_of_bins() {
        for name in MetricName::ALL {
            let bins = Bins::of(name);
            let Thresholds { good, needs_improvement } = name.thresholds();
            for threshold in [good, needs_improvement] {
                let bound = (0..bins.count).any(|index| bins.start(index) == threshold);
                assert!(bound, "{name:?} {threshold}");
            }
        }
    }
}
