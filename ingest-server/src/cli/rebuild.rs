//! `rhumb rebuild`

use super::existing;
use crate::store::sqlite::{Database, Rebuilt, SiteName};
use anyhow::{Context, Result};
use clap::Args;
use jiff::Timestamp;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Make the histograms of a site again from its page views. They are the same as before, unless the
/// database was changed by hand. Beacons wait meanwhile, some seconds for a million page views.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  rhumb rebuild shop --database rhumb.db")]
pub(crate) struct Rebuild {
    /// The site's key
    site: SiteName,
    /// SQLite file
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db")]
    database: PathBuf,
}

impl Rebuild {
    pub(crate) fn run(self) -> Result<()> {
        let Self { site, database } = self;
        existing(&database)?;
        let rebuilt = Database::open(&database)?.rebuild(&site, Timestamp::now())?;
        let Rebuilt { histograms, different, page_views } = rebuilt.with_context(|| {
            format!("there is no site {site}; `rhumb site list` shows those there are")
        })?;
        writeln!(
            io::stdout(),
            "{histograms} histograms of {page_views} page views; {}",
            match different {
                0 => "the same as before".to_owned(),
                n => format!("{n} were different"),
            }
        )?;
        Ok(())
    }
}
