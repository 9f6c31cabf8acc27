//! What element the slowest interaction of a page view was with.

use super::{page_views, statements::Named};
use beacon::{MetricName, TextField};
use rusqlite::{Connection, OptionalExtension, Result};

const TEXT: &str = "SELECT id FROM texts WHERE text = ?1";

pub(super) const STATEMENTS: [Named; 1] = [Named::new("texts.find", TEXT)];

/// An element, by the number of its selector; one that no page view has told of has none.
#[derive(Clone, Copy, Debug)]
pub(super) struct InteractionTarget(Option<i64>);

impl InteractionTarget {
    /// The one with that selector.
    pub(super) fn find(connection: &Connection, selector: &str) -> Result<Self> {
        let mut statement = connection.prepare_cached(TEXT)?;
        statement.query_row([selector], |row| row.get(0)).optional().map(Self)
    }

    /// Whether the INP of a page view is of it.
    pub(super) fn is_of(self, connection: &Connection, page_view: i64) -> Result<bool> {
        let Self(Some(id)) = self else { return Ok(false) };
        let row = page_views::of_id(connection, page_view)?;
        let inp = row.and_then(|mut row| row.metrics[MetricName::Inp as usize].take());
        let target = (TextField::InteractionTarget, id);
        Ok(inp.is_some_and(|inp| inp.why.texts.contains(&target)))
    }
}
