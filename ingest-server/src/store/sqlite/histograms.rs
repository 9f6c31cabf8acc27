//! Cells as they are stored.

use crate::{
    ingest::SiteId,
    roll_up::{Cell, Dimension, Hours, Place, Tally},
    varint::Malformed,
};
use rusqlite::{Connection, OptionalExtension, Result, Row, params, types::Type};
use std::ops::Range;

const FIND: &str = "
    SELECT page_views, unmeasured, cls, fcp, inp, lcp, ttfb, fid FROM histograms
    WHERE site_id = ?1 AND dimension = ?2 AND value = ?3 AND hours = ?4 AND first_hour = ?5
";
const PUT: &str = "
    INSERT INTO histograms (
        site_id, dimension, value, hours, first_hour,
        page_views, unmeasured, cls, fcp, inp, lcp, ttfb, fid
    ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
    ON CONFLICT (site_id, dimension, value, hours, first_hour) DO UPDATE SET
        page_views = excluded.page_views, unmeasured = excluded.unmeasured,
        cls = excluded.cls, fcp = excluded.fcp, inp = excluded.inp, lcp = excluded.lcp,
        ttfb = excluded.ttfb, fid = excluded.fid
";
const DELETE: &str = "
    DELETE FROM histograms
    WHERE site_id = ?1 AND dimension = ?2 AND value = ?3 AND hours = ?4 AND first_hour = ?5
";
const SUM: &str = "
    SELECT page_views, unmeasured, cls, fcp, inp, lcp, ttfb, fid FROM histograms
    WHERE site_id = ?1 AND dimension = ?2 AND value = ?3
        AND hours = ?4 AND first_hour >= ?5 AND first_hour < ?6
";
const BEFORE: &str = "
    SELECT page_views, unmeasured, cls, fcp, inp, lcp, ttfb, fid,
        dimension, value, hours, first_hour
    FROM histograms
    WHERE site_id = ?1 AND first_hour < ?2 AND (hours = 24 OR first_hour >= ?3)
    ORDER BY dimension, value, hours, first_hour
";

/// Adds a cell to the one in its place. A cell that becomes empty is deleted, as if it had never
/// been there.
pub(super) fn merge(connection: &Connection, place: &Place<Box<str>>, cell: Cell) -> Result<()> {
    let Place { site, dimension, value, hours, first_hour } = place;
    let key = params![site.0, *dimension as u8, value, hours.count(), first_hour];
    let known = connection.prepare_cached(FIND)?.query_row(key, read).optional()?;
    let is_new = known.is_none();
    let mut sum = cell;
    if let Some(known) = known {
        sum.merge(&known);
    }
    match (is_new, sum.is_empty()) {
        (true, true) => Ok(()),
        (false, true) => connection.prepare_cached(DELETE)?.execute(key).map(drop),
        (_, false) => put(connection, place, &sum),
    }
}

fn put(connection: &Connection, place: &Place<Box<str>>, cell: &Cell) -> Result<()> {
    let Place { site, dimension, value, hours, first_hour } = place;
    let metrics = cell.metrics.each_ref().map(Tally::encode);
    connection.prepare_cached(PUT)?.execute(params![
        site.0,
        *dimension as u8,
        value,
        hours.count(),
        first_hour,
        cell.page_views,
        cell.unmeasured,
        metrics[0],
        metrics[1],
        metrics[2],
        metrics[3],
        metrics[4],
        metrics[5],
    ])?;
    Ok(())
}

/// All page views that began in these hours and are alike in that.
pub(super) fn sum(
    connection: &Connection,
    (site, dimension, value): (SiteId, Dimension, &str),
    (hours, first_hours): (Hours, Range<i64>),
    into: &mut Cell,
) -> Result<()> {
    let mut statement = connection.prepare_cached(SUM)?;
    let Range { start, end } = first_hours;
    let values = params![site.0, dimension as u8, value, hours.count(), start, end];
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        into.merge(&read(row)?);
    }
    Ok(())
}

/// All of a site that begin before an hour, by the hour only from another one on; in the order of
/// their places.
pub(super) fn before<E: From<rusqlite::Error>>(
    connection: &Connection,
    site: SiteId,
    end: i64,
    first_hourly: i64,
    mut each: impl FnMut(Place<Box<str>>, Cell) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = connection.prepare_cached(BEFORE)?;
    let mut rows = statement.query(params![site.0, end, first_hourly])?;
    while let Some(row) = rows.next()? {
        let place = Place {
            site,
            dimension: Dimension::of_number(row.get("dimension")?).ok_or_else(|| malformed(8))?,
            value: row.get("value")?,
            hours: if row.get::<_, i64>("hours")? == 1 { Hours::Hour } else { Hours::Day },
            first_hour: row.get("first_hour")?,
        };
        each(place, read(row)?)?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Cell> {
    const METRICS: usize = 2;
    let mut cell = Cell { page_views: row.get(0)?, unmeasured: row.get(1)?, ..Cell::default() };
    for (index, tally) in cell.metrics.iter_mut().enumerate() {
        if let Some(bytes) = row.get_ref(METRICS + index)?.as_blob_or_null()? {
            *tally = Tally::decode(bytes).map_err(|_| malformed(METRICS + index))?;
        }
    }
    Ok(cell)
}

fn malformed(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Malformed.into())
}
