//! `rhumb bundle`

use super::{
    heading,
    page_views::{PageViews, SiteReader},
    terminal::{self, Cell, Table},
};
use crate::{
    dashboard::number,
    report::{
        self, Bundle as Stats, BundleReport, BundleRow, ResourcesQuestion, STATS_BYTES_MAX, asked,
    },
    store::sqlite::{SiteName, TOLD_MAX},
};
use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// Folders between the manifest of Vite and what it is about: `dist/.vite/manifest.json`.
const MANIFEST_FOLDER: &str = ".vite";

/// Show what a bundler has made beside what visitors load of it: what is shipped to whom.
#[derive(Debug, Args)]
#[command(after_help = "\
FILE is one of
  the metafile of esbuild (--metafile=meta.json)
  stats.json of webpack (webpack --json > stats.json)
  the raw data of rollup-plugin-visualizer, for Rollup and Vite (template: 'raw-data')
  the manifest of Vite (build.manifest), with the files that it names beside it

Examples:
  rhumb bundle shop --stats meta.json
  rhumb bundle shop --stats dist/.vite/manifest.json --release 1.4.2 --period 7d
  rhumb bundle shop --stats stats.json --format csv")]
pub(crate) struct Bundle {
    /// The site's key
    site: SiteName,
    /// What the bundler says of the files that it has made
    #[arg(long, env = "RHUMB_STATS", value_name = "FILE")]
    stats: PathBuf,
    #[command(flatten)]
    page_views: PageViews,
    /// How it is written
    #[arg(long, env = "RHUMB_FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

impl Bundle {
    pub(crate) fn run(self) -> Result<()> {
        let Self { site, stats, page_views, format } = self;
        let cannot_read = || format!("cannot read the statistics {}", stats.display());
        let bundle = read(&stats).with_context(cannot_read)?;
        let now = Timestamp::now();
        let question = page_views.question(now)?;
        let asked = ResourcesQuestion { question, kind: None, limit: usize::MAX };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let loaded = runtime.block_on(async {
            let site = SiteReader::open(&page_views, &site).await?;
            let of = (site.site, &*site.name);
            anyhow::Ok(asked::what_is_loaded(&site.reader, of, asked, TOLD_MAX, now).await?)
        })?;
        let report = report::bundle(bundle, loaded);
        let mut out = Vec::new();
        match format {
            Format::Text => write(&report, &mut out, terminal::width())?,
            Format::Json => writeln!(out, "{}", serde_json::to_string(&report)?)?,
            Format::Csv => out = report::csv(&report),
        }
        Ok(terminal::print(&out)?)
    }
}

fn read(path: &Path) -> Result<Stats> {
    let mut bytes = Vec::new();
    File::open(path)?.take(STATS_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 <= STATS_BYTES_MAX, "it has more than {STATS_BYTES_MAX} bytes");
    let folder = path.parent().unwrap_or(Path::new(""));
    let is_manifest = folder.file_name().is_some_and(|name| name == MANIFEST_FOLDER);
    let folder = folder.parent().filter(|_| is_manifest).unwrap_or(folder);
    let size_of = |name: &str| Some(fs::metadata(folder.join(name)).ok()?.len());
    Ok(Stats::read(&bytes, size_of)?)
}

fn write(report: &BundleReport, out: &mut impl Write, width: usize) -> io::Result<()> {
    let BundleReport { site, period, filters, page_views, sampled, rows, .. } = report;
    heading::write(out, width, site, *period, filters)?;
    let sampled = sampled.map(|it| format!(", a sample of one in {}", it.one_in));
    let sampled = sampled.unwrap_or_default();
    let told = number::page_views(*page_views);
    if *page_views == 0 {
        return writeln!(out, "No page view of these tells what it loaded.");
    }
    let [shipped, loaded, unused] =
        [report.shipped_bytes, report.loaded_bytes, report.unused_bytes].map(number::bytes);
    let sums = format!(
        "{shipped} are shipped, of which a page view loads {loaded} on average ({told}{sampled}); {unused} \
         were loaded by none."
    );
    writeln!(out, "{}\n", terminal::shown(&sums))?;
    let header = ["file", "bytes", "page views", "share", "largest module"].map(str::to_owned);
    Table { header, elastic: 4, rows: rows.iter().map(cells).collect() }.write(out, width)
}

fn cells(row: &BundleRow) -> [Cell; 5] {
    let several = if row.files > 1 { format!(" ({} files)", row.files) } else { String::new() };
    let largest = row
        .modules
        .first()
        .map(|module| format!("{} of {}", number::bytes(module.bytes), module.name));
    [
        Cell::text(&format!("{}{several}", row.name)),
        Cell::number(&number::bytes(row.bytes)),
        Cell::number(&number::count(row.page_views)),
        Cell::number(&number::share(row.share)),
        Cell::text(largest.as_deref().unwrap_or("–")),
    ]
}
