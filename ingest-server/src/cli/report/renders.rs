//! `rhumb report --renders`: which components render often, long, and for nothing.

use crate::{
    cli::{
        heading, plus_minus,
        terminal::{Cell, FAINT, Table, of_rating, shown},
    },
    dashboard::{
        number,
        renders::{omitted, source},
    },
    report::{PhaseRow, RenderRow, RendersReport, Unit, Updates},
};
use anstyle::Style;
use beacon::Rating;
use std::io::{self, Write};

pub(super) fn write(report: &RendersReport, out: &mut impl Write, width: usize) -> io::Result<()> {
    let RendersReport { site, period, filters, error, rows, .. } = report;
    heading::write(out, width, site, *period, filters)?;
    let source = shown(&source(report));
    if rows.is_empty() {
        return writeln!(out, "{source}");
    }
    let error = plus_minus::of(Some(*error)).unwrap_or_default();
    writeln!(out, "{source} p75 {error}.\n")?;
    let header = ["component", "phase", "commits", "time", "p75", "longest", "slow", "updates"];
    let header = header.map(str::to_owned);
    let cells = |row| phases(row).collect::<Vec<_>>();
    Table { header, elastic: 0, rows: rows.iter().flat_map(cells).collect() }.write(out, width)?;
    for row in rows.iter().filter(|row| row.updates == Updates::InFull) {
        let share = shown(&number::share(row.full_share.unwrap_or_default()));
        writeln!(out, "\n{}: {share} of updates re-render most of it", shown(&row.component))?;
    }
    omitted(report).map_or(Ok(()), |omitted| writeln!(out, "\n{omitted}"))
}

fn phases(row: &RenderRow) -> impl Iterator<Item = [Cell; 8]> {
    row.phases.iter().enumerate().map(move |phase| cells(row, phase))
}

/// A component is named once, with its first phase.
fn cells(row: &RenderRow, (index, phase): (usize, &PhaseRow)) -> [Cell; 8] {
    let is_first = index == 0;
    let (word, style) = updates(row.updates);
    [
        Cell::text(if is_first { &row.component } else { "" }),
        Cell::text(&phase.phase.as_str().replace('-', " ")),
        Cell::number(&number::count(phase.count)),
        Cell::number(&number::value(phase.total_ms, Unit::Ms)),
        Cell::number(&number::short_duration(phase.p75)),
        Cell::number(&number::short_duration(phase.max)),
        Cell::number(&number::share(phase.slow_share)),
        Cell::text(if is_first { word } else { "" }).styled(style),
    ]
}

fn updates(updates: Updates) -> (&'static str, Style) {
    match updates {
        Updates::InPart => ("● in part", of_rating(Rating::Good)),
        Updates::Mixed => ("▲ most in full", of_rating(Rating::NeedsImprovement)),
        Updates::InFull => ("■ in full", of_rating(Rating::Poor)),
        Updates::Cheap => ("○ cheap", FAINT),
        Updates::TooFew => ("○ too few", FAINT),
    }
}
