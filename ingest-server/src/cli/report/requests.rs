//! `rhumb report --requests`: what scripts ask servers for.

use crate::{
    cli::{
        heading, plus_minus,
        terminal::{Cell, Table, shown},
    },
    dashboard::{
        number,
        requests::{omitted, path, source},
    },
    report::{ChainRow, RequestRow, RequestsReport, Unit},
};
use std::io::{self, Write};

pub(super) fn write(report: &RequestsReport, out: &mut impl Write, width: usize) -> io::Result<()> {
    let RequestsReport { site, period, filters, error, rows, chains, .. } = report;
    heading::write(out, width, site, *period, filters)?;
    let source = shown(&source(report));
    if rows.is_empty() {
        return writeln!(out, "{source}");
    }
    let error = plus_minus::of(Some(*error)).unwrap_or_default();
    writeln!(out, "{source} p75 {error}.\n")?;
    let header = ["address", "times", "failed", "p75", "first byte", "all together"];
    let header = header.map(str::to_owned);
    Table { header, elastic: 0, rows: rows.iter().map(cells).collect() }.write(out, width)?;
    if !chains.is_empty() {
        writeln!(out, "\nOne after another:\n")?;
        let header = ["requests", "route", "page views", "took", "longest"].map(str::to_owned);
        let rows = chains.iter().map(chain).collect();
        Table { header, elastic: 0, rows }.write(out, width)?;
    }
    omitted(report).map_or(Ok(()), |omitted| writeln!(out, "\n{}", shown(&omitted)))
}

fn cells(row: &RequestRow) -> [Cell; 6] {
    let failed = number::share(row.failed_share);
    [
        Cell::text(path(&row.url)),
        Cell::number(&number::count(row.count)),
        Cell::number(if row.failed_count == 0 { "–" } else { &failed }),
        Cell::number(&number::short_duration(row.p75)),
        Cell::number(&row.wait_p75.map_or("–".to_owned(), number::short_duration)),
        Cell::number(&number::value(row.total_ms, Unit::Ms)),
    ]
}

fn chain(row: &ChainRow) -> [Cell; 5] {
    let urls = row.urls.iter().map(|url| path(url)).collect::<Vec<_>>();
    [
        Cell::text(&urls.join(" → ")),
        Cell::text(row.route.as_deref().unwrap_or("–")),
        Cell::number(&number::count(row.page_views)),
        Cell::number(&number::value(row.mean_ms, Unit::Ms)),
        Cell::number(&number::value(row.mean_longest_ms, Unit::Ms)),
    ]
}
