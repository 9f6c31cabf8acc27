//! A copy of the database while it is written.

use super::{BUSY_WAIT, migrations};
use crate::new_file::NewFile;
use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Copies a database as it is at this moment into a new file, without its empty pages. Others read and
/// write meanwhile, also a server of an earlier release: nothing is brought up to date.
///
/// The file appears under its name when all of it is on disk: SQLite itself does not wait for
/// that (<https://www.sqlite.org/lang_vacuum.html#vacuuminto>).
///
/// # Errors
/// The database cannot be read, or a later release wrote it; or the file is there, or cannot be written.
pub fn back_up(database: &Path, to: &Path) -> Result<()> {
    let connection = open(database)
        .with_context(|| format!("cannot open the database {}", database.display()))?;
    let copy = || -> Result<()> {
        let file = NewFile::at(to)?;
        let name = file.part().to_str().context("the file's name is no UTF-8")?;
        connection.execute("VACUUM INTO ?1", [name])?;
        file.finish()
    };
    copy().with_context(|| format!("cannot back up to {}", to.display()))
}

/// Does nothing to it.
fn open(database: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    migrations::check(&connection)?;
    Ok(connection)
}
