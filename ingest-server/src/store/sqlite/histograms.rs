//! Cells as they are stored.

use super::{sealed::Opener, selection::Values, statements::Named};
use crate::{
    ingest::SiteId,
    roll_up::{Cell, Dimension, Hours, Place, RouteOnHost},
    varint::Malformed,
};
use rayon::prelude::*;
use rusqlite::{Connection, OptionalExtension, Result, Row, Rows, params, types::Type};
use std::{borrow::Cow, ops::Range};

/// Cells that are decoded at once, of a few kilobytes each …
const DECODED_AT_ONCE: usize = 512;
/// … and by one thread at least, as to ask another one takes time, too.
const DECODED_BY_ONE: usize = 64;
/// Columns of what is read of cells.
const TALLIES: usize = 2;
const VALUE: usize = 4;
const FIRST_HOUR: usize = 5;

const FIND: &str = "
    SELECT page_views, unmeasured, tallies, is_sealed FROM histograms
    WHERE site_id = ?1 AND dimension = ?2 AND value = ?3 AND hours = ?4 AND first_hour = ?5
";
const PUT: &str = "
    INSERT INTO histograms (
        site_id, dimension, value, hours, first_hour, page_views, unmeasured, tallies, is_sealed
    ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)
    ON CONFLICT (site_id, dimension, value, hours, first_hour) DO UPDATE SET
        page_views = excluded.page_views, unmeasured = excluded.unmeasured,
        tallies = excluded.tallies, is_sealed = 0
";
const DELETE: &str = "
    DELETE FROM histograms
    WHERE site_id = ?1 AND dimension = ?2 AND value = ?3 AND hours = ?4 AND first_hour = ?5
";
const OF_VALUE: &str = "
    SELECT page_views, unmeasured, tallies, is_sealed, value, first_hour FROM histograms
    WHERE site_id = ?1 AND dimension = ?2 AND value = ?3
        AND hours = ?4 AND first_hour >= ?5 AND first_hour < ?6
";
const COUNT: &str = "
    SELECT ifnull(sum(page_views), 0) FROM histograms
    WHERE site_id = ?1 AND dimension = ?2 AND value = ?3
        AND hours = ?4 AND first_hour >= ?5 AND first_hour < ?6
";
/// From value to value, so that hours of each that are not asked for are passed over. All of them lie
/// before `?7`.
const OF_VALUES: &str = "
    WITH RECURSIVE known (value) AS (
        SELECT min(value) FROM histograms
        WHERE site_id = ?1 AND dimension = ?2 AND value >= ?3 AND value < ?7
        UNION ALL
        SELECT (
            SELECT min(value) FROM histograms
            WHERE site_id = ?1 AND dimension = ?2 AND value > known.value AND value < ?7
        )
        FROM known WHERE known.value IS NOT NULL
    )
    SELECT page_views, unmeasured, tallies, is_sealed, histograms.value, first_hour
    FROM known CROSS JOIN histograms ON histograms.value = known.value
    WHERE site_id = ?1 AND dimension = ?2
        AND hours = ?4 AND first_hour >= ?5 AND first_hour < ?6
";
const BEFORE: &str = "
    SELECT page_views, unmeasured, tallies, is_sealed, dimension, value, hours, first_hour
    FROM histograms
    WHERE site_id = ?1 AND first_hour < ?2 AND (hours = 24 OR first_hour >= ?3)
    ORDER BY dimension, value, hours, first_hour
";

pub(super) const STATEMENTS: [Named; 7] = [
    Named::new("histograms.find", FIND),
    Named::new("histograms.put", PUT),
    Named::new("histograms.delete", DELETE),
    Named::new("histograms.of_value", OF_VALUE),
    Named::new("histograms.count", COUNT),
    Named::new("histograms.of_values", OF_VALUES),
    Named::new("histograms.before", BEFORE),
];

/// Adds a cell to the one in its place. A cell that becomes empty is deleted, as if it had never
/// been there.
pub(super) fn merge(connection: &Connection, place: &Place<Box<str>>, cell: Cell) -> Result<()> {
    let Place { site, dimension, value, hours, first_hour } = place;
    let key = params![site.0, *dimension as u8, value, hours.count(), first_hour];
    let read = |row: &Row<'_>| Stored::read(row)?.decode(&mut Opener::default());
    let known = connection.prepare_cached(FIND)?.query_row(key, read).optional()?;
    let is_new = known.is_none();
    // Far more is known than is added.
    let sum = match known {
        Some(mut known) => {
            known.merge(&cell);
            known
        }
        None => cell,
    };
    match (is_new, sum.is_empty()) {
        (true, true) => Ok(()),
        (false, true) => connection.prepare_cached(DELETE)?.execute(key).map(drop),
        (_, false) => put(connection, place, &sum),
    }
}

fn put(connection: &Connection, place: &Place<Box<str>>, cell: &Cell) -> Result<()> {
    let Place { site, dimension, value, hours, first_hour } = place;
    connection.prepare_cached(PUT)?.execute(params![
        site.0,
        *dimension as u8,
        value,
        hours.count(),
        first_hour,
        cell.page_views,
        cell.unmeasured,
        cell.encode_metrics(),
    ])?;
    Ok(())
}

