//! What a report is about, above it.

use super::terminal::{STRONG, cut, shown};
use crate::{report::Period, store::sqlite::Filters};
use jiff::Timestamp;
use serde_json::Value;
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
    if let Value::Object(filters) = serde_json::to_value(filters)? {
        for (name, value) in &filters {
            let line = format!("{} {}", name.replace('_', " "), value.as_str().unwrap_or_default());
            writeln!(out, "{}", cut(&shown(&line), width))?;
        }
    }
    Ok(())
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}
