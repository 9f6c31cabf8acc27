//! How the rules of alerts are.

use crate::{
    alert::State,
    ingest::SiteId,
    store::sqlite::{ReadError, Reader, statements::Named},
};
use jiff::Timestamp;
use rusqlite::{Connection, Result};
use std::collections::HashMap;

const ALL: &str = "SELECT site_id, rule, state, fired_at_ms, since_ms FROM alerts";

pub(in crate::store::sqlite) const STATEMENTS: [Named; 1] = [Named::new("alerts.all", ALL)];

/// By site and rule; those that are not there are quiet.
pub type AlertStates = HashMap<(SiteId, String), State>;

impl Reader {
    /// How the rules of alerts are.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn alert_states(&self) -> Result<AlertStates, ReadError> {
        self.aside(|connection| read(connection)).await
    }
}

fn read(connection: &Connection) -> Result<AlertStates> {
    let mut statement = connection.prepare_cached(ALL)?;
    let mut rows = statement.query([])?;
    let mut states = AlertStates::new();
    while let Some(row) = rows.next()? {
        let (fired_at, since) = (time(row.get(3)?), time(row.get(4)?));
        let state = match &*row.get::<_, String>(2)? {
            "firing" => State::Firing { since },
            _ => State::Resolved { fired_at, since },
        };
        states.insert((SiteId(row.get(0)?), row.get(1)?), state);
    }
    Ok(states)
}

/// From milliseconds, of which the database has only those of real times.
pub(super) fn time(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}
