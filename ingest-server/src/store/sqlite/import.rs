//! Writing in what was read out.

use super::{
    Database, Duty, WriteError, dictionary::Dictionary, histograms, page_views, remainder,
    row::Row, sections, whole,
};
use crate::{
    ingest::SiteId,
    roll_up::{Dimension, Hours, Place},
    transfer::{Fault, HistogramRecord, PageViewRecord},
};
use anyhow::{Result, ensure};
use beacon::MetricName;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::{collections::BTreeSet, ops::AddAssign};

/// An import of page views into a site, some at a time.
#[derive(Debug)]
pub struct Import {
    site: SiteId,
    now: Timestamp,
    deleted: Deleted,
}

/// The days of which page views were deleted.
#[derive(Debug, Default)]
struct Deleted {
    /// None since this hour.
    before_hour: i64,
    /// Days since 1970 on which some began that are in histograms only.
    days: BTreeSet<i64>,
}

/// What became of page views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Were not there.
    pub new: u64,
    /// Were there, and something in them is later.
    pub changed: u64,
    /// Were there as they are.
    pub same: u64,
}

impl AddAssign for Imported {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.same += other.same;
    }
}

/// Why page views were not imported. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// One of them does not fit to what is there.
    #[error("{fault}")]
    Misfit {
        /// Which of those that were given.
        index: usize,
        /// Why.
        fault: Fault,
    },
    /// They cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<rusqlite::Error> for ImportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Write(error.into())
    }
}

impl Database {
    /// Begins to import page views into a site.
    pub fn import(&mut self, site: SiteId, now: Timestamp) -> Result<Import> {
        let mut import = Import { site, now, deleted: Deleted::default() };
        let transaction = self.connection.transaction()?;
        import.deleted.read(&transaction, site, super::day(now))?;
        transaction.finish()?;
        Ok(import)
    }

    /// Writes page views in one transaction: all, or none. One that is there already is put together
    /// with what is there, as if a beacon of it had come again.
    ///
    /// # Errors
    /// Nothing was written, and why.
    pub fn import_page_views(
        &mut self,
        import: &mut Import,
        records: &[PageViewRecord],
    ) -> Result<Imported, ImportError> {
        let Import { site, now, deleted } = import;
        self.change(Duty::Import, *now, |connection, dictionary, ends| {
            deleted.read(connection, *site, dictionary.today())?;
            let mut imported = Imported::default();
            for (index, record) in records.iter().enumerate() {
                let misfit = |fault| ImportError::Misfit { index, fault };
                if record.arrived_on > dictionary.today() {
                    return Err(misfit(Fault::of("arrived_on", "lies in the future")));
                }
                let row = row(connection, dictionary, *site, record)?;
                let Some((id, known)) =
                    page_views::find(connection, &dictionary.recent, record.key)?
                else {
                    deleted.check(record).map_err(misfit)?;
                    ends.arrive(connection, record.arrived_on)?;
                    let id = page_views::insert(connection, dictionary, ends, record.key, &row)?;
                    sections::write_records(connection, dictionary, id, &record.sections)?;
                    imported.new += 1;
                    continue;
                };
                if known.page != row.page && site_of(connection, known.page)? != *site {
                    let detail = "is that of a page view of another site of this database";
                    return Err(misfit(Fault::of("key", detail)));
                }
                sections::write_records(connection, dictionary, id, &record.sections)?;
                let changed =
                    page_views::merge(connection, dictionary, ends, record.key, (id, known), row)?;
                *(if changed.is_some() { &mut imported.changed } else { &mut imported.same }) += 1;
            }
            Ok(imported)
        })
    }

