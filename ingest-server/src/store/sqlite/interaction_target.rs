//! What element the slowest interaction of a page view was with.

use super::page_views;
use beacon::{MetricName, TextField};
use rusqlite::{Connection, OptionalExtension, Result};

const TEXT: &str = "SELECT id FROM texts WHERE text = ?1";
/// The columns are those that page views are read by everywhere.
const PAGE_VIEW: &str = "
    SELECT page_views.id, page_id, circumstances_id, started_at_ms, session, sequence, sequences,
        cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us, shape, details
    FROM page_views LEFT JOIN shapes ON shapes.id = shape_id WHERE page_views.id = ?1
";

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
        let mut statement = connection.prepare_cached(PAGE_VIEW)?;
        let row = statement.query_row([page_view], page_views::read).optional()?;
        let inp = row.and_then(|mut row| row.metrics[MetricName::Inp as usize].take());
        let target = (TextField::InteractionTarget, id);
        Ok(inp.is_some_and(|inp| inp.why.texts.contains(&target)))
    }
}
