//! The geometry of a histogram as SVG.

use super::{
    bars::{self, Bar},
    number,
};
use crate::report::{Bin, MetricSummary, Percentiles};
use beacon::{MetricName, Rating, Thresholds};

/// Pixels the highest bar is high.
const HEIGHT: f64 = 56.0;
/// A bar with anything in it can be seen.
const BAR_HEIGHT_MIN: f64 = 1.0;
/// Part of a bin's width that its bar fills.
const BAR_WIDTH: f64 = 0.8;
/// How far past the poor threshold the picture goes at least, as a multiple of it.
const REACH: f64 = 1.6;
/// From here on, in percent, the label of the mark stands on its left.
const LABEL_TURNS: f64 = 85.0;

/// A histogram: across in percent of its width, down in pixels, so that it fills any card.
#[derive(Debug)]
pub(super) struct Histogram {
    pub(super) height: f64,
    bars: Vec<Bar>,
    pub(super) thresholds: [Mark; 2],
    pub(super) p75: Mark,
    /// Whether the label of the 75th percentile would not fit on its right.
    pub(super) is_p75_at_end: bool,
    pub(super) end: String,
    /// The same in words.
    pub(super) description: String,
}

#[derive(Debug)]
pub(super) struct Mark {
    pub(super) x: f64,
    pub(super) label: String,
}

impl Histogram {
    /// Absent without values.
    pub(super) fn new(name: MetricName, summary: &MetricSummary) -> Option<Self> {
        let Percentiles { p75, p95, .. } = summary.percentiles?;
        let Thresholds { good, needs_improvement } = name.thresholds();
        let bins = shown(&summary.histogram, p95.max(needs_improvement * REACH))?;
        let open = bins.last()?.start;
        // There are at most a hundred bins.
        #[expect(clippy::cast_precision_loss)]
        let bin_width = 100.0 / bins.len() as f64;
        let x = |value: f64| (value / open).min(1.0) * (100.0 - bin_width);
        let label = |value| number::round_value(value, summary.unit);
        let threshold = |value| Mark { x: x(value), label: label(value) };
        Some(Self {
            height: HEIGHT,
            bars: bars(&bins, bin_width, name),
            thresholds: [threshold(good), threshold(needs_improvement)],
            p75: Mark { x: x(p75), label: "p75".to_owned() },
            is_p75_at_end: x(p75) > LABEL_TURNS,
            end: format!("{}\u{a0}+", label(open)),
            description: format!(
                "Spread of {} over {}: the 75th percentile is {}; up to {} is good, over {} is poor.",
                name.as_str(),
                number::page_views(summary.count),
                number::value(p75, summary.unit),
                label(good),
                label(needs_improvement),
            ),
        })
    }

    /// The bars of each rating: a class and a path.
    pub(super) fn outlines(&self) -> Vec<(&'static str, String)> {
        bars::outlines(&self.bars)
    }
}

/// The bins up to a value; those beyond are one, open like the last.
fn shown(bins: &[Bin], reach: f64) -> Option<Vec<Bin>> {
    let closed = bins.iter().take_while(|bin| bin.end.is_some() && bin.start < reach).count();
    let (near, far) = bins.split_at(closed);
    let density = far.iter().map(|bin| bin.density).sum();
    let open = Bin { start: far.first()?.start, end: None, density };
    Some(near.iter().copied().chain([open]).collect())
}

/// To the scale of the closed bins: all that is in the open one would dwarf them.
fn bars(bins: &[Bin], bin_width: f64, name: MetricName) -> Vec<Bar> {
    let closed = bins.iter().filter(|bin| bin.end.is_some());
    let highest = closed.map(|bin| bin.density).fold(f64::MIN_POSITIVE, f64::max);
    let mut start = -bin_width;
    let bar = |bin: &Bin| {
        start += bin_width;
        let height = ((bin.density / highest).min(1.0) * HEIGHT).max(BAR_HEIGHT_MIN);
        (bin.density > 0.0).then(|| Bar {
            x: start,
            y: HEIGHT - height,
            width: bin_width * BAR_WIDTH,
            height,
            rating: name.rate(bin.end.unwrap_or(f64::INFINITY)),
        })
    };
    bins.iter().filter_map(bar).collect()
}

/// The class that colours by rating.
pub(super) const fn rating_class(rating: Rating) -> &'static str {
    match rating {
        Rating::Good => "good",
        Rating::NeedsImprovement => "fair",
        Rating::Poor => "poor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::fixture;

    /// LCPs in milliseconds.
    fn histogram(values_ms: &[u32]) -> Histogram {
        let values = values_ms.iter().map(|ms| (MetricName::Lcp, ms * 1000, 1)).collect::<Vec<_>>();
        Histogram::new(MetricName::Lcp, &fixture::summary(&values).metrics.lcp).unwrap()
    }

    fn ratings(histogram: &Histogram) -> Vec<&str> {
        histogram.bars.iter().map(|bar| rating_class(bar.rating)).collect()
    }

    #[test]
    fn without_values_there_is_none() {
        assert!(Histogram::new(MetricName::Lcp, &fixture::summary(&[]).metrics.lcp).is_none());
    }

    #[test]
    fn both_thresholds_stand_where_the_bars_change_colour() {
        let histogram = histogram(&[2450, 2550, 3950, 4050]);
        assert_eq!(ratings(&histogram), ["good", "fair", "fair", "poor"]);
        let [good, poor] = &histogram.thresholds;
        assert!((good.x - histogram.bars[1].x).abs() < 1e-9, "{histogram:?}");
        assert!((poor.x - histogram.bars[3].x).abs() < 1e-9, "{histogram:?}");
    }

    #[test]
    fn the_picture_ends_past_poor_or_where_nearly_all_values_are() {
        assert_eq!(histogram(&[1000, 2000]).end, "6.4\u{a0}s\u{a0}+");
        assert_eq!(histogram(&[1000, 8000]).end, "8\u{a0}s\u{a0}+");
        assert_eq!(histogram(&[20_000, 30_000]).end, "9.9\u{a0}s\u{a0}+");
    }

    #[test]
    fn what_is_beyond_the_end_is_one_poor_bar_that_dwarfs_no_other() {
        let histogram = histogram(&[1000, 20_000, 30_000, 40_000]);
        assert_eq!(ratings(&histogram), ["good", "poor"]);
        assert!(histogram.bars.iter().all(|bar| bar.height.to_bits() == HEIGHT.to_bits()));
        assert!(histogram.is_p75_at_end);
    }

    #[test]
    fn nothing_is_drawn_outside() {
        let histogram = histogram(&[0, 1, 2500, 4000, 9899, 9900, 600_000]);
        for bar in &histogram.bars {
            assert!(bar.x >= 0.0 && bar.x + bar.width <= 100.0, "{bar:?}");
            assert!(bar.y >= 0.0 && bar.y + bar.height <= HEIGHT, "{bar:?}");
        }
    }
}
