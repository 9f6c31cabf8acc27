//! `rhumb report --measures`: what pages time themselves.

use crate::{
    cli::{
        heading, plus_minus,
        terminal::{Cell, Table, shown},
    },
    dashboard::{
        measures::{omitted, source},
        number,
    },
    report::{MeasureRow, MeasuresReport},
};
use std::io::{self, Write};

pub(super) fn write(report: &MeasuresReport, out: &mut impl Write, width: usize) -> io::Result<()> {
    let MeasuresReport { site, period, filters, error, rows, .. } = report;
    heading::write(out, width, site, *period, filters)?;
    let source = shown(&source(report));
    if rows.is_empty() {
        return writeln!(out, "{source}");
    }
    let error = plus_minus::of(Some(*error)).unwrap_or_default();
    writeln!(out, "{source} Percentiles {error}.\n")?;
    let header = ["name", "kind", "page views", "times", "p50", "p75", "p95", "longest"];
    let header = header.map(str::to_owned);
    Table { header, elastic: 0, rows: rows.iter().map(cells).collect() }.write(out, width)?;
    omitted(report).map_or(Ok(()), |omitted| writeln!(out, "\n{}", shown(&omitted)))
}

fn cells(row: &MeasureRow) -> [Cell; 8] {
    let MeasureRow { kind, name, page_views, count, p50, p75, p95, max, histogram: _ } = row;
    let ms = |ms: &f64| Cell::number(&number::short_duration(*ms));
    [
        Cell::text(name),
        Cell::text(kind.as_str()),
        Cell::number(&number::count(*page_views)),
        Cell::number(&number::count(*count)),
        ms(p50),
        ms(p75),
        ms(p95),
        ms(max),
    ]
}
