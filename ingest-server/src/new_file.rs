//! A file that appears under its name when all of it is on disk, or not at all.

use anyhow::{Result, ensure};
use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
};

/// A file that is being written, under another name.
#[derive(Debug)]
pub(crate) struct NewFile {
    part: PathBuf,
    to: PathBuf,
}

impl NewFile {
    /// One that will have this name, which nothing may have yet.
    pub(crate) fn at(to: &Path) -> Result<Self> {
        ensure!(!to.exists(), "{} is there already; name another file", to.display());
        let mut part = OsString::from(to);
        part.push(".part");
        let part = PathBuf::from(part);
        // What was killed left it.
        if part.exists() {
            fs::remove_file(&part)?;
        }
        Ok(Self { part, to: to.to_owned() })
    }

    /// The name that it has until then.
    pub(crate) fn part(&self) -> &Path {
        &self.part
    }

    /// Gives it its name, once it is on disk.
    pub(crate) fn finish(self) -> Result<()> {
        File::open(&self.part)?.sync_all()?;
        fs::rename(&self.part, &self.to)?;
        let folder = self.to.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(())
    }
}

impl Drop for NewFile {
    /// What was not finished is no use.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.part);
    }
}
