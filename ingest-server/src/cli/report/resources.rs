//! `rhumb report --resources`: what pages load.

use crate::{
    cli::{
        heading, plus_minus,
        terminal::{Cell, Table, shown},
    },
    dashboard::{
        number,
        resources::{name, omitted, plural, size, source},
    },
    report::{FileRow, KindRow, ResourcesReport, WeightOf},
};
use std::io::{self, Write};

pub(super) fn write(
    report: &ResourcesReport,
    out: &mut impl Write,
    width: usize,
) -> io::Result<()> {
    let ResourcesReport { site, period, filters, error, kinds, rows, .. } = report;
    heading::write(out, width, site, *period, filters)?;
    writeln!(out, "{}", shown(&source(report)))?;
    if kinds.is_empty() {
        return Ok(());
    }
    writeln!(out, "75th percentiles of the page views that load any:\n")?;
    let header = ["kind", "network", "unpacked", "cached", "page views"].map(str::to_owned);
    Table { header, elastic: 0, rows: kinds.iter().map(of_kind).collect() }.write(out, width)?;
    if rows.is_empty() {
        return Ok(());
    }
    let error = plus_minus::of(Some(*error)).unwrap_or_default();
    writeln!(out, "\nFiles, the heaviest first; p75 {error}:\n")?;
    let header = ["file", "kind", "unpacked", "p75", "cached", "page views"].map(str::to_owned);
    Table { header, elastic: 0, rows: rows.iter().map(of_file).collect() }.write(out, width)?;
    omitted(report).map_or(Ok(()), |omitted| writeln!(out, "\n{}", shown(&omitted)))
}

fn of_kind(row: &KindRow) -> [Cell; 5] {
    [
        Cell::text(plural(row.kind)),
        Cell::number(&number::bytes(row.transfer_bytes_p75.into())),
        Cell::number(&number::bytes(row.decoded_bytes_p75.into())),
        Cell::number(&number::share(row.weight.cached_share)),
        Cell::number(&number::count(row.page_views)),
    ]
}

fn of_file(row: &FileRow) -> [Cell; 6] {
    let WeightOf { cached_share, .. } = row.weight;
    [
        Cell::text(name(&row.url)),
        Cell::text(row.kind.as_str()),
        Cell::number(&size(row)),
        Cell::number(&number::short_duration(row.p75)),
        Cell::number(&number::share(cached_share)),
        Cell::number(&number::count(row.page_views)),
    ]
}
