//! The connections that read.

use super::{
    AlertStates, Buckets, DueNotice, Explained, GROUPS_MAX, Listed, Loads, LoadsQuestion, Notice,
    Order, PageViewKey, Place, Sample, Selection, Sites, alerts, explained,
    groups::TooManyGroups,
    list, loads,
    measured::{self, Group, Measured},
    migrations,
    releases::{self, Sightings},
    sample,
};
use crate::{distribution::Distribution, ingest::SiteId, roll_up::Facet, transfer::PageViewRecord};
use anyhow::{Context, Result, anyhow};
use beacon::MetricName;
use deadpool_sqlite::{Config, Hook, HookError, Object, Pool, Runtime, Timeouts};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode};
use std::{
    fs,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Reports at the same time; more wait their turn.
const REPORTS_MAX: usize = 4;
/// How long a request waits for its turn.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// How long one read may take. A longer one would keep the log from being emptied.
const READ_MAX: Duration = Duration::from_secs(10);
/// Steps of SQLite's virtual machine between two looks at the clock: well below a millisecond.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

const PRAGMAS: &str = "
    PRAGMA query_only = ON;
    PRAGMA busy_timeout = 5000;
    PRAGMA cache_size = -16384;
    PRAGMA temp_store = MEMORY;
";

/// A few connections that cannot write.
#[derive(Clone, Debug)]
pub struct Reader {
    reports: Pool,
    /// Not behind slow reports: without the sites no beacon is taken.
    sites: Pool,
    path: PathBuf,
}

/// What the database takes on disk, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct FileSizes {
    /// The file itself.
    pub database: u64,
    /// What is not in it yet.
    pub log: u64,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It took longer than a read may; a shorter period is answered sooner.
    #[error("the read took longer than {} seconds", READ_MAX.as_secs())]
    TooLong,
    /// The database refuses, or every connection is busy.
    #[error("the database cannot be read")]
    Unavailable(#[source] anyhow::Error),
    /// No histograms tell it, and page views that would are deleted.
    #[error("page views of before {before} are deleted")]
    Deleted {
        /// From this time on every page view is there.
        before: Timestamp,
    },
    /// Page views have too many values to be told apart by them.
    #[error("there are more than {GROUPS_MAX} values")]
    TooManyGroups,
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Self::TooLong,
            _ => Self::Unavailable(error.into()),
        }
    }
}

impl From<TooManyGroups> for ReadError {
    fn from(TooManyGroups: TooManyGroups) -> Self {
        Self::TooManyGroups
    }
}

impl Reader {
    /// For a database that exists. Connections are opened when they are needed.
    pub fn open(path: &Path) -> Result<Self> {
        let (reports, sites) = (pool(path, REPORTS_MAX)?, pool(path, 1)?);
        Ok(Self { reports, sites, path: path.to_owned() })
    }

    /// What the database takes on disk; nothing, where there is no file.
    pub fn file_sizes(&self) -> FileSizes {
        let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        FileSizes { database: size(&self.path), log: size(Path::new(&log)) }
    }

