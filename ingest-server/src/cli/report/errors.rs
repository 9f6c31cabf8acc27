//! `rhumb report --errors`: what goes wrong.

use crate::{
    cli::{
        heading,
        terminal::{Cell, FAINT, Table, shown},
    },
    dashboard::{
        errors::{call, kind, omitted, source},
        number,
    },
    report::{ErrorRow, ErrorsReport},
};
use std::io::{self, Write};

pub(super) fn write(report: &ErrorsReport, out: &mut impl Write, width: usize) -> io::Result<()> {
    let ErrorsReport { site, period, filters, rows, .. } = report;
    heading::write(out, width, site, *period, filters)?;
    writeln!(out, "{}", shown(&source(report)))?;
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let header = ["error", "kind", "page views", "times", "routes"].map(str::to_owned);
    Table { header, elastic: 0, rows: rows.iter().map(cells).collect() }.write(out, width)?;
    for row in rows.iter().filter(|row| !row.stack.is_empty()) {
        writeln!(out, "\n{}", shown(&row.message))?;
        for frame in &row.stack {
            writeln!(out, "{FAINT}  {}{FAINT:#}", shown(&call(frame)))?;
        }
    }
    omitted(report).map_or(Ok(()), |omitted| writeln!(out, "\n{}", shown(&omitted)))
}

fn cells(row: &ErrorRow) -> [Cell; 5] {
    [
        Cell::text(&row.message),
        Cell::text(kind(row.kind)),
        Cell::number(&number::count(row.page_views)),
        Cell::number(&number::count(row.count)),
        Cell::text(&row.routes.join(", ")),
    ]
}
