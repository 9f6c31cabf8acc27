//! `rhumb import`

use super::{existing, find};
use crate::{
    store::sqlite::{Database, Imported, SiteName},
    transfer::{self, Format, Input},
};
use anyhow::{Context, Result};
use clap::Args;
use jiff::Timestamp;
use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Take page views and histograms that `rhumb export` wrote into a site. Page views that are there
/// already are not counted again, histograms are taken once. A server that runs goes on meanwhile;
/// its beacons wait while histograms are written, some seconds for 100 000.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb import shop --format parquet shop.parquet
  rhumb import shop --format csv shop.csv --histograms shop-histograms.csv
  gunzip < shop.ndjson.gz | rhumb import shop --format ndjson")]
pub(crate) struct Import {
    /// The site's key
    site: SiteName,
    /// How it was written
    #[arg(long, env = "RHUMB_FORMAT", value_enum)]
    format: Format,
    /// Page views; without it, or as -, they come from standard input, which Parquet cannot
    file: Option<PathBuf>,
    /// Histograms of the same export; alone, there are no page views to be read
    #[arg(long, env = "RHUMB_HISTOGRAMS", value_name = "FILE")]
    histograms: Option<PathBuf>,
    /// SQLite file
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db")]
    database: PathBuf,
}

impl Import {
    pub(crate) fn run(self) -> Result<()> {
        let Self { site, format, file, histograms, database } = self;
        existing(&database)?;
        let mut database = Database::open(&database)?;
        let site = find(&database, &site)?;
        let now = Timestamp::now();
        let page_views = match file {
            Some(file) if file == Path::new("-") => Some(Input::Stdin),
            Some(file) => Some(open(&file)?),
            None if histograms.is_some() => None,
            None => Some(Input::Stdin),
        };
        // What page views are there decides what histograms add, so these come last.
        let histograms = histograms.map(|file| open(&file)).transpose()?;
        if let Some(input) = page_views {
            let Imported { new, changed, same } =
                transfer::import_page_views(&mut database, site, now, format, input)?;
            writeln!(
                io::stdout(),
                "{new} page views are new, {changed} have changed, {same} were there"
            )?;
        }
        if let Some(input) = histograms {
            let count = transfer::import_histograms(&mut database, site, now, format, input)?;
            writeln!(io::stdout(), "{count} histograms")?;
        }
        Ok(())
    }
}

fn open(file: &Path) -> Result<Input> {
    let opened = File::open(file).with_context(|| format!("cannot read {}", file.display()));
    opened.map(Input::File)
}