    /// Every site.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn sites(&self) -> Result<Sites, ReadError> {
        read(&self.sites, |connection| Sites::read(connection)).await
    }

    /// Waits until the reports end that are being read, which they do in time, and lets no other
    /// begin: those that overlap all the time keep the log from being emptied.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn quiet(&self) -> Result<Quiet, ReadError> {
        let mut connections = Vec::with_capacity(REPORTS_MAX);
        let timeouts = Timeouts { wait: Some(2 * READ_MAX), ..self.reports.timeouts() };
        for _ in 0..REPORTS_MAX {
            let connection = self.reports.timeout_get(&timeouts).await;
            let connection = connection.context("no quiet").map_err(ReadError::Unavailable)?;
            // A read goes on for a while after its request is given up.
            let idle = connection.interact(|_| ()).await;
            idle.map_err(|error| ReadError::Unavailable(anyhow!("no quiet: {error}")))?;
            connections.push(connection);
        }
        Ok(Quiet(connections))
    }

    /// What was measured on the selected page views.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn measured(&self, selection: Selection) -> Result<Measured, ReadError> {
        read(&self.reports, move |connection| measured::all(connection, &selection)).await
    }

    /// What was measured on the selected page views, and on those that are alike and began before,
    /// from that time on; nothing of the latter, where some of them are deleted.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn measured_with_previous(
        &self,
        selection: Selection,
        previous_from: Timestamp,
    ) -> Result<(Measured, Option<Measured>), ReadError> {
        let both = move |connection: &mut Connection| {
            measured::all_with_previous(connection, &selection, previous_from)
        };
        read(&self.reports, both).await
    }

    /// The values of a metric on the selected page views.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn values(
        &self,
        selection: Selection,
        metric: MetricName,
    ) -> Result<Distribution, ReadError> {
        let values =
            move |connection: &mut Connection| measured::values(connection, &selection, metric);
        read(&self.reports, values).await
    }

    /// The values of a metric on the selected page views in each of the buckets, which together are
    /// the selected period.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn over_time(
        &self,
        selection: Selection,
        buckets: Buckets,
        metric: MetricName,
    ) -> Result<Vec<Distribution>, ReadError> {
        let over_time = move |connection: &mut Connection| {
            measured::over_time(connection, &selection, &buckets, metric)
        };
        read(&self.reports, over_time).await
    }

    /// What was measured on the selected page views in each of the buckets, which together are the
    /// selected period.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn measured_over_time(
        &self,
        selection: Selection,
        buckets: Buckets,
    ) -> Result<Vec<Measured>, ReadError> {
        let over_time = move |connection: &mut Connection| {
            measured::all_over_time(connection, &selection, &buckets)
        };
        read(&self.reports, over_time).await
    }

    /// The values of a metric on the selected page views, by what those are alike in; in no order.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn by_value(
        &self,
        selection: Selection,
        facet: Facet,
        metric: MetricName,
    ) -> Result<Vec<Group>, ReadError> {
        let by_value = move |connection: &mut Connection| {
            measured::by_value(connection, &selection, facet, metric)
        };
        read(&self.reports, by_value).await
    }

    /// Page views by the days in which they began.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn loads(&self, question: LoadsQuestion) -> Result<Vec<Loads>, ReadError> {
        read(&self.reports, move |connection| loads::read(connection, &question)).await
    }

    /// When the releases of a site were seen, from one time on and up to another.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn releases(
        &self,
        site: SiteId,
        period: (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Sightings, ReadError> {
        read(&self.reports, move |connection| releases::read(connection, site, period, now)).await
    }

    /// That the database is as this release writes it: one who only reads cannot bring it up to date.
    pub async fn check(&self) -> Result<()> {
        let schema = read(&self.sites, |connection| migrations::schema(connection)).await?;
        migrations::check_latest(schema)
    }

    /// The selected page views in an order, so many of them behind a place.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn list(
        &self,
        selection: Selection,
        part: (Order, Option<Place>, usize),
        now: Timestamp,
    ) -> Result<Listed, ReadError> {
        read(&self.reports, move |connection| list::read(connection, &selection, part, now)).await
    }

    /// Which page views to look at for a selection, so many at most; if the question is about one
    /// metric, only those on which it was measured.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn sample(
        &self,
        selection: Selection,
        metric: Option<MetricName>,
        rows_max: NonZeroU32,
    ) -> Result<Sample, ReadError> {
        let sample =
            move |connection: &mut Connection| sample::of(connection, &selection, metric, rows_max);
        read(&self.reports, sample).await
    }

    /// Puts the selected page views of a sample, one by one and with what explains their values, into
    /// a state. Says also from when on all of them are still there.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn explained<S: Send + 'static>(
        &self,
        selection: Selection,
        sample: Sample,
        mut state: S,
        add: impl Fn(&mut S, &Explained<'_>) + Send + 'static,
        now: Timestamp,
    ) -> Result<(S, Timestamp), ReadError> {
        let each = move |connection: &mut Connection| {
            let add = |page_view: &Explained<'_>| add(&mut state, page_view);
            let kept_from = explained::read(connection, &selection, sample, now, add)?;
            Ok::<_, rusqlite::Error>((state, kept_from))
        };
        read(&self.reports, each).await
    }

    /// A page view of a site, if it is still there.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn page_view(
        &self,
        site: SiteId,
        key: PageViewKey,
    ) -> Result<Option<PageViewRecord>, ReadError> {
        read(&self.reports, move |connection| list::find(connection, site, key)).await
    }

    /// How the rules of alerts are.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn alert_states(&self) -> Result<AlertStates, ReadError> {
        read(&self.sites, |connection| alerts::states(connection)).await
    }

    /// The latest notices of each rule of a site, the latest first.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn alert_notices(&self, site: SiteId) -> Result<Vec<Notice>, ReadError> {
        read(&self.sites, move |connection| alerts::latest(connection, site)).await
    }

    /// The notices that are to be sent now; of each rule only the first.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn due_notices(&self, now: Timestamp) -> Result<Vec<DueNotice>, ReadError> {
        read(&self.sites, move |connection| alerts::due(connection, now)).await
    }
}

