//! Which page views are still there.

use super::{Selection, day, statements::Named, whole};
use crate::roll_up::MS_PER_HOUR;
use jiff::Timestamp;
use rusqlite::{Connection, Result};

const FIRST_SINCE: &str = "SELECT min(first_page_view_id) FROM arrivals WHERE day >= ?1";

pub(super) const STATEMENTS: [Named; 1] = [Named::new("arrivals.first_since", FIRST_SINCE)];

/// All that began at that time or later come after this one: none began before it arrived. A day
/// more, as clocks are wrong.
pub(super) fn after(connection: &Connection, from: Timestamp) -> Result<i64> {
    let first = first_since(connection, day(from) - 1)?;
    Ok(first.map_or(i64::MAX, |first| first - 1))
}

/// The first page view that arrived on that day or later.
pub(super) fn first_since(connection: &Connection, day: i64) -> Result<Option<i64>> {
    connection.prepare_cached(FIRST_SINCE)?.query_row([day], |row| row.get(0))
}

/// From when on every page view that was ever selected is still there.
pub(super) fn from(
    connection: &Connection,
    selection: &Selection,
    now: Timestamp,
) -> Result<Timestamp> {
    let hour = whole::first_hour(connection, selection.site, day(now))?;
    // The beginning of all time, which is before any.
    if hour == 0 {
        return Ok(selection.from);
    }
    let whole = Timestamp::from_millisecond(hour.saturating_mul(MS_PER_HOUR));
    Ok(whole.map_or(selection.from, |whole| whole.max(selection.from)))
}
