//! Deleting what is old, in steps so small that beacons hardly wait for them.

use super::{ends::Ends, kept, recent::Recent, roll_up, sealed, sections, statements::Named};
use crate::roll_up::Hours;
use rusqlite::{Connection, OptionalExtension, Result, params};

/// Rows that are looked at in one step.
const STEP_MAX: i64 = 1000;
/// Gives back that many pages of the file in one step.
const GIVE_BACK: &str = "PRAGMA incremental_vacuum(256)";
const FREE_PAGES: &str = "PRAGMA freelist_count";

/// Page views up to one, and before them what they are found by.
const DELETE: [&str; 2] = [
    "DELETE FROM keys WHERE (half, page_view_id) IN (
         SELECT key >> 32, id FROM page_views WHERE id <= ?1
     )",
    "DELETE FROM page_views WHERE id <= ?1",
];

pub(super) const OLDEST: &str = "SELECT min(id) FROM page_views";
const DELETE_ARRIVALS: &str = "DELETE FROM arrivals WHERE day < ?1";
const DELETE_HISTOGRAMS: &str = "
    DELETE FROM histograms WHERE id IN (
        SELECT id FROM histograms WHERE hours = ?1 AND first_hour < ?2 LIMIT ?3
    )
";

/// Looks so many rows of a table ahead, and deletes those of them that were not used since a day.
struct Unused {
    last: &'static str,
    delete: &'static str,
}

macro_rules! unused {
    ($table:literal) => {
        Unused {
            last: concat!(
                "SELECT id FROM ",
                $table,
                " WHERE id > ?1 ORDER BY id LIMIT 1 OFFSET ?2"
            ),
            delete: concat!(
                "DELETE FROM ",
                $table,
                " WHERE id > ?1 AND id <= ?2 AND last_used_day < ?3"
            ),
        }
    };
}

const PAGES: Unused = unused!("pages");
const CIRCUMSTANCES: Unused = unused!("circumstances");
const TEXTS: Unused = unused!("texts");
const SHAPES: Unused = unused!("shapes");

pub(super) const STATEMENTS: [Named; 15] = [
    Named::new("page_views.oldest", OLDEST),
    Named::new("keys.prune", DELETE[0]),
    Named::new("page_views.prune", DELETE[1]),
    Named::new("arrivals.prune", DELETE_ARRIVALS),
    Named::new("histograms.prune", DELETE_HISTOGRAMS),
    Named::new("pages.step", PAGES.last),
    Named::new("pages.prune", PAGES.delete),
    Named::new("circumstances.step", CIRCUMSTANCES.last),
    Named::new("circumstances.prune", CIRCUMSTANCES.delete),
    Named::new("texts.step", TEXTS.last),
    Named::new("texts.prune", TEXTS.delete),
    Named::new("shapes.step", SHAPES.last),
    Named::new("shapes.prune", SHAPES.delete),
    Named::control("file.free_pages", FREE_PAGES),
    Named::control("file.give_back", GIVE_BACK),
];

/// How long what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Page views, from the day on which their first beacon arrived. At least as long as a later
    /// beacon of theirs may come, so that none is counted twice.
    pub page_view_days: u16,
    /// Daily histograms.
    pub histogram_days: u16,
}

/// Days that hourly histograms are kept: a week, and the day that it began on. Reports that reach
/// further back are of full days.
pub(super) const HOURLY_DAYS: i64 = 8;

impl Default for Retention {
    /// 30 days, and 13 months of the longest.
    fn default() -> Self {
        Self { page_view_days: 30, histogram_days: 397 }
    }
}

