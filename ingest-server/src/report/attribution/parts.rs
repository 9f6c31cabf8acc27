//! How values divide into their parts.

use crate::report::{Unit, subparts};
use beacon::{Attribution, MetricName, NumberField};
use serde::Serialize;
use utoipa::ToSchema;

/// Parts of page views, added up.
#[derive(Debug)]
pub(super) struct Parts {
    metric: MetricName,
    count: u32,
    /// Each part's, in the order of time.
    totals: Vec<f64>,
}

/// A part of values on average. Averages of parts add up to that of the values, which percentiles do not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AttributionPart)]
pub struct MeanPart {
    /// As web-vitals calls it.
    pub name: NumberField,
    /// On average, in the metric's unit.
    pub mean: f64,
    /// That as a share of all parts.
    pub share: f64,
}

impl Parts {
    pub(super) fn of(metric: MetricName) -> Self {
        Self { metric, count: 0, totals: vec![0.0; subparts::subparts(metric).len()] }
    }

    /// Adds a page view, if all of its parts are known.
    pub(super) fn add(&mut self, attribution: &Attribution) {
        let parts = subparts::subparts(self.metric).iter();
        let known = parts.map(|part| subparts::number(attribution, *part));
        let Some(known) = known.collect::<Option<Vec<_>>>() else { return };
        self.count = self.count.saturating_add(1);
        for (total, number) in self.totals.iter_mut().zip(known) {
            *total += number;
        }
    }

    /// In the order of time; none, where values are of one part or none is known.
    pub(super) fn into_answer(self) -> Vec<MeanPart> {
        let Self { metric, count, totals } = self;
        let all = totals.iter().sum::<f64>();
        if totals.len() < 2 || all <= 0.0 {
            return Vec::new();
        }
        let unit = Unit::of(metric);
        let part = |(name, total): (&NumberField, f64)| MeanPart {
            name: *name,
            mean: unit.round(total / f64::from(count)),
            share: total / all,
        };
        subparts::subparts(metric).iter().zip(totals).map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lcp(parts: [f64; 4]) -> Attribution {
        let mut attribution = Attribution::default();
        for (name, part) in subparts::subparts(MetricName::Lcp).iter().zip(parts) {
            attribution.number(*name, part);
        }
        attribution
    }

    #[test]
    fn averages_of_parts_add_up_to_the_average_of_values_and_page_views_without_some_do_not_count()
    {
        let mut parts = Parts::of(MetricName::Lcp);
        parts.add(&lcp([100.0, 200.0, 300.0, 400.0]));
        parts.add(&lcp([300.0, 0.0, 100.0, 2600.0]));
        let mut unknown = Attribution::default();
        unknown.number(NumberField::TimeToFirstByte, 9000.0);
        parts.add(&unknown);
        let parts = parts.into_answer();
        assert_eq!(
            parts.iter().map(|it| it.mean).collect::<Vec<_>>(),
            [200.0, 100.0, 200.0, 1500.0]
        );
        assert_eq!(parts.iter().map(|it| it.share).collect::<Vec<_>>(), [0.1, 0.05, 0.1, 0.75]);
    }

    #[test]
    fn where_nothing_divides_there_are_no_parts() {
        assert_eq!(Parts::of(MetricName::Lcp).into_answer(), []);
        let mut score = Parts::of(MetricName::Cls);
        let mut attribution = Attribution::default();
        attribution.number(NumberField::LargestShiftValue, 0.2);
        score.add(&attribution);
        assert_eq!(score.into_answer(), []);
    }
}
