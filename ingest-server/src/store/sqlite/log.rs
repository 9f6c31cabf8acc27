//! The write-ahead log: how long it is, and moving what is in it into the database's file.
//!
//! SQLite would move it by itself while a commit is waited for, and say nothing when that fails. The
//! one that writes all the time therefore does it in its own time.

use super::{BUSY_WAIT, Database, Duty, WriteError, statements::Named};
use rusqlite::Row;
use std::time::Duration;

/// Pages in the log from which on they are moved: 16 MB.
pub(super) const PAGES_MOVED: u32 = 4000;
/// What SQLite puts before each page.
const FRAME_HEADER_BYTES: u64 = 24;

const LOOK: &str = "PRAGMA wal_checkpoint(NOOP)";
const MOVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";
const EMPTY: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

pub(super) const STATEMENTS: [Named; 3] = [
    Named::control("log.look", LOOK),
    Named::control("log.move", MOVE),
    Named::control("log.empty", EMPTY),
];

/// What SQLite says of the log when it is asked to move it.
struct Moved {
    /// Somebody reads it, so that it cannot be begun anew.
    is_busy: bool,
    /// Pages in it, whether they are in the file too or not.
    pages: u64,
}

impl Moved {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        // It says -1 where there is no log.
        let pages = row.get::<_, i64>(1)?.try_into().unwrap_or_default();
        Ok(Self { is_busy: row.get(0)?, pages })
    }
}

impl Database {
    /// From here on nobody moves the log but those who call [`Database::move_log`].
    pub fn keep_log(&mut self) -> Result<(), WriteError> {
        self.keeps_log = true;
        Ok(self.connection.pragma_update(None, "wal_autocheckpoint", 0)?)
    }

    /// Moves the log into the file if it is long, as far as nobody reads it as it was before, and
    /// waits for nobody. How many bytes are in use of it.
    ///
    /// # Errors
    /// It stays as it was.
    pub fn move_log(&self) -> Result<u64, WriteError> {
        let mut moved = self.checkpoint(LOOK)?;
        if moved.pages >= u64::from(PAGES_MOVED) {
            moved = self.checkpoint(MOVE)?;
        }
        Ok(moved.pages * (self.page_bytes + FRAME_HEADER_BYTES))
    }

    /// Moves all of the log into the file and makes it empty; whether that could be done. Nobody
    /// writes meanwhile. Those who read or write already are waited for, but for no longer than that.
    ///
    /// # Errors
    /// It stays as it was.
    pub fn empty_log(&self, wait: Duration) -> Result<bool, WriteError> {
        self.connection.busy_timeout(wait)?;
        let moved = self.checkpoint(EMPTY);
        self.connection.busy_timeout(BUSY_WAIT)?;
        Ok(!moved?.is_busy)
    }

    fn checkpoint(&self, how: &str) -> rusqlite::Result<Moved> {
        let watching = self.watch(Duty::Log);
        let moved = self.connection.prepare_cached(how)?.query_row([], Moved::from_row);
        self.watched(watching);
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;
    use tempfile::TempDir;

    /// A database whose log is longer than it needs to be moved, and its folder.
    fn with_long_log() -> (Database, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Database::open(&folder.path().join("rhumb.db")).unwrap();
        database.keep_log().unwrap();
        let texts = "
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
            INSERT INTO texts (text, last_used_day) SELECT hex(randomblob(1000)), 0 FROM n
        ";
        database.connection.execute_batch(texts).unwrap();
        (database, folder)
    }

    fn log_file_bytes(folder: &TempDir) -> u64 {
        folder.path().join("rhumb.db-wal").metadata().unwrap().len()
    }

    #[test]
    fn a_log_that_is_kept_is_moved_only_when_asked_to() {
        let (database, folder) = with_long_log();
        assert!(folder.path().join("rhumb.db").metadata().unwrap().len() < 1 << 20);
        assert!(database.move_log().unwrap() > 16 << 20);
        assert!(folder.path().join("rhumb.db").metadata().unwrap().len() > 15 << 20);
        assert!(database.empty_log(Duration::ZERO).unwrap());
        assert_eq!(log_file_bytes(&folder), 0);
        assert_eq!(database.move_log().unwrap(), 0);
    }

    #[test]
    fn a_log_that_is_read_is_not_emptied_before_the_read_ends() {
        let (database, folder) = with_long_log();
        let reader = Connection::open(folder.path().join("rhumb.db")).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM sites").unwrap();
        database.connection.execute_batch("UPDATE texts SET last_used_day = 1").unwrap();
        assert!(!database.empty_log(Duration::ZERO).unwrap());
        assert!(database.move_log().unwrap() > 16 << 20);
        reader.execute_batch("COMMIT").unwrap();
        assert!(database.empty_log(Duration::ZERO).unwrap());
        assert_eq!(log_file_bytes(&folder), 0);
    }
}
