//! `rhumb report --long-frames`: what keeps pages from painting.

use crate::{
    cli::{
        heading, plus_minus,
        terminal::{Cell, Table, shown},
    },
    dashboard::{
        long_frames::{extent, from, name, omitted, source},
        number,
    },
    report::{LongFramesReport, ScriptCost, ScriptRow, Unit},
};
use std::io::{self, Write};

pub(super) fn write(
    report: &LongFramesReport,
    out: &mut impl Write,
    width: usize,
) -> io::Result<()> {
    let LongFramesReport { site, period, filters, p75, error, rows, .. } = report;
    heading::write(out, width, site, *period, filters)?;
    writeln!(out, "{}", shown(&source(report)))?;
    let (Some(extent), Some(p75)) = (extent(report), *p75) else { return Ok(()) };
    let frames = number::long_frames(report.frames);
    let error = plus_minus::of(Some(*error)).unwrap_or_default();
    let p75 = number::value(p75, Unit::Ms);
    writeln!(out, "{}", shown(&format!("{frames}, p75 {p75} {error}. {extent}")))?;
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let header = ["script", "ran", "for", "blocking", "share", "layout", "slow interactions"];
    let header = header.map(str::to_owned);
    Table { header, elastic: 0, rows: rows.iter().map(cells).collect() }.write(out, width)?;
    for row in rows.iter().filter(|row| row.cost.blocking_ms > 0.0) {
        let third = if row.is_third_party { " (third party)" } else { "" };
        writeln!(out, "\n{}{third}: {}", shown(name(row)), shown(&from(row)))?;
        row.advice.map_or(Ok(()), |advice| writeln!(out, "{advice}"))?;
    }
    omitted(report).map_or(Ok(()), |omitted| writeln!(out, "\n{}", shown(&omitted)))
}

fn cells(row: &ScriptRow) -> [Cell; 7] {
    let ScriptCost { count, total_ms, blocking_ms, forced_ms, slow_interactions, .. } = row.cost;
    let ms = |ms| Cell::number(&number::value(ms, Unit::Ms));
    let slow = match slow_interactions {
        0 => String::new(),
        count => {
            let share = number::share(row.cost.slow_interactions_share);
            format!("{}, {share}", number::count(count))
        }
    };
    [
        Cell::text(name(row)),
        Cell::number(&number::times(count)),
        ms(total_ms),
        ms(blocking_ms),
        Cell::number(&number::share(row.cost.blocking_share)),
        ms(forced_ms),
        Cell::number(&slow),
    ]
}
