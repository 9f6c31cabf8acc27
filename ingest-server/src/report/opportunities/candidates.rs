//! The first look: which culprits matter.

use super::{Recount, benefit, blame::blame, culprit::Key, is_good};
use crate::{report::frequent::Frequent, store::sqlite::Explained};
use beacon::MetricName;

/// Culprits that are remembered at once.
const CANDIDATES_MAX: usize = 20_000;

/// Looks for culprits that matter.
#[derive(Debug)]
pub(in crate::report) struct OpportunityCandidates {
    culprits: Frequent<Key>,
    limit: usize,
}

impl OpportunityCandidates {
    /// For so many.
    pub(in crate::report) fn new(limit: usize) -> Self {
        Self { culprits: Frequent::new(CANDIDATES_MAX), limit }
    }

    /// Looks at a page view. What is good cannot become better.
    pub(in crate::report) fn add(&mut self, page_view: &Explained<'_>) {
        for (name, measurement) in MetricName::ALL.into_iter().zip(&page_view.measurements) {
            let Some(measurement) = measurement.as_ref().filter(|it| !is_good(name, it.steps))
            else {
                continue;
            };
            let Some(blame) = blame(name, page_view, measurement) else { continue };
            let benefit = benefit(name, measurement.steps, blame.without);
            if benefit > 0 {
                self.culprits.add(blame.culprit, [benefit, 1]);
            }
        }
    }

    /// Those with the greatest benefit, to be counted.
    pub(in crate::report) fn into_recount(self) -> Recount {
        Recount::of(self.culprits.into_best(self.limit))
    }
}
