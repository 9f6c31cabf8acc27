//! SQLite: one connection writes, a few read.

mod address;
mod alerts;
mod backup;
mod buckets;
mod connections;
mod details;
mod dictionary;
mod doctor;
mod duty;
mod ends;
mod explained;
mod export;
mod facts;
mod groups;
mod histograms;
mod import;
mod interaction_target;
mod kept;
mod key;
mod list;
mod loads;
mod log;
mod measured;
mod migrations;
mod page_views;
mod prune;
mod reader;
mod rebuild;
mod recent;
mod record;
mod releases;
mod remainder;
mod roll_up;
mod row;
mod sample;
mod sealed;
mod sections;
mod selection;
mod sites;
mod source_maps;
mod statements;
mod tokens;
mod whole;
mod why;

pub use address::Address;
pub use alerts::{AlertChange, AlertStates, Delivery, DueNotice, NewNotice, Notice};
pub use backup::back_up;
pub use buckets::Buckets;
pub use connections::PoolState;
pub use doctor::Diagnosis;
pub use explained::Explained;
pub use export::Export;
pub use groups::GROUPS_MAX;
pub use import::{Import, ImportError, Imported};
pub use key::PageViewKey;
pub use list::{LOOKED_AT_MAX, Listed, Order, Place};
pub use loads::{Loads, LoadsQuestion};
pub use measured::{Group, Measured};
pub use prune::Retention;
pub use reader::{FileSizes, Quiet, ReadError, Reader};
pub use rebuild::Rebuilt;
pub use releases::Sightings;
pub use roll_up::RollUpLimits;
pub use sample::{EXPLAINED_MAX, Sample};
pub use sections::{Kept, PagePlace, TOLD_MAX, Told};
pub use selection::{Filters, Selection};
pub use sites::{Site, SiteName, Sites};
pub use source_maps::{SOURCE_MAP_BYTES_MAX, SOURCE_MAP_NAME_BYTES_MAX, SOURCE_MAPS_MAX};
pub use statements::{
    Plan, RequestStatements, StatementRuns, StatementTally, StatementTimes, WithStatements,
};
pub use tokens::{TOKEN_NAME_BYTES_MAX, TOKENS_MAX, Token, TokenFacts, Tokens};

use crate::ingest::{Change, PageView};
use crate::{roll_up::MS_PER_HOUR, timed::Timed};
use anyhow::{Context, Result, ensure};
use dictionary::Dictionary;
use duty::{Duty, Watch};
use ends::Ends;
use jiff::Timestamp;
use prune::Prune;
use rusqlite::{Connection, ErrorCode, MAIN_DB, TransactionBehavior, config::DbConfig, ffi};
use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};
use tracing::{debug_span, field};

/// The first SQLite whose write-ahead log is safe when two connections check it point at once.
const SQLITE_VERSION_MIN: i32 = 3_051_003;
/// How long a write waits for another program that writes.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// How long emptying the log at the end waits for those who read. It may stay: the next start takes
/// it up.
const CLOSE_WAIT: Duration = Duration::from_millis(500);
/// Statements kept ready; there are fewer.
const STATEMENTS_MAX: usize = 64;

/// For the connection that writes. FULL makes a commit outlive a loss of power.
const WRITER_PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -65536;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
";

