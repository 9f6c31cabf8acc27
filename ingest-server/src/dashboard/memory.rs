//! How much memory a site's pages take.

use super::{
    PageContext,
    frame::{Frame, Place},
    number, print,
    score_card::Badge,
    told::{self, Source},
};
use crate::report::{Leak, MemoryReport, MemoryRow};
use askama::Template;
use beacon::MemorySource;

#[derive(Template)]
#[template(path = "memory.html")]
struct MemoryPage<'a> {
    frame: Frame,
    site: &'a str,
    /// As in "12 routes".
    count: String,
    period: &'static str,
    /// What it was read from.
    source: String,
    rows: Vec<Row>,
    /// Where there is more of it, as JSON.
    all: String,
    /// What is left out.
    omitted: Option<String>,
}

struct Row {
    route: String,
    badge: Badge,
    extent: String,
    last: String,
    max: String,
    growth: String,
    per_minute: String,
}

/// The page.
pub fn memory_page(report: &MemoryReport, context: &PageContext) -> String {
    print(&MemoryPage {
        frame: Frame::of(context, Place::Memory),
        site: &report.site,
        count: number::routes(report.routes),
        period: context.scope.period.length(),
        source: source(report),
        rows: report.rows.iter().map(row).collect(),
        all: told::all(&context.scope, report.period, "memory"),
        omitted: omitted(report),
    })
}

/// From which page views it was read.
pub(crate) fn source(report: &MemoryReport) -> String {
    let tell = if report.page_views == 1 { "reports its memory" } else { "report their memory" };
    told::source(&Source {
        page_views: report.page_views,
        tell,
        period: report.period,
        kept_from: report.kept_from,
        sampled: report.sampled,
    })
}

/// What is left out.
pub(crate) fn omitted(report: &MemoryReport) -> Option<String> {
    let others = report.routes.saturating_sub(report.rows.len() as u64);
    let others = (others > 0).then(|| format!("{} grow less.", number::routes(others)));
    let dropped = (report.dropped > 0).then(|| {
        format!(
            "{} were on routes past the 2,000 that are listed.",
            number::page_views(report.dropped)
        )
    });
    told::omitted([others, dropped])
}

/// Bytes that may be less than none.
pub(crate) fn growth(bytes: Option<i64>) -> String {
    bytes.map_or("–".to_owned(), |bytes| {
        let sign = if bytes < 0 { "−" } else { "+" };
        format!("{sign}{}", number::bytes(bytes.unsigned_abs()))
    })
}

fn row(row: &MemoryRow) -> Row {
    let of = match row.source {
        MemorySource::Heap => "JavaScript heap",
        MemorySource::Page => "the whole page",
    };
    let grew = row.grew_share.map(number::share);
    let grew = grew.map(|share| format!(", {share} of them grew by 1\u{a0}MB or more"));
    let watched = number::page_views(row.watched);
    Row {
        route: row.route.clone().unwrap_or_else(|| "no route".to_owned()),
        badge: badge(row.leak),
        extent: format!(
            "{} ({of}); {watched} for ten seconds or more{}",
            number::page_views(row.page_views),
            grew.unwrap_or_default()
        ),
        last: number::bytes(row.last_bytes_p75),
        max: number::bytes(row.max_bytes_p75),
        growth: growth(row.growth_bytes_p50),
        per_minute: growth(row.growth_bytes_per_minute_p50),
    }
}

fn badge(leak: Leak) -> Badge {
    let (class, shape, word) = match leak {
        Leak::Suspected => ("poor", "■", "may leak"),
        Leak::NotSeen => ("good", "●", "no leak seen"),
        Leak::TooFew => ("unknown", "○", "too few to tell"),
    };
    Badge { class, shape, word }
}
