//! What has become of a number, in a line as high as a word.

use super::{chart::Line, number};
use crate::report::Timeseries;

/// Pixels that the line may rise.
const HEIGHT: f64 = 32.0;
/// How much higher the picture is than the line.
const HEADROOM: f64 = 1.05;
/// Points that make a line.
const POINTS_MIN: usize = 3;

/// A line without scales: across in percent, down in pixels.
#[derive(Debug)]
pub(super) struct Spark {
    pub(super) height: f64,
    pub(super) lines: Vec<Line>,
    /// The picture in words.
    pub(super) description: String,
}

impl Spark {
    /// Absent where there is too little for a line.
    pub(super) fn new(series: &Timeseries) -> Option<Self> {
        let p75s = series.points.iter().map(|point| point.figures.p75).collect::<Vec<_>>();
        let known = p75s.iter().flatten().copied().collect::<Vec<_>>();
        let (first, last) = (*known.first()?, *known.last()?);
        if known.len() < POINTS_MIN {
            return None;
        }
        let top = known.iter().copied().fold(f64::MIN_POSITIVE, f64::max) * HEADROOM;
        let y = |value: f64| HEIGHT * (1.0 - value / top);
        // Intervals are a thousand at most.
        #[expect(clippy::cast_precision_loss)]
        let step = 100.0 / (p75s.len() - 1) as f64;
        let mut x = -step;
        let line = |pair: &[Option<f64>]| {
            x += step;
            Some(Line { x1: x, y1: y(pair[0]?), x2: x + step, y2: y(pair[1]?) })
        };
        Some(Self {
            height: HEIGHT,
            lines: p75s.windows(2).filter_map(line).collect(),
            description: format!(
                "p75 by {}, from {} to {}",
                series.interval,
                number::value(first, series.unit),
                number::value(last, series.unit),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::fixture::series;

    #[test]
    fn a_line_goes_from_one_end_to_the_other_and_is_higher_where_it_is_slower() {
        let spark = Spark::new(&series(&[(1000, 80), (2000, 80), (1500, 80)])).unwrap();
        let [first, last] = &spark.lines[..] else { panic!("{:?}", spark.lines) };
        assert_eq!((first.x1, first.x2, last.x2), (0.0, 50.0, 100.0));
        assert!(first.y1 > first.y2 && last.y1 < last.y2 && last.y2 < first.y1);
        assert_eq!(spark.description, "p75 by day, from 1.00\u{a0}s to 1.50\u{a0}s");
    }

    #[test]
    fn two_points_make_no_line() {
        assert!(Spark::new(&series(&[(1000, 80), (2000, 80), (0, 0)])).is_none());
    }
}
