//! The geometry of a histogram as SVG.

use super::number;
use crate::report::{Bin, MetricSummary, Percentiles};
use beacon::{MetricName, Rating, Thresholds};

/// Pixels the highest bar is high.
const HEIGHT: f64 = 56.0;
/// A bar with anything in it can be seen.
const BAR_HEIGHT_MIN: f64 = 1.0;
/// Part of a bin's width that its bar fills.
const BAR_WIDTH: f64 = 0.8;

/// A histogram: across in percent of its width, down in pixels, so that it fills any card.
#[derive(Debug)]
pub(super) struct Histogram {
    pub(super) height: f64,
    pub(super) bars: Vec<Bar>,
    pub(super) thresholds: [Mark; 2],
    pub(super) p75_x: f64,
    pub(super) end: String,
    /// The same in words.
    pub(super) description: String,
}

#[derive(Debug)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) rating: &'static str,
}

#[derive(Debug)]
pub(super) struct Mark {
    pub(super) x: f64,
    pub(super) label: String,
}

impl Histogram {
    /// Absent without values.
    pub(super) fn new(name: MetricName, summary: &MetricSummary) -> Option<Self> {
        let Percentiles { p75, .. } = summary.percentiles?;
        let bins = &summary.histogram;
        let open = bins.last()?;
        // There are a hundred bins.
        #[expect(clippy::cast_precision_loss)]
        let bin_width = 100.0 / bins.len() as f64;
        let highest = bins.iter().map(|bin| bin.density).fold(f64::MIN_POSITIVE, f64::max);
        let mut start = -bin_width;
        let bars = bins.iter().filter_map(|bin| {
            start += bin_width;
            (bin.density > 0.0).then(|| bar(start, bin_width, bin, bin.density / highest, name))
        });
        let bars = bars.collect();
        let x = |value: f64| (value / open.start).min(1.0) * (100.0 - bin_width);
        let Thresholds { good, needs_improvement } = name.thresholds();
        let mark = |value| Mark { x: x(value), label: number::round_value(value, summary.unit) };
        let shown = number::value(p75, summary.unit);
        Some(Self {
            height: HEIGHT,
            bars,
            thresholds: [mark(good), mark(needs_improvement)],
            p75_x: x(p75),
            end: format!("{} +", number::round_value(open.start, summary.unit)),
            description: format!(
                "Spread of {} over {}; the 75th percentile is {shown}.",
                name.as_str(),
                number::page_views(summary.count),
            ),
        })
    }
}

fn bar(start: f64, bin_width: f64, bin: &Bin, part: f64, name: MetricName) -> Bar {
    let height = (part * HEIGHT).max(BAR_HEIGHT_MIN);
    let rating = rating_class(name.rate(bin.end.unwrap_or(f64::INFINITY)));
    Bar { x: start, y: HEIGHT - height, width: bin_width * BAR_WIDTH, height, rating }
}

/// The class that colours by rating.
pub(super) const fn rating_class(rating: Rating) -> &'static str {
    match rating {
        Rating::Good => "good",
        Rating::NeedsImprovement => "fair",
        Rating::Poor => "poor",
    }
}
