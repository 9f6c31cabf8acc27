//! `rhumb doctor`

use super::existing;
use crate::store::sqlite::{Database, Diagnosis, Plan};
use anyhow::{Result, bail};
use clap::Args;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Say whether the database is well, what is in it, and how reports find it. A server that runs goes
/// on meanwhile. Exits with 1 when something is wrong.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  rhumb doctor --database /var/lib/rhumb/rhumb.db")]
pub(crate) struct Doctor {
    /// SQLite file
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db")]
    database: PathBuf,
}

impl Doctor {
    pub(crate) fn run(self) -> Result<()> {
        existing(&self.database)?;
        let diagnosis = Database::open(&self.database)?.diagnose()?;
        print(&diagnosis)?;
        if !diagnosis.faults.is_empty() {
            bail!("the database is not well; `rhumb backup` saves what can be read");
        }
        Ok(())
    }
}

fn print(Diagnosis { faults, counts, bytes, plans }: &Diagnosis) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (name, count) in counts {
        writeln!(out, "{name:<36} {count:>12}")?;
    }
    writeln!(out, "\nbytes")?;
    for (name, bytes) in bytes {
        writeln!(out, "  {name:<34} {bytes:>12}")?;
    }
    for Plan { name, steps, full_scans, scans_because } in plans {
        if !steps.is_empty() {
            writeln!(out, "\n{name}")?;
        }
        for step in steps {
            writeln!(out, "  {step}")?;
        }
        if let (false, Some(because)) = (full_scans.is_empty(), scans_because) {
            writeln!(out, "  all of {}, because {because}", full_scans.join(", "))?;
        }
    }
    writeln!(out)?;
    for fault in faults {
        writeln!(out, "fault: {fault}")?;
    }
    if faults.is_empty() {
        writeln!(out, "all is well")?;
    }
    Ok(())
}
