//! Where page views begin and end.

use super::{roll_up, statements::Named};
use rusqlite::{Connection, OptionalExtension, Result, params};

const LAST_ID: &str = "
    SELECT max(
        ifnull((SELECT max(id) FROM page_views), 0),
        ifnull((SELECT max(first_page_view_id) - 1 FROM arrivals), 0),
        (SELECT page_view_id FROM watermark)
    )
";

const LAST_DAY: &str = "SELECT max(day) FROM arrivals";
const ARRIVE: &str = "INSERT INTO arrivals (day, first_page_view_id) VALUES (?1, ?2)";

pub(super) const STATEMENTS: [Named; 3] = [
    Named::new("page_views.last_id", LAST_ID),
    Named::new("arrivals.last_day", LAST_DAY),
    Named::new("arrivals.put", ARRIVE),
];

/// What the one that writes knows of the table by heart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    /// The id that the next new page view gets. None is used again, even if its row is deleted.
    pub(super) next_id: i64,
    /// Page views up to this one are rolled up.
    pub(super) watermark: i64,
    /// What has changed in those.
    pub(super) corrections: i64,
    /// The last day on which any arrived.
    last_day: Option<i64>,
}

impl Ends {
    /// As they are in the database.
    pub(super) fn read(connection: &Connection) -> Result<Self> {
        let last_id: i64 = connection.query_row(LAST_ID, [], |row| row.get(0))?;
        Ok(Self {
            next_id: last_id + 1,
            watermark: roll_up::watermark(connection)?,
            corrections: roll_up::corrections(connection)?,
            last_day: connection.query_row(LAST_DAY, [], |row| row.get(0)).optional()?.flatten(),
        })
    }

    /// Notes with which page view a day begins. A clock that is set back begins none again.
    pub(super) fn arrive(&mut self, connection: &Connection, today: i64) -> Result<()> {
        if self.last_day.is_none_or(|last_day| last_day < today) {
            connection.prepare_cached(ARRIVE)?.execute(params![today, self.next_id])?;
            self.last_day = Some(today);
        }
        Ok(())
    }
}
