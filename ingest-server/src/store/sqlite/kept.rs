//! Which page views are still there.

use super::{Selection, day, whole};
use jiff::Timestamp;
use rusqlite::{Connection, Result};

/// All that began at that time or later come after this one: none began before it arrived. A day
/// more, as clocks are wrong.
pub(super) fn after(connection: &Connection, from: Timestamp) -> Result<i64> {
    let first = "SELECT min(first_page_view_id) FROM arrivals WHERE day >= ?1";
    let first: Option<i64> =
        connection.prepare_cached(first)?.query_row([day(from) - 1], |row| row.get(0))?;
    Ok(first.map_or(i64::MAX, |first| first - 1))
}

/// From when on every page view that was ever selected is still there.
pub(super) fn from(
    connection: &Connection,
    selection: &Selection,
    now: Timestamp,
) -> Result<Timestamp> {
    const SECONDS_PER_HOUR: i64 = 3600;
    let hour = whole::first_hour(connection, selection.site, day(now))?;
    let whole = Timestamp::from_second(hour.saturating_mul(SECONDS_PER_HOUR));
    Ok(whole.map_or(selection.from, |whole| whole.max(selection.from)))
}
