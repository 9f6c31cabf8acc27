//! A metric over time, as SVG: across in percent of its width and down in pixels, so that it fills any card
//! and its texts keep their size.

use super::{
    bars::{self, Bar},
    histogram::rating_class,
    number,
    rated::Rated,
    score_card::{PAGE_VIEWS_MIN, ShareOfBar, bar},
};
use crate::report::{Figures, Period, Shares, Timeseries, TimeseriesPoint};
use beacon::{MetricName, Rating, Thresholds};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Pixels that the line may rise.
const HEIGHT: f64 = 160.0;
/// Pixels that the shares of an interval are high.
const SHARES_HEIGHT: f64 = 40.0;
/// Part of an interval's width that its bar fills, and that is left on either side.
const BAR_WIDTH: f64 = 0.8;
const BAR_MARGIN: f64 = (1.0 - BAR_WIDTH) / 2.0;
/// How much higher the picture is than what it shows.
const HEADROOM: f64 = 1.15;
/// Labels of releases that are nearer to each other, in percent, would meet.
const LABELS_APART: f64 = 16.0;
/// Releases that are marked: the latest.
const RELEASES_MAX: usize = 12;

/// A line of 75th percentiles over the bands of ratings, and under it how each interval is rated.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) height: f64,
    pub(super) shares_height: f64,
    pub(super) bands: Vec<Band>,
    pub(super) thresholds: Vec<Level>,
    pub(super) lines: Vec<Line>,
    pub(super) points: Vec<Point>,
    pub(super) releases: Vec<Release>,
    /// As in "p75 of LCP by day".
    pub(super) title: String,
    /// The picture in words.
    pub(super) description: String,
}

/// Where values are rated alike.
#[derive(Debug, PartialEq)]
pub(super) struct Band {
    pub(super) class: &'static str,
    pub(super) y: f64,
    pub(super) height: f64,
}

/// A threshold.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) y: f64,
    pub(super) label: String,
}

/// From one point to the next.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) x1: f64,
    pub(super) y1: f64,
    pub(super) x2: f64,
    pub(super) y2: f64,
}

/// An interval.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) start_percent: f64,
    pub(super) width: f64,
    pub(super) x: f64,
    /// Absent where nothing was measured.
    pub(super) y: Option<f64>,
    /// Whether there are too few page views to judge.
    pub(super) is_few: bool,
    /// As in "12 Nov" or "14:00".
    pub(super) when: String,
    pub(super) p75: Option<Rated>,
    pub(super) page_views: String,
    /// How they are rated; from the bottom.
    shares: Vec<Bar>,
    /// The same as texts.
    pub(super) rated: Option<[ShareOfBar; 3]>,
    /// All of it in a line.
    pub(super) told: String,
}

/// Where a release was first seen.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) x: f64,
    pub(super) name: String,
    /// Whether there is room for its name.
    pub(super) is_labelled: bool,
    /// Whether its name stands on its left.
    pub(super) is_at_end: bool,
}

impl Chart {
    /// With what was released meanwhile, and when.
    pub(super) fn new(
        series: &Timeseries,
        releases: &[(String, Timestamp)],
        zone: &TimeZone,
    ) -> Self {
        let name = series.metric.0;
        let count = series.points.len().max(1);
        let width = 100.0 / as_f64(count);
        let p75s = series.points.iter().filter_map(|it| it.figures.p75);
        let Thresholds { good, needs_improvement } = name.thresholds();
        let top = p75s.fold(good, f64::max) * HEADROOM;
        let y = |value: f64| HEIGHT * (1.0 - (value / top).min(1.0));
        let point = |(index, (it, when)): (usize, (&TimeseriesPoint, String))| {
            point((when, &it.figures), name, as_f64(index) * width, width, y)
        };
        let points = series.points.iter().zip(whens(series, zone)).enumerate();
        let points = points.map(point).collect::<Vec<_>>();
        let levels = [good, needs_improvement].into_iter().filter(|it| *it <= top);
        Self {
            height: HEIGHT,
            shares_height: SHARES_HEIGHT,
            bands: bands(top, good, needs_improvement, y),
            thresholds: levels
                .map(|value| Level { y: y(value), label: number::round_value(value, series.unit) })
                .collect(),
            lines: lines(&points),
            releases: marks(releases, series),
            title: format!("p75 of {} by {}", name.as_str(), series.interval),
            description: description(&points, name, series.interval),
            points,
        }
    }

