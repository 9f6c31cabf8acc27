//! A value of a metric, and what to think of it.

use super::{number, score_card::Badge};
use crate::report::Unit;
use beacon::{MetricName, Rating};

/// Both, ready to be printed.
#[derive(Debug)]
pub(super) struct Rated {
    pub(super) text: String,
    pub(super) badge: Badge,
}

impl Rated {
    pub(super) fn of(name: MetricName, value: f64, unit: Unit, rating: Rating) -> Self {
        Self { text: number::rated_value(name, value, unit), badge: Badge::of(rating) }
    }

    /// The same of so few page views that it is not judged.
    pub(super) fn of_too_few(self) -> Self {
        Self { badge: Badge::too_few(), ..self }
    }
}
