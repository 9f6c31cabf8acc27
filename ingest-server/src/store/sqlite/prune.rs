//! Deleting what is old, in steps so small that beacons hardly wait for them.

use super::{ends::Ends, kept, recent::Recent, roll_up, sealed, sections};
use crate::roll_up::Hours;
use rusqlite::{Connection, OptionalExtension, Result, params};

/// Rows that are looked at in one step.
const STEP_MAX: i64 = 1000;
/// Pages of the file that are given back in one step.
const FREE_PAGES_MAX: u32 = 256;

/// Page views up to one, and before them what they are found by.
const DELETE: [&str; 2] = [
    "DELETE FROM keys WHERE (half, page_view_id) IN (
         SELECT key >> 32, id FROM page_views WHERE id <= ?1
     )",
    "DELETE FROM page_views WHERE id <= ?1",
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

    fn name(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Circumstances => "circumstances",
            Self::Texts => "texts",
            Self::Shapes => "shapes",
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
    let oldest: Option<i64> = connection
        .prepare_cached("SELECT min(id) FROM page_views")?
        .query_row([], |row| row.get(0))?;
    let Some(oldest) = oldest.filter(|oldest| *oldest < end) else {
        let delete = "DELETE FROM arrivals WHERE day < ?1";
        connection.prepare_cached(delete)?.execute([first_day])?;
        return Ok(false);
    };
    let last = (oldest + STEP_MAX).min(end) - 1;
    if last > ends.watermark {
        roll_up::advance(connection, recent, ends, last)?;
    }
    for table in sections::TABLES {
        let delete = format!("DELETE FROM {table} WHERE page_view_id <= ?1");
        connection.prepare_cached(&delete)?.execute([last])?;
    }
    for delete in DELETE {
        connection.prepare_cached(delete)?.execute([last])?;
    }
    Ok(true)
}

/// Deletes some histograms that begin before that day; whether there are more.
fn histograms(connection: &Connection, hours: Hours, first_day: i64) -> Result<bool> {
    let delete = "
        DELETE FROM histograms WHERE id IN (
            SELECT id FROM histograms WHERE hours = ?1 AND first_hour < ?2 LIMIT ?3
        )
    ";
    let first_hour = first_day * Hours::Day.count();
    let values = params![hours.count(), first_hour, STEP_MAX];
    Ok(connection.prepare_cached(delete)?.execute(values)? > 0)
}

/// Deletes, of some rows after that id, those that were last used before that day, which is before
/// the oldest page view. The last of them; nothing after the end.
fn unused(
    connection: &Connection,
    table: Table,
    after: i64,
    first_day: i64,
) -> Result<Option<i64>> {
    let table = table.name();
    let last = format!("SELECT id FROM {table} WHERE id > ?1 ORDER BY id LIMIT 1 OFFSET ?2");
    let last = connection
        .prepare_cached(&last)?
        .query_row(params![after, STEP_MAX], |row| row.get::<_, i64>(0))
        .optional()?;
    let delete = format!("DELETE FROM {table} WHERE id > ?1 AND id <= ?2 AND last_used_day < ?3");
    let values = params![after, last.unwrap_or(i64::MAX), first_day];
    connection.prepare_cached(&delete)?.execute(values)?;
    Ok(last)
}

/// Gives some of the file back; whether there is more to give.
fn free_pages(connection: &Connection) -> Result<bool> {
    let count = "PRAGMA freelist_count";
    let before: u32 = connection.query_row(count, [], |row| row.get(0))?;
    let mut statement =
        connection.prepare(&format!("PRAGMA incremental_vacuum({FREE_PAGES_MAX})"))?;
    let mut freed = statement.query([])?;
    while freed.next()?.is_some() {}
    let after: u32 = connection.query_row(count, [], |row| row.get(0))?;
    // A database that does not give pages back keeps them for later.
    Ok(0 < after && after < before)
}
