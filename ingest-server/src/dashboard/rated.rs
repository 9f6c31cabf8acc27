//! A value of a metric, and what to think of it.

use super::{
    number,
    score_card::{Badge, PAGE_VIEWS_MIN},
};
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

    /// The same of that many page views, which may be too few to judge.
    pub(super) fn among(self, page_views: u64) -> Self {
        if page_views < PAGE_VIEWS_MIN { Self { badge: Badge::too_few(), ..self } } else { self }
    }
}
