//! What a site's pages time themselves.

use super::{
    PageContext,
    frame::{Frame, Place},
    number, print,
    told::{self, Source},
};
use crate::report::{Bin, MeasureRow, MeasuresReport};
use askama::Template;
use beacon::MeasureKind;

/// Pixels that the highest bar is high.
const HEIGHT: f64 = 32.0;
/// A bar with anything in it can be seen.
const BAR_HEIGHT_MIN: f64 = 1.0;
/// Part of its place that a bar fills.
const BAR_WIDTH: f64 = 0.9;

#[derive(Template)]
#[template(path = "measures.html")]
struct MeasuresPage<'a> {
    frame: Frame,
    site: &'a str,
    /// As in "12 names".
    count: String,
    period: &'static str,
    /// What it was read from.
    source: String,
    measures: Vec<Measure>,
    /// Where there is more of it, as JSON.
    all: String,
    /// What is left out.
    omitted: Option<String>,
}

struct Measure {
    name: String,
    kind: &'static str,
    extent: String,
    figures: [(&'static str, String); 4],
    spread: Spread,
}

/// Bars of equal width, the time between them growing: across in percent, down in pixels.
struct Spread {
    height: f64,
    bars: Vec<Bar>,
    /// Where the middle of the bar is that the 75th percentile is in.
    p75: f64,
    from: String,
    to: String,
}

struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// The page.
pub fn measures_page(report: &MeasuresReport, context: &PageContext) -> String {
    print(&MeasuresPage {
        frame: Frame::of(context, Place::Measures),
        site: &report.site,
        count: number::names(report.names),
        period: context.scope.period.length(),
        source: source(report),
        measures: report.rows.iter().map(measure).collect(),
        all: told::all(&context.scope, report.period, "measures"),
        omitted: omitted(report),
    })
}

/// From which page views it was read.
pub(crate) fn source(report: &MeasuresReport) -> String {
    told::source(&Source {
        page_views: report.page_views,
        tell: "timed something",
        period: report.period,
        kept_from: report.kept_from,
        sampled: report.sampled,
    })
}

/// What is left out.
pub(crate) fn omitted(report: &MeasuresReport) -> Option<String> {
    let rarer = report.names.saturating_sub(report.rows.len() as u64);
    let rarer = (rarer > 0).then(|| format!("{} are on fewer page views.", number::names(rarer)));
    let dropped = (report.dropped > 0).then(|| {
        format!(
            "Left out: {} past the 50 different names that a page view can send.",
            number::count(report.dropped)
        )
    });
    told::omitted([rarer, dropped])
}

/// How it was timed.
pub(crate) fn kind(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Mark => "mark, from the start of the page view",
        MeasureKind::Measure => "measure",
        MeasureKind::Element => "element, from the start of the page view to its paint",
    }
}

fn measure(row: &MeasureRow) -> Measure {
    let MeasureRow { kind: of, name, page_views, count, p50, p75, p95, max, histogram } = row;
    let figure = |label, ms| (label, number::short_duration(ms));
    Measure {
        name: name.clone(),
        kind: kind(*of),
        extent: format!("{} on {}", number::times(*count), number::page_views(*page_views)),
        figures: [
            figure("p50", *p50),
            figure("p75", *p75),
            figure("p95", *p95),
            figure("Longest", *max),
        ],
        spread: spread(histogram, *p75),
    }
}

fn spread(histogram: &[Bin], p75_ms: f64) -> Spread {
    let bound = |bin: &Bin| bin.end.unwrap_or(bin.start);
    // Those that took no time, or nearly, stand at the left.
    let place = |ms: f64| (ms.max(0.1).log2() * 2.0).round();
    let first = histogram.first().map_or(0.0, |bin| place(bound(bin)));
    let last = histogram.last().map_or(0.0, |bin| place(bound(bin)));
    let p75 = histogram.iter().find(|bin| p75_ms <= bound(bin));
    let p75 = p75.map_or(last, |bin| place(bound(bin)));
    let width = 100.0 / (last - first + 1.0);
    let highest = histogram.iter().map(|bin| bin.density).fold(f64::MIN_POSITIVE, f64::max);
    let bars = histogram.iter().map(|bin| {
        let height = (bin.density / highest * HEIGHT).max(BAR_HEIGHT_MIN);
        Bar {
            x: (place(bound(bin)) - first) * width,
            y: HEIGHT - height,
            width: width * BAR_WIDTH,
            height,
        }
    });
    Spread {
        height: HEIGHT,
        p75: (p75 - first) * width + width * BAR_WIDTH / 2.0,
        bars: bars.collect(),
        from: histogram.first().map_or_else(String::new, |bin| number::short_duration(bin.start)),
        to: histogram.last().map_or_else(String::new, |bin| number::short_duration(bound(bin))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_75th_percentile_stands_in_the_bar_that_has_it() {
        let bin = |start, end, density| Bin { start, end: Some(end), density };
        let bins = [bin(1000.0, 1414.2, 0.5), bin(1414.2, 2000.0, 0.2), bin(2000.0, 2828.4, 0.3)];
        for (p75_ms, index) in [(1200.0, 0), (2000.0, 1), (2001.0, 2)] {
            let spread = spread(&bins, p75_ms);
            let bar = &spread.bars[index];
            assert!((bar.x..=bar.x + bar.width).contains(&spread.p75), "{p75_ms}: {}", spread.p75);
        }
    }
}
