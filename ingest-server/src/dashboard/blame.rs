//! What is behind the values of a metric: elements, scripts, parts.

use super::{number, part, rated::Rated, scope::Scope, told};
use crate::report::{AttributionReport, By, GroupRow, Grouped, MeanPart, metric_name::lower};

/// The panel, ready to be printed.
#[derive(Debug)]
pub(super) struct BlamePanel {
    /// How a value divides, in the order of time.
    pub(super) parts: Vec<PartBar>,
    pub(super) groups: Vec<BlameGroup>,
    /// What it was counted on.
    pub(super) note: String,
    /// All of it as JSON.
    pub(super) all: String,
}

/// A part of a bar that stands for the whole value.
#[derive(Debug)]
pub(super) struct PartBar {
    pub(super) name: &'static str,
    pub(super) start_percent: f64,
    pub(super) percent: f64,
    pub(super) mean: String,
    pub(super) share: String,
}

/// Page views, told apart by one thing.
#[derive(Debug)]
pub(super) struct BlameGroup {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What rows are, as the head of their column.
    pub(super) what: &'static str,
    /// What the part is that rows are about, if it is one.
    pub(super) part: Option<&'static str>,
    pub(super) rows: Vec<BlameRow>,
}

/// Page views with the same element, script or part.
#[derive(Debug)]
pub(super) struct BlameRow {
    pub(super) name: String,
    /// Whether the name is that of something in the code.
    pub(super) is_code: bool,
    pub(super) source: Option<String>,
    pub(super) share: String,
    pub(super) percent: f64,
    pub(super) p75: Option<Rated>,
    pub(super) part: Option<String>,
}

impl BlamePanel {
    pub(super) fn new(found: &AttributionReport, scope: &Scope) -> Self {
        let question = scope.question("attribution", found.period);
        let kept = told::kept(found.count, found.period, found.kept_from);
        let groups = found.groups.iter().filter(|it| !it.rows.is_empty());
        Self {
            parts: parts(found),
            groups: groups.map(|it| group(it, found)).collect(),
            note: told::counted(&kept, found.sampled),
            all: format!("{question}&metric={}", lower(found.metric.0)),
        }
    }
}

fn parts(found: &AttributionReport) -> Vec<PartBar> {
    let mut start_percent = 0.0;
    let bar = |it: &MeanPart| {
        let percent = it.share * 100.0;
        let bar = PartBar {
            name: part::words(it.name),
            start_percent,
            percent,
            mean: number::value(it.mean, found.unit),
            share: number::share(it.share),
        };
        start_percent += percent;
        bar
    };
    found.parts.iter().map(bar).collect()
}

fn group(Grouped { by, rows, .. }: &Grouped, found: &AttributionReport) -> BlameGroup {
    let (title, what) = words(*by);
    // Rows of one way are about one part, but for those that are parts themselves.
    let part = rows.iter().find_map(|row| row.part).filter(|_| *by != By::Subpart);
    BlameGroup {
        id: by.as_str(),
        title,
        what,
        part: part.map(|part| part::words(part.name)),
        rows: rows.iter().map(|it| row(it, *by, found)).collect(),
    }
}

fn row(it: &GroupRow, by: By, found: &AttributionReport) -> BlameRow {
    let named = || part::named(&it.group.value).map(str::to_owned);
    BlameRow {
        name: (by == By::Subpart).then(named).flatten().unwrap_or_else(|| it.group.value.clone()),
        is_code: matches!(by, By::Target | By::Script | By::Invoker | By::Resource),
        source: it.group.source.clone().filter(|it_is| *it_is != it.group.value),
        share: number::share(it.share),
        percent: (it.share * 100.0).min(100.0),
        p75: Rated::percentile(found.metric.0, it.p75, it.rating, it.count),
        part: it.part.map(|part| number::value(part.p75, found.unit)),
    }
}

/// What a way of telling page views apart is called, and what its rows are.
const fn words(by: By) -> (&'static str, &'static str) {
    match by {
        By::Target => ("Elements", "Element"),
        By::Script => ("Longest scripts", "Function"),
        By::Invoker => ("What called them", "Invoker"),
        By::Resource => ("Images and other files", "File"),
        By::Subpart => ("Where most of the time goes", "Largest part"),
        By::InteractionType => ("Kinds of interaction", "Kind"),
        By::LoadState => ("How far the page was loaded", "State"),
    }
}