    /// How the intervals are rated: a class and a path for each rating.
    pub(super) fn outlines(&self) -> Vec<(&'static str, String)> {
        bars::outlines(self.points.iter().flat_map(|point| &point.shares))
    }
}

fn point(
    (when, figures): (String, &Figures),
    name: MetricName,
    start_percent: f64,
    width: f64,
    y: impl Fn(f64) -> f64,
) -> Point {
    let p75 = Rated::of_figures(name, figures);
    let page_views = number::page_views(figures.count);
    let told = match &p75 {
        Some(p75) => {
            format!("{when}: p75 {}, {}, {page_views}", p75.text, p75.badge.word.to_lowercase())
        }
        None => format!("{when}: not measured"),
    };
    let (x, bar_width) = (start_percent + width * BAR_MARGIN, width * BAR_WIDTH);
    let stacked = |shares| stack(shares, x, bar_width);
    Point {
        start_percent,
        width,
        x: start_percent + width / 2.0,
        y: figures.p75.map(y),
        is_few: figures.count < PAGE_VIEWS_MIN,
        when,
        p75,
        page_views: number::count(figures.count),
        shares: figures.shares.map(stacked).unwrap_or_default(),
        rated: figures.shares.map(bar),
        told,
    }
}

/// What is good stands at the bottom.
fn stack(Shares { good, needs_improvement, poor }: Shares, x: f64, width: f64) -> Vec<Bar> {
    let rated =
        [(Rating::Good, good), (Rating::NeedsImprovement, needs_improvement), (Rating::Poor, poor)];
    let mut y = SHARES_HEIGHT;
    let band = |(rating, share): (Rating, f64)| {
        let height = share * SHARES_HEIGHT;
        y -= height;
        (height > 0.0).then_some(Bar { x, y, width, height, rating })
    };
    rated.into_iter().filter_map(band).collect()
}

/// From the bottom, as far as they are in the picture.
fn bands(top: f64, good: f64, needs_improvement: f64, y: impl Fn(f64) -> f64) -> Vec<Band> {
    let rated = [
        (Rating::Good, 0.0, good),
        (Rating::NeedsImprovement, good, needs_improvement),
        (Rating::Poor, needs_improvement, top),
    ];
    let seen = rated.into_iter().filter(|(_, from, _)| *from < top);
    seen.map(|(rating, from, to)| {
        let (start, end) = (y(to.min(top)), y(from));
        Band { class: rating_class(rating), y: start, height: end - start }
    })
    .collect()
}

/// Between points that follow each other; where nothing was measured is a gap.
fn lines(points: &[Point]) -> Vec<Line> {
    let line = |pair: &[Point]| {
        let (y1, y2) = (pair[0].y?, pair[1].y?);
        Some(Line { x1: pair[0].x, y1, x2: pair[1].x, y2 })
    };
    points.windows(2).filter_map(line).collect()
}

/// The moments of releases on the scale of the intervals, each of which is as wide as the others.
pub(super) fn marks(releases: &[(String, Timestamp)], series: &Timeseries) -> Vec<Release> {
    let Period { from, to } = series.whole();
    let length = to.duration_since(from).as_secs_f64();
    let within = releases.iter().filter(|(_, at)| (from..to).contains(at)).collect::<Vec<_>>();
    let latest = within.len().saturating_sub(RELEASES_MAX);
    let mut free_until = f64::MAX;
    let mark = |(name, at): &&(String, Timestamp)| {
        let x = at.duration_since(from).as_secs_f64() / length * 100.0;
        let is_at_end = x > 100.0 - LABELS_APART;
        let (start, end) = if is_at_end { (x - LABELS_APART, x) } else { (x, x + LABELS_APART) };
        let is_labelled = end <= free_until;
        if is_labelled {
            free_until = start;
        }
        Release { x, name: name.clone(), is_labelled, is_at_end }
    };
    // Where there is no room for two names, it is the later one that people look for.
    let mut marks = within[latest..].iter().rev().map(mark).collect::<Vec<_>>();
    marks.reverse();
    marks
}

/// What the points are called; a first day that is not counted from its beginning says from when on: `12 Nov from
/// 14:00 UTC`.
pub(super) fn whens(series: &Timeseries, zone: &TimeZone) -> impl Iterator<Item = String> {
    let (from, is_cut) = (series.period.from, is_cut(series));
    series.points.iter().enumerate().map(move |(index, point)| {
        let when = when(&point.start, zone);
        if index == 0 && is_cut {
            // Days are those of UTC, whatever time the reader has.
            format!("{when} from {}", from.strftime("%H:%M UTC"))
        } else {
            when
        }
    })
}

