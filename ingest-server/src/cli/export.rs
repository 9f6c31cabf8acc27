//! `rhumb export`

use super::{existing, find};
use crate::{
    new_file::NewFile,
    store::sqlite::{Database, SiteName},
    transfer::{self, Format},
};
use anyhow::{Context, Result, ensure};
use clap::Args;
use jiff::Timestamp;
use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

/// Write a site's page views to standard output or into a file, each with all that is kept of it,
/// and what is left of those that were deleted as histograms. `rhumb import` takes both. A server
/// that runs goes on meanwhile.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb export shop --format ndjson | gzip > shop.ndjson.gz
  rhumb export shop --format parquet --output shop.parquet
  rhumb export shop --format csv --output shop.csv --histograms shop-histograms.csv")]
pub(crate) struct Export {
    /// The site's key
    site: SiteName,
    /// How it is written
    #[arg(long, env = "RHUMB_FORMAT", value_enum)]
    format: Format,
    /// New file for the page views; without it they go to standard output
    #[arg(long, env = "RHUMB_OUTPUT", value_name = "FILE")]
    output: Option<PathBuf>,
    /// New file for the histograms of page views that were deleted; without it they are left out
    #[arg(long, env = "RHUMB_HISTOGRAMS", value_name = "FILE")]
    histograms: Option<PathBuf>,
    /// SQLite file
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db")]
    database: PathBuf,
}

impl Export {
    pub(crate) fn run(self) -> Result<()> {
        let Self { site, format, output, histograms, database } = self;
        existing(&database)?;
        let mut database = Database::open(&database)?;
        let export = database.export(find(&database, &site)?)?;
        // Both are begun before anything is written, and get their names at the end.
        let histograms = histograms.map(|file| NewFile::at(&file)).transpose()?;
        let output = output.map(|file| NewFile::at(&file)).transpose()?;
        ensure!(
            output.is_some() || format.is_text() || !io::stdout().is_terminal(),
            "this format is not for terminals; --output names a file for it"
        );
        if let Some(file) = &histograms {
            let out = create(file.part())?;
            let now = Timestamp::now();
            let count = transfer::export_histograms(&mut database, &export, now, format, out)?;
            say(count, "histograms")?;
        }
        let out: Box<dyn Write + Send> = match &output {
            Some(file) => Box::new(create(file.part())?),
            None => Box::new(BufWriter::new(io::stdout())),
        };
        let count = transfer::export_page_views(&mut database, export, format, out)?;
        say(count, "page views")?;
        [output, histograms].into_iter().flatten().try_for_each(NewFile::finish)
    }
}

fn create(file: &Path) -> Result<BufWriter<File>> {
    let created = File::create_new(file);
    Ok(BufWriter::new(created.with_context(|| format!("cannot write {}", file.display()))?))
}

/// Not where the page views may go.
fn say(count: u64, what: &str) -> io::Result<()> {
    writeln!(io::stderr(), "{count} {what}")
}
