//! SQLite: one connection writes, a few read.

mod migrations;
mod page_views;
mod reader;
mod sites;
mod values;

pub use reader::{ReadError, Reader};
pub use sites::{Site, SiteName, Sites};
pub use values::{Filters, Measured, Selection};

use crate::ingest::PageView;
use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use std::{fmt, path::Path, time::Duration};

/// The first SQLite whose write-ahead log is safe when two connections check it point at once.
const SQLITE_VERSION_MIN: i32 = 3_051_003;
/// How long emptying the log at the end waits for those who read. It may stay: the next start takes
/// it up.
const CLOSE_WAIT: Duration = Duration::from_millis(500);
/// Statements kept ready; there are fewer.
const STATEMENTS_MAX: usize = 32;

/// For the connection that writes. FULL makes a commit outlive a loss of power.
const WRITER_PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA busy_timeout = 5000;
    PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
";

/// The database, open for writing.
pub struct Database {
    connection: Connection,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("path", &self.connection.path()).finish()
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
}

impl From<rusqlite::Error> for WriteError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => Self::Constraint(error),
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
            connection.execute_batch(WRITER_PRAGMAS)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
            migrations::run(&mut connection)?;
            Ok(connection)
        };
        let connection =
            open().with_context(|| format!("cannot open the database {}", path.display()))?;
        let mut database = Self { connection };
        database.put_default_site()?;
        Ok(database)
    }

    /// Writes page views in one transaction: all, or none.
    ///
    /// # Errors
    /// Nothing was written; the connection can be used again.
    pub fn write<'a>(
        &mut self,
        page_views: impl Iterator<Item = &'a PageView>,
    ) -> Result<(), WriteError> {
        // Dropped without a commit, the transaction is rolled back (unless SQLite did by itself).
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for page_view in page_views {
            page_views::upsert(&transaction, page_view)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Moves the log into the file and closes it.
    pub fn close(self) -> Result<()> {
        self.connection.busy_timeout(CLOSE_WAIT)?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(())
    }
}