/// Whether the first interval is not counted from its beginning.
pub(super) fn is_cut(series: &Timeseries) -> bool {
    series.whole().from < series.period.from
}

/// `12 Nov` for a day, `14:00` for an hour, in the time of a zone.
fn when(start: &str, zone: &TimeZone) -> String {
    if let Ok(day) = start.parse::<Date>()
        && !start.contains('T')
    {
        return day.strftime("%-d %b").to_string();
    }
    let hour = start.parse::<Timestamp>();
    hour.map_or_else(
        |_| start.to_owned(),
        |hour| hour.to_zoned(zone.clone()).strftime("%H:%M").to_string(),
    )
}

fn description(points: &[Point], name: MetricName, interval: &str) -> String {
    let mut measured = points.iter().filter(|point| point.p75.is_some());
    let first = measured.next();
    match (first, measured.next_back().or(first)) {
        (Some(first), Some(last)) => format!(
            "The 75th percentile of {} by {interval}. {}. {}.",
            name.as_str(),
            first.told,
            last.told
        ),
        _ => format!("The 75th percentile of {} by {interval}: not measured.", name.as_str()),
    }
}

/// Points are a thousand at most.
#[expect(clippy::cast_precision_loss, reason = "a thousand at most")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::fixture::series;

    #[test]
    fn a_line_connects_what_was_measured_and_leaves_a_gap_where_nothing_was() {
        let chart =
            Chart::new(&series(&[(2000, 80), (2500, 80), (0, 0), (1000, 80)]), &[], &TimeZone::UTC);
        let [line] = &chart.lines[..] else { panic!("{:?}", chart.lines) };
        assert_eq!((line.x1, line.x2), (12.5, 37.5));
        assert!(line.y1 > line.y2, "slower is higher: {line:?}");
        assert_eq!(chart.points[2].y, None);
        assert_eq!(chart.points[2].told, "3 Nov: not measured");
        assert_eq!(chart.points[0].told, "1 Nov: p75 2.00\u{a0}s, good, 80 page views");
    }

    #[test]
    fn the_bands_fill_the_picture_as_far_as_it_goes() {
        let of = |ms| Chart::new(&series(&[(ms, 80)]), &[], &TimeZone::UTC);
        let good = of(1000);
        let classes = |it: &Chart| it.bands.iter().map(|band| band.class).collect::<Vec<_>>();
        assert_eq!(classes(&good), ["good", "fair"]);
        assert_eq!(good.thresholds.len(), 1);
        let poor = of(9000);
        assert_eq!(classes(&poor), ["good", "fair", "poor"]);
        for chart in [good, poor] {
            let height = chart.bands.iter().map(|band| band.height).sum::<f64>();
            assert!((height - HEIGHT).abs() < 1e-9, "{:?}", chart.bands);
        }
    }

    #[test]
    fn shares_are_stacked_from_good_to_poor() {
        let shares = Shares { good: 0.5, needs_improvement: 0.0, poor: 0.5 };
        let [good, poor] = &stack(shares, 10.0, 5.0)[..] else { panic!() };
        assert_eq!((good.rating, good.y, good.height), (Rating::Good, 20.0, 20.0));
        assert_eq!((poor.rating, poor.y, poor.height), (Rating::Poor, 0.0, 20.0));
    }

    #[test]
    fn releases_of_the_period_are_marked_and_named_where_there_is_room() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let releases = [
            ("1.3".to_owned(), at("2026-10-20T00:00:00Z")),
            ("1.4".to_owned(), at("2026-11-02T00:00:00Z")),
            ("1.4.1".to_owned(), at("2026-11-02T06:00:00Z")),
            ("1.5".to_owned(), at("2026-11-04T20:00:00Z")),
        ];
        let chart = Chart::new(&series(&[(1000, 80); 4]), &releases, &TimeZone::UTC);
        let marks = chart.releases.iter().map(|it| (&*it.name, it.is_labelled, it.is_at_end));
        let expected = [("1.4", false, false), ("1.4.1", true, false), ("1.5", true, true)];
        assert_eq!(marks.collect::<Vec<_>>(), expected);
        assert!((chart.releases[0].x - 25.0).abs() < 1e-9);
    }

    #[test]
    fn an_interval_is_called_by_its_day_or_its_hour() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(when("2026-11-05", &berlin), "5 Nov");
        assert_eq!(when("2026-11-05T14:00:00Z", &berlin), "15:00");
    }
}