/// What is left to do on a day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prune {
    today: i64,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Stage {
    #[default]
    PageViews,
    Histograms(Hours),
    /// Daily histograms that are hardly changed any more.
    Seal,
    /// Rows that nothing refers to, by table; those up to this id are done.
    Unused(Table, i64),
    FreePages,
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Table {
    Pages,
    Circumstances,
    Texts,
    Shapes,
}

impl Prune {
    /// What is left today, in days since 1970: all, if it is another day than before.
    pub(super) fn on(self, today: i64) -> Self {
        if self.today == today { self } else { Self { today, stage: Stage::PageViews } }
    }

    /// From this hour on page views still come in large numbers: yesterday and today.
    fn first_open_hour(self) -> i64 {
        (self.today - 1) * Hours::Day.count()
    }

    /// Whether there is something left.
    pub(super) fn is_due(self) -> bool {
        self.stage != Stage::Done
    }

    /// Does a little of it.
    pub(super) fn step(
        self,
        connection: &Connection,
        recent: &mut Recent,
        ends: &mut Ends,
        retention: Retention,
    ) -> Result<Self> {
        let first_day = self.today - i64::from(retention.page_view_days);
        let stage = match self.stage {
            Stage::PageViews if page_views(connection, recent, ends, first_day)? => {
                Stage::PageViews
            }
            Stage::PageViews => Stage::Histograms(Hours::Hour),
            Stage::Histograms(hours) => {
                let first_day = match hours {
                    Hours::Hour => self.today - HOURLY_DAYS,
                    Hours::Day => self.today - i64::from(retention.histogram_days),
                };
                match (histograms(connection, hours, first_day)?, hours) {
                    (true, _) => self.stage,
                    (false, Hours::Hour) => Stage::Histograms(Hours::Day),
                    (false, Hours::Day) => Stage::Seal,
                }
            }
            Stage::Seal if sealed::seal(connection, self.first_open_hour())? => Stage::Seal,
            Stage::Seal => Stage::Unused(Table::Pages, 0),
            Stage::Unused(table, after) => match unused(connection, table, after, first_day)? {
                Some(after) => Stage::Unused(table, after),
                None => table.next().map_or(Stage::FreePages, |table| Stage::Unused(table, 0)),
            },
            Stage::FreePages if free_pages(connection)? => Stage::FreePages,
            Stage::FreePages | Stage::Done => Stage::Done,
        };
        Ok(Self { stage, ..self })
    }
}

impl Table {
    fn next(self) -> Option<Self> {
        match self {
            Self::Pages => Some(Self::Circumstances),
            Self::Circumstances => Some(Self::Texts),
            Self::Texts => Some(Self::Shapes),
            Self::Shapes => None,
        }
    }

    fn unused(self) -> Unused {
        match self {
            Self::Pages => PAGES,
            Self::Circumstances => CIRCUMSTANCES,
            Self::Texts => TEXTS,
            Self::Shapes => SHAPES,
        }
    }
}

/// Deletes some page views that arrived before that day, once they are in histograms; whether there
/// are more.
fn page_views(
    connection: &Connection,
    recent: &mut Recent,
    ends: &mut Ends,
    first_day: i64,
) -> Result<bool> {
    let end = kept::first_since(connection, first_day)?.unwrap_or(ends.next_id);
    let oldest: Option<i64> = connection.prepare_cached(OLDEST)?.query_row([], |row| row.get(0))?;
    let Some(oldest) = oldest.filter(|oldest| *oldest < end) else {
        connection.prepare_cached(DELETE_ARRIVALS)?.execute([first_day])?;
        return Ok(false);
    };
    let last = (oldest + STEP_MAX).min(end) - 1;
    if last > ends.watermark {
        roll_up::advance(connection, recent, ends, last)?;
    }
    for delete in sections::PRUNE.into_iter().chain(DELETE) {
        connection.prepare_cached(delete)?.execute([last])?;
    }
    Ok(true)
}

/// Deletes some histograms that begin before that day; whether there are more.
fn histograms(connection: &Connection, hours: Hours, first_day: i64) -> Result<bool> {
    let first_hour = first_day * Hours::Day.count();
    let values = params![hours.count(), first_hour, STEP_MAX];
    Ok(connection.prepare_cached(DELETE_HISTOGRAMS)?.execute(values)? > 0)
}

/// Deletes, of some rows after that id, those that were last used before that day, which is before
/// the oldest page view. The last of them; nothing after the end.
fn unused(
    connection: &Connection,
    table: Table,
    after: i64,
    first_day: i64,
) -> Result<Option<i64>> {
    let Unused { last, delete } = table.unused();
    let last = connection
        .prepare_cached(last)?
        .query_row(params![after, STEP_MAX], |row| row.get::<_, i64>(0))
        .optional()?;
    let values = params![after, last.unwrap_or(i64::MAX), first_day];
    connection.prepare_cached(delete)?.execute(values)?;
    Ok(last)
}

/// Gives some of the file back; whether there is more to give.
fn free_pages(connection: &Connection) -> Result<bool> {
    let before: u32 = connection.query_row(FREE_PAGES, [], |row| row.get(0))?;
    let mut statement = connection.prepare(GIVE_BACK)?;
    let mut freed = statement.query([])?;
    while freed.next()?.is_some() {}
    let after: u32 = connection.query_row(FREE_PAGES, [], |row| row.get(0))?;
    // A database that does not give pages back keeps them for later.
    Ok(0 < after && after < before)
}