/// No report is read as long as it lives.
#[derive(Debug)]
pub struct Quiet(#[expect(dead_code, reason = "they are held, and not used")] Vec<Object>);

fn pool(path: &Path, connections_max: usize) -> Result<Pool> {
    let prepare = Hook::sync_fn(|connection, _| {
        let connection = connection.lock().map_err(|_| HookError::message("poisoned"))?;
        connection.execute_batch(PRAGMAS).map_err(HookError::Backend)?;
        super::keep_plans(&connection).map_err(HookError::Backend)
    });
    let pool = Config::new(path)
        .builder(Runtime::Tokio1)?
        .max_size(connections_max)
        .wait_timeout(Some(WAIT_MAX))
        .runtime(Runtime::Tokio1)
        .post_create(prepare);
    Ok(pool.build()?)
}

async fn read<T: Send + 'static, E: Into<ReadError>>(
    pool: &Pool,
    read: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
) -> Result<T, ReadError> {
    let connection = pool.get().await.context("no connection").map_err(ReadError::Unavailable)?;
    let answer = connection.interact(|connection| within(READ_MAX, connection, read)).await;
    answer.map_err(|error| ReadError::Unavailable(anyhow!("the read was given up: {error}")))?
}

/// Reads, but not for longer than that. The connection itself looks at the clock, so that the read
/// ends even when the request that it was for is gone.
fn within<T, E: Into<ReadError>>(
    limit: Duration,
    connection: &mut Connection,
    read: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, ReadError> {
    let end = Instant::now() + limit;
    connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || Instant::now() >= end))?;
    read(connection).map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::Database;

    const ENDLESS: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

    #[test]
    fn a_read_that_takes_too_long_is_ended_and_the_connection_still_works() {
        let mut connection = Connection::open_in_memory().unwrap();
        let mut read = |sql: &str| {
            within(Duration::from_millis(50), &mut connection, |connection| {
                connection.query_row(sql, [], |row| row.get::<_, i64>(0))
            })
        };
        assert!(matches!(read(ENDLESS), Err(ReadError::TooLong)));
        assert_eq!(read("SELECT 7").unwrap(), 7);
    }

    #[test]
    fn a_read_that_was_ended_no_longer_keeps_the_log_from_being_emptied() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rhumb.db");
        let database = Database::open(&path).unwrap();
        let mut reader = Connection::open(&path).unwrap();
        let ended = within(Duration::from_millis(50), &mut reader, |connection| {
            let transaction = connection.transaction()?;
            transaction.query_row("SELECT count(*) FROM sites", [], |row| row.get::<_, i64>(0))?;
            transaction.query_row(ENDLESS, [], |row| row.get::<_, i64>(0))
        });
        assert!(matches!(ended, Err(ReadError::TooLong)));
        assert!(database.empty_log(Duration::ZERO).unwrap());
    }
}
