//! A copy of the database while it is written.

use super::Database;
use crate::new_file::NewFile;
use anyhow::{Context, Result};
use std::path::Path;

impl Database {
    /// Copies the database as it is at this moment into a new file, without its empty pages. Others
    /// read and write meanwhile.
    ///
    /// The file appears under its name when all of it is on disk: SQLite itself does not wait for
    /// that (<https://www.sqlite.org/lang_vacuum.html#vacuuminto>).
    pub fn back_up(&self, to: &Path) -> Result<()> {
        let file = NewFile::at(to)?;
        let name = file.part().to_str().context("the file's name is no UTF-8")?;
        self.connection.execute("VACUUM INTO ?1", [name])?;
        file.finish()
    }
}
