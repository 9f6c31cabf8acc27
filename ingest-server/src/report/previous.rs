//! Whether a metric has changed since the period before.

use super::{Period, Summary, Verdict, compare};
use crate::{distribution::Distribution, store::sqlite::Measured};
use beacon::MetricName;
use serde::Serialize;
use utoipa::ToSchema;

/// A metric in the period of the same length right before.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PreviousMetric)]
pub struct Previous {
    /// On how many page views it was measured.
    pub count: u64,
    /// The 75th percentile; absent without values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p75: Option<f64>,
    /// By how much that may be off, as a share of it.
    pub error: f64,
    /// What became of it since.
    pub verdict: Verdict,
}

impl Previous {
    /// Each metric before, compared with what it is now.
    pub fn compare(before: Measured, now: &Measured) -> [Self; MetricName::ALL.len()] {
        before.distributions.map(|before| {
            let now = now.distributions[before.name() as usize].clone();
            Self::of(before, now)
        })
    }

    fn of(before: Distribution, now: Distribution) -> Self {
        let comparison = compare(before, now);
        let super::Side { count, p75, error, .. } = comparison.baseline;
        Self { count, p75, error, verdict: comparison.verdict }
    }
}

impl Summary {
    /// The same, with what was before.
    #[must_use]
    pub fn with_previous(
        mut self,
        period: Period,
        previous: [Previous; MetricName::ALL.len()],
    ) -> Self {
        let [cls, fcp, inp, lcp, ttfb, fid] = previous;
        self.previous_period = Some(period);
        let metrics = &mut self.metrics;
        let each = [
            (Some(&mut metrics.cls), cls),
            (Some(&mut metrics.fcp), fcp),
            (Some(&mut metrics.inp), inp),
            (Some(&mut metrics.lcp), lcp),
            (Some(&mut metrics.ttfb), ttfb),
            (metrics.fid.as_mut(), fid),
        ];
        for (metric, previous) in each {
            if let Some(metric) = metric {
                metric.previous = Some(previous);
            }
        }
        self
    }
}
