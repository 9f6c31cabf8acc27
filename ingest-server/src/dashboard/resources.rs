//! What a site's pages load.

use super::{
    PageContext,
    find::{Find, FindForm},
    frame::{Frame, Place},
    number, print,
    scope::Scope,
    script_map::ScriptMap,
    told::{self, Source},
};
use crate::report::{FileRow, KindRow, RANKED_DEFAULT, ResourcesReport, WeightOf};
use askama::Template;
use beacon::ResourceKind;

#[derive(Template)]
#[template(path = "resources.html")]
struct ResourcesPage<'a> {
    frame: Frame,
    site: &'a str,
    /// As in "12 files".
    count: String,
    period: &'static str,
    /// What it was read from.
    source: String,
    kinds: Vec<Kind>,
    scripts: Option<ScriptMap>,
    find: FindForm,
    files: Vec<File>,
    /// Where there is more of it, as JSON.
    all: String,
    /// What is left out.
    omitted: Option<String>,
}

struct Kind {
    name: &'static str,
    page_views: String,
    each: String,
    transfer: String,
    decoded: String,
    cached: String,
    percent: f64,
}

struct File {
    name: String,
    url: String,
    notes: String,
    page_views: String,
    decoded: String,
    cached: String,
    p75: String,
    percent: f64,
}

/// The page, of an answer with all files: the table has the heaviest, and the picture all scripts, or those within an
/// address, and among them those that are looked for.
pub fn resources_page(
    mut report: ResourcesReport,
    context: &PageContext,
    (within, find): (Option<&str>, Option<&Find>),
) -> String {
    let address = |scope: &Scope, within: Option<&str>| {
        let mut query = scope.query();
        query.extend_pairs(within.map(|within| ("within", within)));
        query.extend_pairs(find.map(|find| ("find", find.as_str())));
        format!("{}?{}", Place::Resources.path(), query.finish())
    };
    let scripts = ScriptMap::new(&report, (within, find), |within| {
        format!("{}#weight", address(&context.scope, within))
    });
    report.rows.truncate(RANKED_DEFAULT);
    let report = &report;
    let heaviest = report.kinds.iter().map(|row| row.decoded_bytes_p75).max().unwrap_or_default();
    let largest = report.rows.iter().map(each).fold(0.0, f64::max);
    let hidden = within.map(|within| ("within", within.to_owned()));
    print(&ResourcesPage {
        frame: Frame::filtered(context, Place::Resources, |scope| address(scope, within)),
        site: &report.site,
        count: number::files(report.files),
        period: context.scope.period.length(),
        source: source(report),
        kinds: report.kinds.iter().map(|row| kind(row, heaviest)).collect(),
        find: FindForm {
            action: "/resources#weight",
            hidden: context.scope.fields().into_iter().chain(hidden).collect(),
            label: "Find a script",
            text: find.map_or_else(String::new, |find| find.as_str().to_owned()),
            found: scripts.as_ref().and_then(|scripts| scripts.found.clone()),
        },
        scripts,
        files: report.rows.iter().map(|row| file(row, largest)).collect(),
        all: told::all(&context.scope, report.period, "resources"),
        omitted: omitted(report),
    })
}

/// From which page views it was read.
pub(crate) fn source(report: &ResourcesReport) -> String {
    let tell = if report.page_views == 1 { "tells what it" } else { "tell what they" };
    told::source(&Source {
        page_views: report.page_views,
        tell: &format!("{tell} loaded"),
        period: report.period,
        kept_from: report.kept_from,
        sampled: report.sampled,
    })
}

/// What is left out.
pub(crate) fn omitted(report: &ResourcesReport) -> Option<String> {
    let lighter = report.files.saturating_sub(report.rows.len() as u64);
    let lighter = (lighter > 0).then(|| format!("{} weigh less.", number::files(lighter)));
    let dropped = (report.dropped > 0).then(|| {
        format!(
            "Counted by kind only: {} past the 100 files that a page view can send.",
            number::count(report.dropped)
        )
    });
    told::omitted([lighter, dropped])
}

/// What a kind is called when there are several.
pub(crate) fn plural(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Script => "Scripts",
        ResourceKind::Style => "Style sheets",
        ResourceKind::Image => "Images",
        ResourceKind::Font => "Fonts",
        ResourceKind::Request => "Requests",
        ResourceKind::Frame => "Frames",
        ResourceKind::Media => "Video and sound",
        ResourceKind::Other => "Others",
    }
}

/// The unpacked bytes of one load that tells them.
// Sizes are far below 2^52.
#[expect(clippy::cast_precision_loss)]
pub(crate) fn each(row: &FileRow) -> f64 {
    let WeightOf { count, opaque_share, decoded_bytes, .. } = row.weight;
    let told = (count as f64 * (1.0 - opaque_share)).round();
    if told > 0.0 { decoded_bytes as f64 / told } else { 0.0 }
}

/// As people say it; nothing is known of what no load tells.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes of a file")]
pub(crate) fn size(row: &FileRow) -> String {
    match each(row) {
        _ if row.weight.opaque_share >= 1.0 => "unknown".to_owned(),
        bytes => number::bytes(bytes as u64),
    }
}

/// The end of an address: the name of its file.
pub(crate) fn name(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(url)
}

// Sizes are far below 2^52.
#[expect(clippy::cast_precision_loss)]
fn kind(row: &KindRow, heaviest: u32) -> Kind {
    let each = row.weight.count as f64 / row.page_views.max(1) as f64;
    Kind {
        name: plural(row.kind),
        page_views: number::count(row.page_views),
        each: format!("{each:.1}"),
        transfer: number::bytes(row.transfer_bytes_p75.into()),
        decoded: number::bytes(row.decoded_bytes_p75.into()),
        cached: number::share(row.weight.cached_share),
        percent: f64::from(row.decoded_bytes_p75) / f64::from(heaviest.max(1)) * 100.0,
    }
}

fn file(row: &FileRow, largest: f64) -> File {
    let WeightOf { cached_share, opaque_share, blocking_share, .. } = row.weight;
    let blocking = (blocking_share > 0.0).then(|| "blocks painting".to_owned());
    let foreign = row.is_third_party.then(|| "third party".to_owned());
    let opaque = (opaque_share > 0.0)
        .then(|| format!("the size of {} of loads is unknown", number::share(opaque_share)));
    let kind = Some(one(row.kind).to_owned());
    let notes = [kind, row.protocol.clone(), foreign, blocking, opaque].into_iter().flatten();
    File {
        name: name(&row.url).to_owned(),
        url: row.url.clone(),
        notes: notes.collect::<Vec<_>>().join(" · "),
        page_views: number::count(row.page_views),
        decoded: size(row),
        cached: number::share(cached_share),
        p75: number::short_duration(row.p75),
        percent: each(row) / largest.max(1.0) * 100.0,
    }
}

/// What people call one of a kind.
pub(super) fn one(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Style => "style sheet",
        ResourceKind::Media => "video or sound",
        other => other.as_str(),
    }
}
