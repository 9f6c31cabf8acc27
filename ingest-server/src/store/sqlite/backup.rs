//! A copy of the database while it is written.

use super::Database;
use anyhow::{Context, Result, ensure};
use std::{
    fs::{self, File},
    path::Path,
};

impl Database {
    /// Copies the database as it is at this moment into a new file, without its empty pages. Others
    /// read and write meanwhile.
    ///
    /// The file appears under its name when all of it is on disk: SQLite itself does not wait for
    /// that (<https://www.sqlite.org/lang_vacuum.html#vacuuminto>).
    pub fn back_up(&self, to: &Path) -> Result<()> {
        ensure!(!to.exists(), "{} is there already; name another file", to.display());
        let mut part = to.as_os_str().to_owned();
        part.push(".part");
        let part = Path::new(&part);
        // What an interrupted backup left.
        if part.exists() {
            fs::remove_file(part)?;
        }
        let name = part.to_str().context("the file's name is no UTF-8")?;
        self.connection.execute("VACUUM INTO ?1", [name])?;
        File::open(part)?.sync_all()?;
        fs::rename(part, to)?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(())
    }
}