/// Those of these hours that have some values in a dimension; each with its value and first hour.
pub(super) fn each(
    connection: &Connection,
    (site, dimension, values): (SiteId, Dimension, &Values<'_>),
    (hours, Range { start, end }): (Hours, Range<i64>),
    each: impl FnMut(&str, i64, &Cell),
) -> Result<()> {
    let (dimension, hours) = (dimension as u8, hours.count());
    let mut on_host = None;
    let keys = match values {
        Values::One(value) => {
            let mut statement = connection.prepare_cached(OF_VALUE)?;
            let rows = statement.query(params![site.0, dimension, value, hours, start, end])?;
            return read_each(rows, |_| true, each);
        }
        Values::Route(route) => RouteOnHost::keys_of(route),
        Values::Every => String::new()..String::from(char::MAX),
        Values::OnHost(host) => {
            on_host = Some(host);
            String::new()..String::from(char::MAX)
        }
    };
    let mut statement = connection.prepare_cached(OF_VALUES)?;
    let rows =
        statement.query(params![site.0, dimension, keys.start, hours, start, end, keys.end])?;
    let is_asked =
        |value: &str| on_host.is_none_or(|host| RouteOnHost::of_key(value).host == *host);
    read_each(rows, is_asked, each)
}

/// Only what is asked for is decoded, by as many threads as there are: that is what takes the time.
fn read_each(
    mut rows: Rows<'_>,
    is_asked: impl Fn(&str) -> bool,
    mut each: impl FnMut(&str, i64, &Cell),
) -> Result<()> {
    loop {
        let mut stored: Vec<(Box<str>, i64, Stored<'_>)> = Vec::new();
        while stored.len() < DECODED_AT_ONCE
            && let Some(row) = rows.next()?
        {
            if is_asked(row.get_ref(VALUE)?.as_str()?) {
                stored.push((row.get(VALUE)?, row.get(FIRST_HOUR)?, Stored::read(row)?.kept()));
            }
        }
        let decoded = stored.par_iter().with_min_len(DECODED_BY_ONE);
        let decoded = decoded.map_init(Opener::default, |opener, (.., cell)| cell.decode(opener));
        let cells = decoded.collect::<Result<Vec<_>>>()?;
        for ((value, first_hour, _), cell) in stored.iter().zip(&cells) {
            each(value, *first_hour, cell);
        }
        if stored.len() < DECODED_AT_ONCE {
            return Ok(());
        }
    }
}

/// How many page views began in these hours and are alike in that.
pub(super) fn count(
    connection: &Connection,
    (site, dimension, value): (SiteId, Dimension, &str),
    (hours, first_hours): (Hours, Range<i64>),
) -> Result<i64> {
    let Range { start, end } = first_hours;
    let values = params![site.0, dimension as u8, value, hours.count(), start, end];
    connection.prepare_cached(COUNT)?.query_row(values, |row| row.get(0))
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
    let mut opener = Opener::default();
    while let Some(row) = rows.next()? {
        let place = Place {
            site,
            dimension: Dimension::of_number(row.get("dimension")?).ok_or_else(|| malformed(4))?,
            value: row.get("value")?,
            hours: if row.get::<_, i64>("hours")? == 1 { Hours::Hour } else { Hours::Day },
            first_hour: row.get("first_hour")?,
        };
        each(place, Stored::read(row)?.decode(&mut opener)?)?;
    }
    Ok(())
}

/// A cell as it is stored.
struct Stored<'a> {
    page_views: i64,
    unmeasured: i64,
    tallies: Cow<'a, [u8]>,
    is_sealed: bool,
}

impl<'a> Stored<'a> {
    fn read(row: &'a Row<'_>) -> Result<Self> {
        Ok(Self {
            page_views: row.get(0)?,
            unmeasured: row.get(1)?,
            tallies: row.get_ref(TALLIES)?.as_blob()?.into(),
            is_sealed: row.get(3)?,
        })
    }

    /// The same, for when its row is gone.
    fn kept(self) -> Stored<'static> {
        Stored { tallies: self.tallies.into_owned().into(), ..self }
    }

    fn decode(&self, opener: &mut Opener) -> Result<Cell> {
        let Self { page_views, unmeasured, tallies, is_sealed } = self;
        let bytes = if *is_sealed { opener.open(tallies) } else { Ok(&**tallies) };
        let metrics = bytes.and_then(Cell::decode_metrics);
        let metrics = metrics.map_err(|Malformed| malformed(TALLIES))?;
        Ok(Cell { page_views: *page_views, unmeasured: *unmeasured, metrics })
    }
}

fn malformed(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Malformed.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::Database;

    #[test]
    fn every_cell_is_read_once_however_many_are_decoded_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rhumb.db");
        Database::open(&path).unwrap();
        let connection = Connection::open(&path).unwrap();
        let insert = "
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)
            INSERT INTO histograms (
                site_id, dimension, value, hours, first_hour, page_views, unmeasured, tallies, is_sealed
            ) SELECT 1, 0, '', 1, i, i, 0, x'00', 0 FROM n";
        connection.execute_batch(insert).unwrap();
        let alike = (SiteId(1), Dimension::Site, &Values::One("".into()));
        for count in [0_i64, 1, 511, 512, 513, 1024, 5000] {
            let mut found = Vec::new();
            let add = |_: &str, first_hour: i64, cell: &Cell| {
                found.push((first_hour, cell.page_views));
            };
            each(&connection, alike, (Hours::Hour, 0..count), add).unwrap();
            assert_eq!(found, (0..count).map(|hour| (hour, hour)).collect::<Vec<_>>());
        }
    }
}
