//! `rhumb backup`

use super::existing;
use crate::store::sqlite::back_up;
use anyhow::Result;
use clap::Args;
use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

/// Copy the database as it is now into a new file. A server that runs goes on meanwhile. The copy is
/// a database: `rhumb serve --database COPY` opens it.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  rhumb backup /backups/rhumb-2026-11-23.db --database /var/lib/rhumb/rhumb.db")]
pub(crate) struct Backup {
    /// The new file
    file: PathBuf,
    /// SQLite file
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db")]
    database: PathBuf,
}

impl Backup {
    pub(crate) fn run(self) -> Result<()> {
        let Self { file, database } = self;
        existing(&database)?;
        back_up(&database, &file)?;
        let bytes = fs::metadata(&file)?.len();
        writeln!(io::stdout(), "{}  {bytes} bytes", file.display())?;
        Ok(())
    }
}
