//! Database → files.

use super::{Format, HistogramRecord, PageViewRecord, Writer};
use crate::store::sqlite::{Database, Export};
use anyhow::Result;
use jiff::Timestamp;
use std::io::Write;

/// Writes the page views of a site; how many there are.
pub fn export_page_views(
    database: &mut Database,
    mut export: Export,
    format: Format,
    out: impl Write + Send,
) -> Result<u64> {
    let mut writer = Writer::new::<PageViewRecord>(format, out)?;
    let mut count = 0;
    loop {
        let records = database.export_page_views(&mut export)?;
        if records.is_empty() {
            writer.finish()?;
            return Ok(count);
        }
        for record in records {
            writer.write(record)?;
            count += 1;
        }
    }
}

/// Writes the histograms of what an export does not find any more; how many there are. To be called
/// before its page views are read.
pub fn export_histograms(
    database: &mut Database,
    export: &Export,
    now: Timestamp,
    format: Format,
    out: impl Write + Send,
) -> Result<u64> {
    let mut writer = Writer::new::<HistogramRecord>(format, out)?;
    let mut count = 0;
    database.export_histograms(export, now, |record| {
        count += 1;
        writer.write(record)
    })?;
    writer.finish()?;
    Ok(count)
}
