//! What became of alerts, and what is still to be told of it.

use super::states::time;
use crate::{
    ingest::SiteId,
    store::sqlite::{ReadError, Reader, statements::Named},
};
use jiff::Timestamp;
use rusqlite::{Connection, Result, Row};

/// Notices of a rule that are kept …
pub(super) const KEPT_MAX: u32 = 100;
/// … and shown.
const SHOWN_MAX: u32 = 10;
/// Notices that are sent at once.
const DUE_MAX: u32 = 16;

const LATEST: &str = "
    SELECT rule, message, body, attempts, next_attempt_at_ms, delivered_at_ms FROM (
        SELECT *, row_number() OVER (PARTITION BY rule ORDER BY id DESC) AS place
        FROM alert_notices WHERE site_id = ?1
    ) WHERE place <= ?2 ORDER BY id DESC
";
const DUE: &str = "
    SELECT id, site_id, rule, message, at_ms, body, attempts FROM alert_notices AS it
    WHERE next_attempt_at_ms <= ?1 AND NOT EXISTS (
        SELECT 1 FROM alert_notices AS other
        WHERE other.site_id = it.site_id AND other.rule = it.rule AND other.id < it.id
            AND other.next_attempt_at_ms IS NOT NULL
    ) ORDER BY next_attempt_at_ms LIMIT ?2
";

pub(in crate::store::sqlite) const STATEMENTS: [Named; 2] =
    [Named::new("alert_notices.latest", LATEST), Named::new("alert_notices.due", DUE)];

/// A notice, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Of which rule.
    pub rule: String,
    /// By which a receiver knows one that it has had already.
    pub message: String,
    /// JSON.
    pub body: String,
    /// How often it was sent.
    pub attempts: u32,
    /// When it is sent again.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was taken.
    pub delivered_at: Option<Timestamp>,
}

/// A notice that is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct DueNotice {
    /// Its key in the database.
    pub id: i64,
    /// Whose page views.
    pub site: SiteId,
    /// Of which rule.
    pub rule: String,
    /// By which a receiver knows one that it has had already.
    pub message: String,
    /// When it came about.
    pub at: Timestamp,
    /// JSON.
    pub body: String,
    /// How often it was sent.
    pub attempts: u32,
}

impl Reader {
    /// The latest notices of each rule of a site, the latest first.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn alert_notices(&self, site: SiteId) -> Result<Vec<Notice>, ReadError> {
        self.aside(move |connection| latest(connection, site)).await
    }

    /// The notices that are to be sent now; of each rule only the first.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn due_notices(&self, now: Timestamp) -> Result<Vec<DueNotice>, ReadError> {
        self.aside(move |connection| due(connection, now)).await
    }
}

/// The latest of each rule of a site, the latest first.
fn latest(connection: &Connection, site: SiteId) -> Result<Vec<Notice>> {
    let mut statement = connection.prepare_cached(LATEST)?;
    let notice = |row: &Row<'_>| {
        Ok(Notice {
            rule: row.get(0)?,
            message: row.get(1)?,
            body: row.get(2)?,
            attempts: row.get(3)?,
            next_attempt_at: row.get::<_, Option<_>>(4)?.map(time),
            delivered_at: row.get::<_, Option<_>>(5)?.map(time),
        })
    };
    statement.query_map((site.0, SHOWN_MAX), notice)?.collect()
}

/// Those that are to be sent now. One waits for those of its rule that came before, so that nothing is
/// said to be resolved that was not said to be broken.
fn due(connection: &Connection, now: Timestamp) -> Result<Vec<DueNotice>> {
    let mut statement = connection.prepare_cached(DUE)?;
    let notice = |row: &Row<'_>| {
        Ok(DueNotice {
            id: row.get(0)?,
            site: SiteId(row.get(1)?),
            rule: row.get(2)?,
            message: row.get(3)?,
            at: time(row.get(4)?),
            body: row.get(5)?,
            attempts: row.get(6)?,
        })
    };
    statement.query_map((now.as_millisecond(), DUE_MAX), notice)?.collect()
}
