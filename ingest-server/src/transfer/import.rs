//! Files → database.

use super::{BadRow, Fault, Format, Found, HistogramRecord, Input, PageViewRecord, records};
use crate::{
    ingest::SiteId,
    roll_up::Place,
    store::sqlite::{Database, Import, ImportError, Imported},
};
use anyhow::{Context, Result};
use jiff::Timestamp;

/// Page views that are written in one transaction; beacons wait for no more.
const BATCH: usize = 4096;

/// Imports the page views of a table into a site, and rolls them up as if they had just arrived.
pub fn import_page_views(
    database: &mut Database,
    site: SiteId,
    now: Timestamp,
    format: Format,
    input: Input,
) -> Result<Imported> {
    let mut records = records::<PageViewRecord>(format, input)?;
    let mut import = database.import(site, now)?;
    let mut imported = Imported::default();
    loop {
        let batch = records.by_ref().take(BATCH).collect::<Result<Vec<_>>>();
        let written = batch.and_then(|batch| write(database, &mut import, batch, now));
        let written = written.with_context(|| {
            let Imported { new, changed, same } = imported;
            let total = new + changed + same;
            format!("{total} page views were imported, and nothing after them")
        })?;
        match written {
            Some(written) => imported += written,
            None => return Ok(imported),
        }
    }
}

/// Nothing, when there is nothing to write.
fn write(
    database: &mut Database,
    import: &mut Import,
    batch: Vec<Found<PageViewRecord>>,
    now: Timestamp,
) -> Result<Option<Imported>> {
    if batch.is_empty() {
        return Ok(None);
    }
    let (positions, records): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
    let imported = database.import_page_views(import, &records);
    let imported = imported.map_err(|error| match error {
        ImportError::Misfit { index, fault } => BadRow { position: positions[index], fault }.into(),
        ImportError::Write(error) => anyhow::Error::from(error),
    })?;
    database.roll_up(now)?;
    Ok(Some(imported))
}

/// Imports the histograms of a table into a site: all, or none. How many there are.
pub fn import_histograms(
    database: &mut Database,
    site: SiteId,
    now: Timestamp,
    format: Format,
    input: Input,
) -> Result<u64> {
    let mut last = None;
    let records = records::<HistogramRecord>(format, input)?.map(|record| {
        let (position, record) = record?;
        let place = place(site, &record);
        if last.as_ref().is_some_and(|last| *last >= place) {
            let fault = Fault::of("row", "is there twice, or not in the order of the export");
            return Err(BadRow { position, fault }.into());
        }
        last = Some(place);
        Ok(record)
    });
    database.import_histograms(site, now, records).context("no histograms were imported")
}

fn place(site: SiteId, record: &HistogramRecord) -> Place<Box<str>> {
    let HistogramRecord { dimension, value, hours, first_hour, .. } = record.clone();
    Place { site, dimension, value, hours, first_hour }
}
