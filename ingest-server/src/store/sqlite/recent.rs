//! The keys of the page views that are not rolled up yet.
//!
//! A key is a hash. Entered one by one, nearly each would change another page of its table, and every
//! changed page is written with every transaction. So they are known by heart until there are many, and
//! then entered in order.

use super::statements::Named;
use rusqlite::{Connection, Result, params};
use std::collections::HashMap;

const READ: &str = "SELECT key, id FROM page_views WHERE id > (SELECT page_view_id FROM watermark)";
const ENTER: &str = "INSERT INTO keys (half, page_view_id) VALUES (?1 >> 32, ?2)";

pub(super) const STATEMENTS: [Named; 2] =
    [Named::new("page_views.recent", READ), Named::new("keys.enter", ENTER)];

/// Ids by key: as many as there are page views that are not rolled up yet.
#[derive(Debug, Default)]
pub(super) struct Recent(HashMap<i64, i64>);

impl Recent {
    /// As they are in the database.
    pub(super) fn read(connection: &Connection) -> Result<Self> {
        let mut statement = connection.prepare_cached(READ)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_>>().map(Self)
    }

    /// The page view of that key, if it is one of them.
    pub(super) fn id(&self, key: i64) -> Option<i64> {
        self.0.get(&key).copied()
    }

    /// There is one more.
    pub(super) fn add(&mut self, key: i64, id: i64) {
        self.0.insert(key, id);
    }

    /// Enters the keys of all page views up to that one into their table.
    pub(super) fn enter(&mut self, connection: &Connection, to: i64) -> Result<()> {
        let mut entered = self.0.extract_if(|_, id| *id <= to).collect::<Vec<_>>();
        entered.sort_unstable_by_key(|(key, id)| (key >> 32, *id));
        let mut statement = connection.prepare_cached(ENTER)?;
        for (key, id) in entered {
            statement.execute(params![key, id])?;
        }
        Ok(())
    }
}
