//! Facts → histograms, in the database.
//!
//! The watermark says how far page views are in histograms. It moves in the transaction that writes
//! the histograms, so that each page view is in them exactly once. A page view that changes after
//! that leaves two corrections, one to take out what was there and one to put in what is; they are
//! used up in the same way.

use super::{
    ends::Ends,
    facts::{self, Source},
    histograms,
    recent::Recent,
    statements::Named,
};
use crate::roll_up::Fold;
use rusqlite::{Connection, Result};

const WATERMARK: &str = "SELECT page_view_id FROM watermark";
const CORRECTIONS: &str = "SELECT ifnull(max(id), 0) FROM corrections";
const USE_UP: &str = "DELETE FROM corrections";
const MOVE: &str = "UPDATE watermark SET page_view_id = ?1";

pub(super) const STATEMENTS: [Named; 4] = [
    Named::new("watermark.read", WATERMARK),
    Named::new("corrections.last_id", CORRECTIONS),
    Named::new("corrections.use_up", USE_UP),
    Named::new("watermark.move", MOVE),
];

/// How many page views are rolled up when.
#[derive(Clone, Copy, Debug)]
pub struct RollUpLimits {
    /// The latest page views, so many of them, are read one by one: until there are more, reports
    /// are exact.
    pub tail_min: u32,
    /// The most that are rolled up at once. The writer is kept from its page views for that long.
    pub step_max: u32,
    /// Corrections that may wait; two of them are one page view.
    pub corrections_max: u32,
}

impl Default for RollUpLimits {
    fn default() -> Self {
        Self { tail_min: 1024, step_max: 6144, corrections_max: 8192 }
    }
}

/// Page views up to this one are in histograms.
pub(super) fn watermark(connection: &Connection) -> Result<i64> {
    connection.prepare_cached(WATERMARK)?.query_row([], |row| row.get(0))
}

/// Up to which page view is to be rolled up; nothing, when there is too little to do.
pub(super) fn due(ends: &Ends, limits: &RollUpLimits) -> Option<i64> {
    let to = ends.watermark + i64::from(limits.step_max);
    if to + i64::from(limits.tail_min) < ends.next_id {
        Some(to)
    } else {
        (ends.corrections > i64::from(limits.corrections_max)).then_some(ends.watermark)
    }
}

/// Rolls up the oldest page views, and what has changed in earlier ones, if there are enough of
/// them.
pub(super) fn step(
    connection: &Connection,
    recent: &mut Recent,
    ends: &mut Ends,
    limits: &RollUpLimits,
) -> Result<()> {
    let Some(to) = due(ends, limits) else { return Ok(()) };
    advance(connection, recent, ends, to)
}

/// Rolls up all up to that page view, and all corrections; from here on they are found by their keys.
pub(super) fn advance(
    connection: &Connection,
    recent: &mut Recent,
    ends: &mut Ends,
    to: i64,
) -> Result<()> {
    recent.enter(connection, to)?;
    up_to(connection, ends.watermark, to)?;
    (ends.watermark, ends.corrections) = (to, 0);
    Ok(())
}

/// All are used up at once, so the id of the last one says how many there are.
pub(super) fn corrections(connection: &Connection) -> Result<i64> {
    connection.prepare_cached(CORRECTIONS)?.query_row([], |row| row.get(0))
}

/// Rolls up the page views after the watermark and up to that one, and all corrections.
pub(super) fn up_to(connection: &Connection, watermark: i64, to: i64) -> Result<()> {
    let mut fold = Fold::default();
    facts::between(connection, Source::PageViews, watermark, to, |fact| fold.add(fact))?;
    facts::between(connection, Source::Corrections, 0, i64::MAX, |fact| fold.add(fact))?;
    for (place, cell) in fold.into_cells() {
        histograms::merge(connection, &place, cell)?;
    }
    connection.prepare_cached(USE_UP)?.execute([])?;
    connection.prepare_cached(MOVE)?.execute([to])?;
    Ok(())
}