/// The database, open for writing.
pub struct Database {
    path: PathBuf,
    connection: Connection,
    page_bytes: u64,
    /// Whether SQLite leaves the log alone.
    keeps_log: bool,
    dictionary: Dictionary,
    ends: Ends,
    roll_up_limits: RollUpLimits,
    retention: Retention,
    prune: Prune,
    watch: Watch,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Why a write failed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The rows break a rule of the schema.
    #[error("the rows break a rule of the database")]
    Constraint(#[source] rusqlite::Error),
    /// The database or its disk refuses.
    #[error("the database refuses")]
    Unavailable(#[source] rusqlite::Error),
    /// The disk did not confirm what it was given. What it says afterwards cannot be believed: it
    /// takes the pages for written. Rebello et al., "Can Applications Recover from fsync Failures?",
    /// USENIX ATC 2020.
    #[error("the disk failed to keep what was written; nothing more is written before a restart")]
    Unconfirmed(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for WriteError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error() {
            Some(it) if it.code == ErrorCode::ConstraintViolation => Self::Constraint(error),
            Some(it) if it.extended_code == ffi::SQLITE_IOERR_FSYNC => Self::Unconfirmed(error),
            _ => Self::Unavailable(error),
        }
    }
}

impl Database {
    /// Opens the file, or creates it with the site `default`, and brings its schema up to date.
    pub fn open(path: &Path) -> Result<Self> {
        ensure!(
            rusqlite::version_number() >= SQLITE_VERSION_MIN,
            "SQLite {} can corrupt its log; 3.51.3 or later is needed",
            rusqlite::version()
        );
        let open = || -> Result<Connection> {
            let mut connection = Connection::open(path)?;
            // SQLite opens what cannot be written for reading.
            ensure!(!connection.is_readonly(MAIN_DB)?, "it cannot be written");
            connection.busy_timeout(BUSY_WAIT)?;
            migrations::check(&connection)?;
            connection.execute_batch(WRITER_PRAGMAS)?;
            connection.pragma_update(None, "wal_autocheckpoint", log::PAGES_MOVED)?;
            give_pages_back(&connection)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
            keep_plans(&connection)?;
            migrations::run(&mut connection)?;
            Ok(connection)
        };
        let connection =
            open().with_context(|| format!("cannot open the database {}", path.display()))?;
        let ends = Ends::read(&connection)?;
        let page_bytes =
            connection.query_row("PRAGMA page_size", [], |row| row.get::<_, u32>(0))?;
        let mut database = Self {
            path: path.to_owned(),
            connection,
            page_bytes: page_bytes.into(),
            keeps_log: false,
            dictionary: Dictionary::default(),
            ends,
            roll_up_limits: RollUpLimits::default(),
            retention: Retention::default(),
            prune: Prune::default(),
            watch: Watch::default(),
        };
        database.put_default_site()?;
        Ok(database)
    }

    /// The same, rolling up more or fewer page views at once.
    #[must_use]
    pub fn with_roll_up(self, roll_up_limits: RollUpLimits) -> Self {
        Self { roll_up_limits, ..self }
    }

    /// The same, keeping what there is for more or fewer days.
    #[must_use]
    pub fn with_retention(self, retention: Retention) -> Self {
        Self { retention, ..self }
    }

    /// Opens it anew: a connection may not get over an error that its disk has.
    pub fn reopen(&mut self) -> Result<()> {
        let Self { roll_up_limits, retention, keeps_log, .. } = *self;
        let opened = Self::open(&self.path)?.with_roll_up(roll_up_limits);
        *self = Self { watch: std::mem::take(&mut self.watch), ..opened.with_retention(retention) };
        if keeps_log {
            self.keep_log()?;
        }
        Ok(())
    }

    /// Writes page views in one transaction: all, or none. What became of each, in their order.
    ///
    /// # Errors
    /// Nothing was written; the connection can be used again.
    pub fn write<'a>(
        &mut self,
        page_views: impl Iterator<Item = &'a PageView>,
        now: Timestamp,
    ) -> Result<Vec<Change>, WriteError> {
        self.change(Duty::Write, now, |connection, dictionary, ends| {
            ends.arrive(connection, dictionary.today())?;
            let write = |page_view| page_views::write(connection, dictionary, ends, page_view);
            Ok::<_, WriteError>(page_views.map(write).collect::<Result<_, _>>()?)
        })
    }

    /// How many page views are in no histogram yet.
    pub fn roll_up_lag(&self) -> u64 {
        let Ends { next_id, watermark, .. } = self.ends;
        u64::try_from(next_id - 1 - watermark).unwrap_or(0)
    }

    /// Rolls up the oldest page views that are not in histograms yet, if there are many.
    ///
    /// # Errors
    /// Nothing was changed.
    pub fn roll_up(&mut self, now: Timestamp) -> Result<(), WriteError> {
        let limits = self.roll_up_limits;
        if roll_up::due(&self.ends, &limits).is_none() {
            return Ok(());
        }
        let timed = Timed::new(debug_span!(
            "roll_up",
            batch.page_views_max = i64::from(limits.step_max),
            batch.corrections = self.ends.corrections,
            duration_ms = field::Empty
        ));
        let _entered = timed.span().enter();
        self.change(Duty::RollUp, now, |connection, dictionary, ends| {
            Ok(roll_up::step(connection, &mut dictionary.recent, ends, &limits)?)
        })
    }

    /// Whether there may be something old to be deleted today.
    pub fn is_prune_due(&self, now: Timestamp) -> bool {
        self.prune.on(day(now)).is_due()
    }

    /// Deletes some of what is old, if there is any.
    ///
    /// # Errors
    /// Nothing was changed.
    pub fn prune(&mut self, now: Timestamp) -> Result<(), WriteError> {
        let prune = self.prune.on(day(now));
        if prune.is_due() {
            let retention = self.retention;
            self.prune = self.change(Duty::Prune, now, |connection, dictionary, ends| {
                Ok::<_, WriteError>(prune.step(
                    connection,
                    &mut dictionary.recent,
                    ends,
                    retention,
                )?)
            })?;
        }
        Ok(())
    }

    /// Makes a site's histograms again from its page views, as far as they are there; none is
    /// written meanwhile. Nothing, when there is no site of that name.
    ///
    /// # Errors
    /// Nothing was changed.
    pub fn rebuild(
        &mut self,
        site: &SiteName,
        now: Timestamp,
    ) -> Result<Option<Rebuilt>, WriteError> {
        self.change(Duty::Rebuild, now, |connection, dictionary, _| {
            let id = sites::find(connection, site)?;
            Ok(id.map(|id| rebuild::rebuild(connection, id, dictionary.today())).transpose()?)
        })
    }

    /// Changes something in one transaction: all, or nothing.
    fn change<T, E: From<rusqlite::Error>>(
        &mut self,
        duty: Duty,
        now: Timestamp,
        change: impl FnOnce(&Connection, &mut Dictionary, &mut Ends) -> Result<T, E>,
    ) -> Result<T, E> {
        let watching = self.watch(duty);
        let changed = self.change_unwatched(now, change);
        self.watched(watching);
        changed
    }

    fn change_unwatched<T, E: From<rusqlite::Error>>(
        &mut self,
        now: Timestamp,
        change: impl FnOnce(&Connection, &mut Dictionary, &mut Ends) -> Result<T, E>,
    ) -> Result<T, E> {
        let Self { connection, dictionary, ends, .. } = self;
        // Dropped without a commit, the transaction is rolled back (unless SQLite did by itself).
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut new_ends = *ends;
        let changed =
            dictionary.begin(&transaction, day(now)).map_err(E::from).and_then(|is_alone| {
                if !is_alone {
                    new_ends = Ends::read(&transaction)?;
                }
                let changed = change(&transaction, dictionary, &mut new_ends)?;
                transaction.commit()?;
                Ok(changed)
            });
        match changed {
            Ok(_) => *ends = new_ends,
            Err(_) => dictionary.forget(),
        }
        changed
    }

    /// Moves the log into the file and closes it.
    pub fn close(self) -> Result<()> {
        self.empty_log(CLOSE_WAIT)?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}

/// In days since 1970.
fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(24 * 60 * 60)
}

/// In hours since 1970.
fn hour(time: Timestamp) -> i64 {
    time.as_millisecond().div_euclid(MS_PER_HOUR)
}

/// A plan does not depend on what a statement is given. Otherwise SQLite makes a new one each time, to
/// see whether an index of some rows (`WHERE hours = 24`) has those that are asked for.
fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// Makes a database that can become smaller. One that was made otherwise has to be written anew.
fn give_pages_back(connection: &Connection) -> rusqlite::Result<()> {
    const INCREMENTAL: i64 = 2;
    let mode: i64 = connection.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
    if mode == INCREMENTAL {
        return Ok(());
    }
    connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM")
}
