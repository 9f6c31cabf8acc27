//! `rhumb report --profiles`: where the time of scripts goes.

use crate::{
    cli::{
        heading,
        terminal::{Cell, Table, shown},
    },
    dashboard::{
        number,
        profiles::{name, omitted, place, source},
    },
    report::{FunctionRow, ProfilesReport, Unit},
};
use std::io::{self, Write};

pub(super) fn write(report: &ProfilesReport, out: &mut impl Write, width: usize) -> io::Result<()> {
    let ProfilesReport { site, period, filters, rows, .. } = report;
    heading::write(out, width, site, *period, filters)?;
    writeln!(out, "{}", shown(&source(report)))?;
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let header = ["function", "total", "share", "self", "share", "page views", "script"];
    let header = header.map(str::to_owned);
    Table { header, elastic: 6, rows: rows.iter().map(cells).collect() }.write(out, width)?;
    omitted(report).map_or(Ok(()), |omitted| writeln!(out, "\n{}", shown(&omitted)))
}

fn cells(row: &FunctionRow) -> [Cell; 7] {
    [
        Cell::text(name(row)),
        Cell::number(&number::value(row.total_ms, Unit::Ms)),
        Cell::number(&number::share(row.total_share)),
        Cell::number(&number::value(row.self_ms, Unit::Ms)),
        Cell::number(&number::share(row.self_share)),
        Cell::number(&number::count(row.page_views)),
        Cell::text(place(row).as_deref().unwrap_or("–")),
    ]
}
