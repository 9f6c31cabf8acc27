//! Writing what became of alerts and of their notices.

use super::notices::KEPT_MAX;
use crate::{
    alert::State,
    ingest::SiteId,
    store::sqlite::{Database, Duty, WriteError, statements::Named},
};
use jiff::Timestamp;
use rusqlite::{Connection, Result, params};

const DELETE_STATE: &str = "DELETE FROM alerts WHERE site_id = ?1 AND rule = ?2";
const PUT_STATE: &str = "
    INSERT OR REPLACE INTO alerts (site_id, rule, state, fired_at_ms, since_ms)
    VALUES (?1, ?2, ?3, ?4, ?5)
";
const PUT_NOTICE: &str = "
    INSERT INTO alert_notices (site_id, rule, message, at_ms, body, next_attempt_at_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)
";
const DELETE_OLD: &str = "
    DELETE FROM alert_notices WHERE id IN (
        SELECT id FROM alert_notices WHERE site_id = ?1 AND rule = ?2
        ORDER BY id DESC LIMIT -1 OFFSET ?3
    ) AND next_attempt_at_ms IS NULL
";
const SENT: &str = "
    UPDATE alert_notices SET attempts = attempts + ?2, next_attempt_at_ms = ?3, delivered_at_ms = ?4
    WHERE id = ?1
";

pub(in crate::store::sqlite) const STATEMENTS: [Named; 5] = [
    Named::new("alerts.delete", DELETE_STATE),
    Named::new("alerts.put", PUT_STATE),
    Named::new("alert_notices.put", PUT_NOTICE),
    Named::new("alert_notices.delete_old", DELETE_OLD),
    Named::new("alert_notices.sent", SENT),
];

/// Something that is written in one transaction.
#[derive(Clone, Debug)]
pub enum AlertChange {
    /// A rule's state became another one.
    State {
        /// Whose page views.
        site: SiteId,
        /// Which rule.
        rule: String,
        /// The new one.
        state: State,
        /// What is told of it.
        notice: Option<NewNotice>,
    },
    /// A notice was sent, or will not be.
    Sent {
        /// Its key in the database.
        notice: i64,
        /// What became of it.
        delivery: Delivery,
    },
}

/// What is told of a state.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// By which a receiver knows one that it has had already.
    pub message: String,
    /// When it came about.
    pub at: Timestamp,
    /// JSON.
    pub body: String,
    /// Whether anybody but the dashboard is told.
    pub is_sent: bool,
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It was taken.
    Taken(Timestamp),
    /// It was not, and is sent again.
    Again(Timestamp),
    /// It was not, and that is the end of it.
    GivenUp,
    /// Nobody is there any more to be told, so it was not sent.
    Dropped,
}

impl Database {
    /// Writes it, if it can be.
    ///
    /// # Errors
    /// Nothing was changed.
    pub fn change_alerts(
        &mut self,
        change: &AlertChange,
        now: Timestamp,
    ) -> Result<(), WriteError> {
        self.change(Duty::Alerts, now, |connection, _, _| match change {
            AlertChange::State { site, rule, state, notice } => {
                put_state(connection, *site, rule, *state)?;
                let notice = notice.as_ref();
                Ok(notice.map_or(Ok(()), |it| put_notice(connection, *site, rule, it))?)
            }
            AlertChange::Sent { notice, delivery } => Ok(sent(connection, *notice, *delivery)?),
        })
    }
}

fn put_state(connection: &Connection, site: SiteId, rule: &str, state: State) -> Result<()> {
    let (fired_at, since) = match state {
        State::Quiet => {
            return connection.execute(DELETE_STATE, params![site.0, rule]).map(drop);
        }
        State::Firing { since } => (since, since),
        State::Resolved { fired_at, since } => (fired_at, since),
    };
    let (fired_at_ms, since_ms) = (fired_at.as_millisecond(), since.as_millisecond());
    let row = params![site.0, rule, state.as_str(), fired_at_ms, since_ms];
    connection.execute(PUT_STATE, row).map(drop)
}

/// The oldest make room, but for those that wait to be sent: each does for a day at most.
fn put_notice(connection: &Connection, site: SiteId, rule: &str, notice: &NewNotice) -> Result<()> {
    let NewNotice { message, at, body, is_sent } = notice;
    let at_ms = at.as_millisecond();
    let row = params![site.0, rule, message, at_ms, body, is_sent.then_some(at_ms)];
    connection.execute(PUT_NOTICE, row)?;
    connection.execute(DELETE_OLD, params![site.0, rule, KEPT_MAX]).map(drop)
}

fn sent(connection: &Connection, notice: i64, delivery: Delivery) -> Result<()> {
    let ms = |time: Timestamp| Some(time.as_millisecond());
    let (attempts, next, delivered) = match delivery {
        Delivery::Taken(at) => (1, None, ms(at)),
        Delivery::Again(at) => (1, ms(at), None),
        Delivery::GivenUp => (1, None, None),
        Delivery::Dropped => (0, None, None),
    };
    connection.execute(SENT, params![notice, attempts, next, delivered]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_that_wait_to_be_sent_are_not_deleted_to_make_room_for_later_ones() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Database::open(&folder.path().join("rhumb.db")).unwrap();
        let site = database.sites().unwrap().get("default").unwrap().id;
        let at = Timestamp::UNIX_EPOCH;
        let waiting = 3;
        for number in 0..KEPT_MAX + waiting + 50 {
            let (message, body, is_sent) = (number.to_string(), "{}".to_owned(), number < waiting);
            let change = AlertChange::State {
                site,
                rule: "slow".to_owned(),
                state: State::Firing { since: at },
                notice: Some(NewNotice { message, at, body, is_sent }),
            };
            database.change_alerts(&change, at).unwrap();
        }
        let count = |of: &str| {
            let sql = format!("SELECT count(*) FROM alert_notices WHERE {of}");
            database.connection.query_row(&sql, [], |row| row.get::<_, u32>(0)).unwrap()
        };
        assert_eq!(count("next_attempt_at_ms IS NOT NULL"), waiting);
        assert_eq!(count("next_attempt_at_ms IS NULL"), KEPT_MAX);
    }
}
