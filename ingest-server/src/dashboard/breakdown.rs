//! A metric by what page views are alike in: which of them are slow.

use super::{
    facet::word,
    frame::Link,
    number,
    rated::Rated,
    scope::Scope,
    score_card::{ShareOfBar, bar},
    vitals,
};
use crate::{
    report::{Breakdown, BreakdownRow, BreakdownSort, metric_name::lower},
    roll_up::Facet,
};
use beacon::MetricName;

/// Rows that are shown; the rest is a table to download.
pub(crate) const ROWS: usize = 20;

/// The panel, ready to be printed.
#[derive(Debug)]
pub(super) struct BreakdownPanel {
    /// To the same by something else.
    pub(super) facets: Vec<Link>,
    /// What rows are told apart by.
    pub(super) by: &'static str,
    /// To the same sorted by each figure.
    pub(super) sorts: Vec<Link>,
    /// What comes first, as in "Those with the most poor page views".
    pub(super) first: &'static str,
    pub(super) rows: Result<Vec<Row>, String>,
    pub(super) csv: String,
    /// Whether there are more of them.
    pub(super) has_more: bool,
}

/// Page views that are alike.
#[derive(Debug)]
pub(super) struct Row {
    /// Absent where it is not known.
    pub(super) value: Option<String>,
    pub(super) host: Option<String>,
    /// To these page views only.
    pub(super) href: Option<String>,
    pub(super) p75: Option<Rated>,
    /// As in "12 (3.4 %)".
    pub(super) poor: String,
    pub(super) page_views: String,
    /// How they are rated.
    pub(super) shares: Option<[ShareOfBar; 3]>,
    /// How wide that is drawn: how many there are, in percent of the largest row.
    pub(super) percent: f64,
}

impl BreakdownPanel {
    /// Of a metric, with links by `address` to the same by other facets.
    pub(super) fn new(
        found: Result<&Breakdown, String>,
        (name, by, sort): (MetricName, Facet, BreakdownSort),
        scope: &Scope,
        address: impl Fn((Facet, BreakdownSort)) -> String,
    ) -> Self {
        let link = |facet: Facet| Link {
            text: word(facet).name.to_owned(),
            href: address((facet, sort)),
            is_current: facet == by,
        };
        let sorted = |of: BreakdownSort| Link {
            text: column(of).to_owned(),
            href: address((by, of)),
            is_current: of == sort,
        };
        let csv = found.as_ref().map_or_else(
            |_| String::new(),
            |it| {
                let question = scope.question("breakdown", it.period);
                let (metric, by) = (lower(name), by.as_str());
                let sort = sort.as_str();
                format!("{question}&metric={metric}&by={by}&sort={sort}&limit=1000&format=csv")
            },
        );
        Self {
            facets: Facet::ALL.map(link).into(),
            by: word(by).name,
            sorts: COLUMNS.map(sorted).into(),
            first: first(sort),
            has_more: found.as_ref().is_ok_and(|it| it.next.is_some()),
            rows: found.map(|it| rows(it, (name, by), scope)),
            csv,
        }
    }
}

/// The figures of a row, in the order of their columns.
const COLUMNS: [BreakdownSort; 3] =
    [BreakdownSort::P75, BreakdownSort::PoorCount, BreakdownSort::Count];

const fn column(sort: BreakdownSort) -> &'static str {
    match sort {
        BreakdownSort::P75 => "p75",
        BreakdownSort::PoorCount => "Poor",
        BreakdownSort::Count => "Page views",
    }
}

const fn first(sort: BreakdownSort) -> &'static str {
    match sort {
        BreakdownSort::P75 => "The worst",
        BreakdownSort::PoorCount => "Those with the most poor page views",
        BreakdownSort::Count => "Those with the most page views",
    }
}

fn rows(found: &Breakdown, of: (MetricName, Facet), scope: &Scope) -> Vec<Row> {
    let largest = found.rows.iter().map(|it| it.figures.count).max().unwrap_or(1).max(1);
    let row = |it: &BreakdownRow| row(it, largest, of, scope);
    found.rows.iter().map(row).collect()
}

fn row(it: &BreakdownRow, largest: u64, (name, by): (MetricName, Facet), scope: &Scope) -> Row {
    let figures = &it.figures;
    let host = it.host.as_deref();
    let narrowed = |value: &str| scope.narrowed(&vitals::path(name), (by, value), host);
    // Page views are far below 2^52.
    #[expect(clippy::cast_precision_loss)]
    let percent = figures.count as f64 / largest as f64 * 100.0;
    Row {
        value: it.value.as_deref().map(str::to_owned),
        host: host.map(str::to_owned),
        href: it.value.as_deref().map(narrowed),
        p75: Rated::of_figures(name, figures),
        poor: figures.shares.map_or_else(String::new, |shares| {
            format!("{} ({})", number::count(it.poor_count), number::share(shares.poor))
        }),
        page_views: number::count(figures.count),
        shares: figures.shares.map(bar),
        percent,
    }
}
