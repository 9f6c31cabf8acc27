//! Of which hours all page views are still there.

use super::{roll_up, statements::Named};
use crate::{ingest::SiteId, roll_up::Hours};
use rusqlite::{Connection, OptionalExtension, Result};

const IMPORTED: &str = "SELECT imported_before_hour FROM sites WHERE id = ?1";
/// The day of the oldest page view that is left, and whether that is the first there ever was.
const OLDEST: &str = "
    SELECT day, first_page_view_id = 1 AND EXISTS (SELECT 1 FROM page_views WHERE id = 1)
    FROM arrivals ORDER BY day LIMIT 1
";

pub(super) const STATEMENTS: [Named; 2] =
    [Named::new("sites.imported_before", IMPORTED), Named::new("arrivals.oldest", OLDEST)];

/// The first hour from which on every page view in a site's histograms is there as well, in hours
/// since 1970; what histograms there are before has more in it.
///
/// That is from the day after the one on which the oldest page view that is left arrived: of those
/// that began earlier some may be deleted, and a page's clock may be a minute ahead. It is the
/// beginning of all time, if none was ever deleted and no histogram was imported.
pub(super) fn first_hour(connection: &Connection, site: SiteId, today: i64) -> Result<i64> {
    let imported: Option<i64> =
        connection.prepare_cached(IMPORTED)?.query_row([site.0], |row| row.get(0)).optional()?;
    Ok(first_hour_of_all(connection, today)?.max(imported.unwrap_or_default()))
}

fn first_hour_of_all(connection: &Connection, today: i64) -> Result<i64> {
    let oldest = connection
        .prepare_cached(OLDEST)?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)))
        .optional()?;
    let day = match oldest {
        Some((_, true)) => return Ok(0),
        Some((day, false)) => day,
        // Page views are rolled up before they are deleted, so there never were any.
        None if roll_up::watermark(connection)? == 0 => return Ok(0),
        None => today,
    };
    Ok((day + 1) * Hours::Day.count())
}
