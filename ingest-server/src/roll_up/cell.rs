//! Page views that are alike in something, counted.

use super::Tally;
use beacon::MetricName;

/// Page views that began in the same hour or day and are alike in something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many there are.
    pub page_views: i64,
    /// Of how many of them nothing could be measured.
    pub unmeasured: i64,
    /// What was measured on the others, in the order of [`MetricName::ALL`].
    pub metrics: [Tally; MetricName::ALL.len()],
}

impl Cell {
    /// Adds all of another one.
    pub fn merge(&mut self, other: &Self) {
        self.page_views += other.page_views;
        self.unmeasured += other.unmeasured;
        for (tally, more) in self.metrics.iter_mut().zip(&other.metrics) {
            tally.merge(more);
        }
    }

    /// Whether nothing is left in it.
    pub fn is_empty(&self) -> bool {
        self.page_views == 0 && self.unmeasured == 0 && self.metrics.iter().all(Tally::is_empty)
    }

    /// Whether more was taken out of it somewhere than put in.
    pub fn is_overdrawn(&self) -> bool {
        self.page_views < 0 || self.unmeasured < 0 || self.metrics.iter().any(Tally::is_overdrawn)
    }
}
