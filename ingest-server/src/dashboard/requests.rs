//! What scripts of a site's pages ask servers for.

use super::{
    PageContext,
    frame::{Frame, Place},
    number, print,
    told::{self, Source},
};
use crate::report::{ChainRow, ConcurrencyRow, RequestRow, RequestsReport, Unit};
use askama::Template;

#[derive(Template)]
#[template(path = "requests.html")]
struct RequestsPage<'a> {
    frame: Frame,
    site: &'a str,
    /// As in "12 addresses".
    count: String,
    period: &'static str,
    /// What it was read from.
    source: String,
    chains: Vec<Chain>,
    routes: Vec<Route>,
    requests: Vec<Request>,
    /// Where there is more of it, as JSON.
    all: String,
    /// What is left out.
    omitted: Option<String>,
}

struct Chain {
    urls: Vec<String>,
    extent: String,
    saved: String,
}

struct Route {
    name: String,
    page_views: String,
    sequential: String,
    elapsed: String,
    concurrency: String,
}

struct Request {
    name: String,
    url: String,
    notes: String,
    count: String,
    failed: String,
    p75: String,
    wait: String,
    total: String,
    percent: f64,
}

/// The page.
pub fn requests_page(report: &RequestsReport, context: &PageContext) -> String {
    let longest = report.rows.iter().map(|row| row.total_ms).fold(1.0, f64::max);
    print(&RequestsPage {
        frame: Frame::of(context, Place::Requests),
        site: &report.site,
        count: number::addresses(report.urls),
        period: context.scope.period.length(),
        source: source(report),
        chains: report.chains.iter().filter(|it| it.saved_ms >= 1.0).map(chain).collect(),
        routes: report.routes.iter().map(route).collect(),
        requests: report.rows.iter().map(|row| request(row, longest)).collect(),
        all: told::all(&context.scope, report.period, "requests"),
        omitted: omitted(report),
    })
}

/// From which page views it was read.
pub(crate) fn source(report: &RequestsReport) -> String {
    told::source(&Source {
        page_views: report.page_views,
        tell: "sent requests",
        period: report.period,
        kept_from: report.kept_from,
        sampled: report.sampled,
    })
}

/// What is left out.
pub(crate) fn omitted(report: &RequestsReport) -> Option<String> {
    let others = report.urls.saturating_sub(report.rows.len() as u64);
    let others = (others > 0).then(|| format!("{} take less time.", number::addresses(others)));
    let dropped = (report.dropped > 0).then(|| {
        format!(
            "Left out: {} past the 50 different addresses that a page view can send.",
            number::count(report.dropped)
        )
    });
    told::omitted([others, dropped])
}

/// What people call an address: its path.
pub(crate) fn path(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + "://".len());
    url[host..].find('/').map_or(url, |path| &url[host + path..])
}

fn chain(row: &ChainRow) -> Chain {
    let ChainRow { urls, route, page_views, mean_ms, mean_longest_ms, saved_ms } = row;
    let route = route.as_ref().map(|route| format!(" of {route}")).unwrap_or_default();
    Chain {
        urls: urls.iter().map(|url| path(url).to_owned()).collect(),
        extent: format!(
            "On {}{route}, {} on average; the longest of them alone takes {}.",
            number::page_views(*page_views),
            number::value(*mean_ms, Unit::Ms),
            number::value(*mean_longest_ms, Unit::Ms)
        ),
        saved: number::value(saved_ms / page_views_of(*page_views), Unit::Ms),
    }
}

// Counts are far below 2^52.
#[expect(clippy::cast_precision_loss)]
fn page_views_of(count: u64) -> f64 {
    count.max(1) as f64
}

fn route(row: &ConcurrencyRow) -> Route {
    Route {
        name: row.route.clone().unwrap_or_else(|| "no route".to_owned()),
        page_views: number::count(row.page_views),
        sequential: number::value(row.sequential_p75, Unit::Ms),
        elapsed: number::value(row.elapsed_p75, Unit::Ms),
        concurrency: format!("{:.1}", row.concurrency),
    }
}

fn request(row: &RequestRow, longest: f64) -> Request {
    let server = row.server.iter().take(3);
    let server = server.map(|it| format!("{} {}", it.name, number::short_duration(it.p75)));
    let trace = row.trace_id.as_ref().map(|id| format!("trace {id}"));
    let notes = server.chain(trace).collect::<Vec<_>>();
    Request {
        name: path(&row.url).to_owned(),
        url: row.url.clone(),
        notes: notes.join(" · "),
        count: number::count(row.count),
        failed: if row.failed_count == 0 {
            "–".to_owned()
        } else {
            number::share(row.failed_share)
        },
        p75: number::short_duration(row.p75),
        wait: row.wait_p75.map_or("–".to_owned(), number::short_duration),
        total: number::value(row.total_ms, Unit::Ms),
        percent: row.total_ms / longest * 100.0,
    }
}
