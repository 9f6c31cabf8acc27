//! A value of a metric, and what to think of it.

use super::{
    number,
    score_card::{Badge, PAGE_VIEWS_MIN},
};
use crate::report::{Figures, Unit};
use askama::{Template, filters::HtmlSafe};
use beacon::{MetricName, Rating};

/// Both; templates print it as it is.
#[derive(Debug, Template)]
#[template(path = "rated.html")]
pub(super) struct Rated {
    pub(super) text: String,
    pub(super) badge: Badge,
}

/// Its template escapes what it prints.
impl HtmlSafe for Rated {}

impl Rated {
    /// The value of a page view by itself.
    pub(super) fn of(name: MetricName, value: f64, rating: Rating) -> Self {
        Self { text: number::rated_value(name, value, Unit::of(name)), badge: Badge::of(rating) }
    }

    /// A 75th percentile of that many page views, which may be too few to judge.
    pub(super) fn percentile(
        name: MetricName,
        p75: Option<f64>,
        rating: Option<Rating>,
        page_views: u64,
    ) -> Option<Self> {
        Some(Self::of_many(name, p75?, rating?, page_views))
    }

    /// The same where it is known.
    pub(super) fn of_many(name: MetricName, p75: f64, rating: Rating, page_views: u64) -> Self {
        let rated = Self::of(name, p75, rating);
        let badge = if page_views < PAGE_VIEWS_MIN { Badge::too_few() } else { rated.badge };
        Self { badge, ..rated }
    }

    /// The same of figures.
    pub(super) fn of_figures(name: MetricName, figures: &Figures) -> Option<Self> {
        Self::percentile(name, figures.p75, figures.rating, figures.count)
    }
}
