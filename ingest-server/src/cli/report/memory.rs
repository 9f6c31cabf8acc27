//! `rhumb report --memory`: how much memory pages take.

use crate::{
    cli::{
        heading,
        terminal::{Cell, FAINT, Table, of_rating, shown},
    },
    dashboard::{
        memory::{growth, omitted, source},
        number,
    },
    report::{Leak, MemoryReport, MemoryRow},
};
use beacon::Rating;
use std::io::{self, Write};

pub(super) fn write(report: &MemoryReport, out: &mut impl Write, width: usize) -> io::Result<()> {
    let MemoryReport { site, period, filters, rows, .. } = report;
    heading::write(out, width, site, *period, filters)?;
    writeln!(out, "{}", shown(&source(report)))?;
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "Growth is the median of page views that were watched for ten seconds or more.\n"
    )?;
    let header = ["route", "of", "page views", "at last p75", "growth", "in a minute", "leak"];
    let header = header.map(str::to_owned);
    Table { header, elastic: 0, rows: rows.iter().map(cells).collect() }.write(out, width)?;
    omitted(report).map_or(Ok(()), |omitted| writeln!(out, "\n{}", shown(&omitted)))
}

fn cells(row: &MemoryRow) -> [Cell; 7] {
    let (word, style) = match row.leak {
        Leak::Suspected => ("■ suspected", of_rating(Rating::Poor)),
        Leak::NotSeen => ("● not seen", of_rating(Rating::Good)),
        Leak::TooFew => ("○ too few", FAINT),
    };
    [
        Cell::text(row.route.as_deref().unwrap_or("–")),
        Cell::text(row.source.as_str()),
        Cell::number(&number::count(row.page_views)),
        Cell::number(&number::bytes(row.last_bytes_p75)),
        Cell::number(&growth(row.growth_bytes_p50)),
        Cell::number(&growth(row.growth_bytes_per_minute_p50)),
        Cell::text(word).styled(style),
    ]
}
