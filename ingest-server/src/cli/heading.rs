//! What a report is about, above it.

use super::terminal::{STRONG, cut, shown};
use crate::{report::Period, store::sqlite::Filters};
use jiff::Timestamp;
use std::io::{self, Write};

/// A line for the site, one for the period, and one for each filter.
pub(super) fn write(
    out: &mut impl Write,
    width: usize,
    site: &str,
    period: Period,
    filters: &Filters,
) -> io::Result<()> {
    writeln!(out, "{STRONG}{}{STRONG:#}", cut(site, width))?;
    writeln!(out, "{} to {} UTC", minute(period.from), minute(period.to))?;
    for (name, value) in filters.given() {
        let line = format!("{} {value}", name.replace('_', " "));
        writeln!(out, "{}", cut(&shown(&line), width))?;
    }
    Ok(())
}

/// A moment of UTC, to the minute.
pub(super) fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}