    /// Adds histograms of page views that are not here to a site, in one transaction; how many there
    /// are. As counts cannot be told from each other, that is done once for a site.
    pub fn import_histograms(
        &mut self,
        site: SiteId,
        now: Timestamp,
        records: impl Iterator<Item = Result<HistogramRecord>>,
    ) -> Result<u64> {
        self.change(Duty::Import, now, |connection, _, _| {
            let before = "SELECT imported_before_hour FROM sites WHERE id = ?1";
            let before: i64 = connection.query_row(before, [site.0], |row| row.get(0))?;
            ensure!(
                before == 0,
                "the site has imported histograms already; they would be counted twice"
            );
            let (mut count, mut end) = (0, 0);
            let (mut has_hosts, mut of_site) = (false, Vec::new());
            for record in records {
                let HistogramRecord { dimension, value, hours, first_hour, cell } = record?;
                let place = Place { site, dimension, value, hours, first_hour };
                has_hosts |= dimension == Dimension::Host;
                if dimension == Dimension::Site {
                    of_site.push((
                        Place { dimension: Dimension::Host, ..place.clone() },
                        cell.clone(),
                    ));
                }
                histograms::merge(connection, &place, cell)?;
                end = end.max(end_of_day(first_hour));
                count += 1;
            }
            // An export of before knows of no hosts.
            for (place, cell) in of_site.into_iter().filter(|_| !has_hosts) {
                histograms::merge(connection, &place, cell)?;
            }
            let put = "UPDATE sites SET imported_before_hour = ?2 WHERE id = ?1";
            connection.execute(put, params![site.0, end])?;
            Ok(count)
        })
    }
}

impl Deleted {
    /// It takes a look at every page view, so only when something was deleted since the last time.
    fn read(&mut self, connection: &Connection, site: SiteId, today: i64) -> rusqlite::Result<()> {
        let before_hour = whole::first_hour(connection, site, today)?;
        if before_hour != self.before_hour {
            self.days.clear();
            remainder::read(connection, site, today, |record| {
                if record.dimension == Dimension::Site && record.hours == Hours::Day {
                    self.days.insert(record.first_hour / Hours::Day.count());
                }
                Ok::<_, rusqlite::Error>(())
            })?;
            self.before_hour = before_hour;
        }
        Ok(())
    }

    /// A page view that is not there may be one that was deleted, and that histograms still have.
    fn check(&self, record: &PageViewRecord) -> Result<(), Fault> {
        let began_on = super::day(record.started_at);
        let may_be_deleted = record.arrived_on * Hours::Day.count() < self.before_hour
            && self.days.contains(&began_on);
        if may_be_deleted && !record.is_bot {
            let detail = "lies on a day of which page views were deleted here, or imported as \
                          histograms: nobody can tell whether this one is counted already";
            return Err(Fault::of("started_at", detail));
        }
        Ok(())
    }
}

fn end_of_day(hour: i64) -> i64 {
    (hour.div_euclid(Hours::Day.count()) + 1) * Hours::Day.count()
}

fn site_of(connection: &Connection, page: i64) -> rusqlite::Result<SiteId> {
    let mut statement = connection.prepare_cached("SELECT site_id FROM pages WHERE id = ?1")?;
    statement.query_row([page], |row| row.get(0).map(SiteId))
}

fn row(
    connection: &Connection,
    dictionary: &mut Dictionary,
    site: SiteId,
    record: &PageViewRecord,
) -> rusqlite::Result<Row> {
    let page = dictionary.page(connection, site, record.into())?;
    let circumstances = dictionary.circumstances(connection, &record.into())?;
    let mut metrics = [const { None }; MetricName::ALL.len()];
    for ((name, metric), value) in
        MetricName::ALL.into_iter().zip(&record.metrics).zip(&mut metrics)
    {
        if let Some(metric) = metric {
            let (sequence, measurement) = (metric.sequence, &metric.measurement);
            *value = Some(page_views::metric(connection, dictionary, name, sequence, measurement)?);
        }
    }
    Ok(Row {
        page,
        circumstances,
        started_at_ms: record.started_at.as_millisecond(),
        session: record.session,
        sequence: record.sequence,
        metrics,
    })
}
