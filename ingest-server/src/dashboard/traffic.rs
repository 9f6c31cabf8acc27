//! How many page views there were, over time, and what was released meanwhile.

use super::{
    chart::{Release, marks, whens},
    number,
};
use crate::report::OverTime;
use jiff::{Timestamp, tz::TimeZone};

/// Pixels that the highest bar is high.
const HEIGHT: f64 = 64.0;
/// A bar with anything in it can be seen.
const BAR_HEIGHT_MIN: f64 = 1.0;

/// A bar for each interval: across in percent, down in pixels.
#[derive(Debug)]
pub(super) struct Traffic {
    pub(super) height: f64,
    pub(super) bars: Vec<Bar>,
    pub(super) releases: Vec<Release>,
    /// How many the highest bar stands for.
    pub(super) most: String,
    /// As in "Page views by day".
    pub(super) title: String,
    /// The picture in words.
    pub(super) description: String,
}

/// An interval.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) width: f64,
    pub(super) y: f64,
    pub(super) height: f64,
    /// As in "12 Nov" or "14:00".
    pub(super) when: String,
    pub(super) page_views: String,
    /// Both in a line.
    pub(super) told: String,
}

impl Traffic {
    pub(super) fn new(
        it: &OverTime,
        releases: &[(String, Timestamp)],
        zone: &TimeZone,
    ) -> Option<Self> {
        let series = it.series.first()?;
        let most = it.page_views.iter().copied().max()?.max(1);
        // Page views are far below 2^52, and intervals are a thousand at most.
        #[expect(clippy::cast_precision_loss)]
        let (width, scale) = (100.0 / it.page_views.len() as f64, HEIGHT / most as f64);
        let mut x = -width;
        let bar = |(count, when): (&u64, String)| {
            x += width;
            #[expect(clippy::cast_precision_loss)]
            let height =
                if *count == 0 { 0.0 } else { (*count as f64 * scale).max(BAR_HEIGHT_MIN) };
            let page_views = number::page_views(*count);
            let told = format!("{when}: {page_views}");
            Bar {
                x,
                width,
                y: HEIGHT - height,
                height,
                when,
                page_views: number::count(*count),
                told,
            }
        };
        let bars = it.page_views.iter().zip(whens(series, zone)).map(bar).collect::<Vec<_>>();
        let title = format!("Page views by {}", series.interval);
        Some(Self {
            height: HEIGHT,
            description: match (bars.first(), bars.last()) {
                (Some(first), Some(last)) => format!("{title}. {}. {}.", first.told, last.told),
                _ => title.clone(),
            },
            releases: marks(releases, series),
            most: number::count(most),
            bars,
            title,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::fixture::over_time;

    #[test]
    fn a_bar_is_as_high_as_its_share_of_the_most_and_one_that_is_not_empty_is_seen() {
        let traffic = Traffic::new(&over_time(&[1000, 0, 1, 500]), &[], &TimeZone::UTC).unwrap();
        let heights = traffic.bars.iter().map(|bar| bar.height).collect::<Vec<_>>();
        assert_eq!(heights, [HEIGHT, 0.0, BAR_HEIGHT_MIN, HEIGHT / 2.0]);
        let places = traffic.bars.iter().map(|bar| (bar.x, bar.width)).collect::<Vec<_>>();
        assert_eq!(places, [(0.0, 25.0), (25.0, 25.0), (50.0, 25.0), (75.0, 25.0)]);
        assert_eq!(traffic.bars[3].told, "4 Nov: 500 page views");
        assert_eq!(traffic.title, "Page views by day");
        assert_eq!(traffic.most, "1,000");
    }

    #[test]
    fn a_first_day_that_is_not_counted_from_its_beginning_says_so() {
        let mut course = over_time(&[10, 500]);
        course.series[0].period.from = "2026-11-01T14:00:00Z".parse().unwrap();
        let released = [("1.4.2".to_owned(), "2026-11-01T18:00:00Z".parse().unwrap())];
        let traffic = Traffic::new(&course, &released, &TimeZone::UTC).unwrap();
        let told = traffic.bars.iter().map(|bar| &*bar.told).collect::<Vec<_>>();
        assert_eq!(told, ["1 Nov from 14:00 UTC: 10 page views", "2 Nov: 500 page views"]);
        assert!((traffic.releases[0].x - 37.5).abs() < 1e-9, "18 of 48 hours");
    }

    #[test]
    fn of_no_intervals_there_is_no_picture() {
        assert!(Traffic::new(&over_time(&[]), &[], &TimeZone::UTC).is_none());
    }
}
