//! The connections that read. What is read stands beside its statement.

use super::{
    GROUPS_MAX, Plan, Retention, StatementTally,
    connections::{Connections, PoolState},
    groups::TooManyGroups,
    statements::{self, RequestStatements, Watching},
};
use crate::timed::Timed;
use anyhow::{Context, Result, anyhow};
use deadpool_sqlite::{Config, Hook, HookError, Object, Pool, Runtime, Timeouts};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};
use tracing::{debug_span, field};

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
    reports: Connections,
    /// Not behind slow reports: without the sites no beacon is taken.
    aside: Connections,
    path: PathBuf,
    statements: Arc<StatementTally>,
    retention: Retention,
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

impl ReadError {
    /// For one who opens a database to read it: SQLite cannot do so where it cannot write beside it.
    pub(super) fn with_advice(self) -> anyhow::Error {
        let error = anyhow::Error::from(self);
        let is_refusal = |cause: &rusqlite::Error| {
            matches!(cause.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
        };
        let is_refused = error.chain().filter_map(|it| it.downcast_ref()).any(is_refusal);
        if is_refused {
            return error.context(
                "SQLite reads it by way of two files beside it (-wal and -shm), and its folder cannot \
                 be written; run this as the user who runs the server, or copy it, and its -wal if \
                 there is one, to a folder of your own",
            );
        }
        error
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
        let connections = |max| pool(path, max).map(Connections::of);
        let (reports, aside) = (connections(REPORTS_MAX)?, connections(1)?);
        let statements = Arc::default();
        let retention = Retention::default();
        Ok(Self { reports, aside, path: path.to_owned(), statements, retention })
    }

    /// The same, counting its statements there.
    #[must_use]
    pub fn with_tally(self, statements: Arc<StatementTally>) -> Self {
        Self { statements, ..self }
    }

    /// The same of a database whose writer keeps things so long.
    #[must_use]
    pub fn with_retention(self, retention: Retention) -> Self {
        Self { retention, ..self }
    }

    /// How long what is kept.
    pub fn retention(&self) -> Retention {
        self.retention
    }

    /// How statements fare.
    pub fn statements(&self) -> &StatementTally {
        &self.statements
    }

    /// How SQLite goes about each statement.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn plans(&self) -> Result<Vec<Plan>, ReadError> {
        let connection = self.aside.get().await.context("no connection");
        let connection = connection.map_err(ReadError::Unavailable)?;
        let read = |connection: &mut Connection| statements::plans(connection);
        let plans = connection.interact(move |it| within(READ_MAX, it, read)).await;
        plans.map_err(|error| ReadError::Unavailable(anyhow!("no plans: {error}")))?
    }

    /// What the database takes on disk; nothing, where there is no file.
    pub fn file_sizes(&self) -> FileSizes {
        let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
        FileSizes { database: size(&self.path), log: size(&self.log_path()) }
    }

    /// What is known of the log without reading it: changes when anybody writes the database, or empties the
    /// log. Two writes of other programs within a tick of the machine's clock, some milliseconds, may look
    /// like one.
    pub fn log_state(&self) -> Option<(u64, SystemTime)> {
        let log = fs::metadata(self.log_path()).ok()?;
        Some((log.len(), log.modified().ok()?))
    }

    fn log_path(&self) -> PathBuf {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        log.into()
    }

    /// How the connections fare, by what they are for.
    pub fn pools(&self) -> [(&'static str, PoolState); 2] {
        [("reports", self.reports.state()), ("aside", self.aside.state())]
    }

    /// Waits until the reports end that are being read, which they do in time, and lets no other
    /// begin: those that overlap all the time keep the log from being emptied.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn quiet(&self) -> Result<Quiet, ReadError> {
        let mut connections = Vec::with_capacity(REPORTS_MAX);
        let timeouts = Timeouts { wait: Some(2 * READ_MAX), ..self.reports.pool.timeouts() };
        for _ in 0..REPORTS_MAX {
            let connection = self.reports.pool.timeout_get(&timeouts).await;
            let connection = connection.context("no quiet").map_err(ReadError::Unavailable)?;
            // A read goes on for a while after its request is given up.
            let idle = connection.interact(|_| ()).await;
            idle.map_err(|error| ReadError::Unavailable(anyhow!("no quiet: {error}")))?;
            connections.push(connection);
        }
        Ok(Quiet(connections))
    }

    /// Reads what a report is made of.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub(super) async fn report<T: Send + 'static, E: Into<ReadError>>(
        &self,
        read: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ReadError> {
        in_turn(&self.reports, self.statements.clone(), read).await
    }

    /// Reads something small that does not wait for reports.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub(super) async fn aside<T: Send + 'static, E: Into<ReadError>>(
        &self,
        read: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ReadError> {
        in_turn(&self.aside, self.statements.clone(), read).await
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

async fn in_turn<T: Send + 'static, E: Into<ReadError>>(
    connections: &Connections,
    tally: Arc<StatementTally>,
    read: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
) -> Result<T, ReadError> {
    let connection = connections.get().await.context("no connection");
    let connection = connection.map_err(ReadError::Unavailable)?;
    // It belongs to whoever asks, who is on another thread.
    let timed = Timed::new(debug_span!("query", duration_ms = field::Empty));
    let read = move |connection: &mut Connection| {
        let _entered = timed.span().enter();
        let watching = Watching::begin(&tally, connection);
        let answer = within(READ_MAX, connection, read);
        (answer, watching.end(connection))
    };
    let read = connection.interact(read).await;
    let (answer, ran): (_, RequestStatements) =
        read.map_err(|error| ReadError::Unavailable(anyhow!("the read was given up: {error}")))?;
    ran.count_for_request();
    answer
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
