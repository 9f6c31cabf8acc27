//! `rhumb sourcemap`

use super::{existing, find, terminal::shown};
use crate::{
    dashboard::number,
    report::without_sources,
    store::sqlite::{
        Database, SOURCE_MAP_BYTES_MAX, SOURCE_MAP_NAME_BYTES_MAX, SOURCE_MAPS_MAX, SiteName,
    },
};
use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// Bytes of a file of a source map, with its sources.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Folders within folders that are looked through.
const DEPTH_MAX: usize = 20;
/// What a source map is called after its script.
const EXTENSION: &str = ".map";

/// Manage source maps, which make the stacks of errors readable. The sources themselves are not kept.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb sourcemap upload shop dist
  rhumb sourcemap list shop
  rhumb sourcemap remove shop assets/search-BkZ3a9xQ.js

A script at https://shop.example/static/assets/search-BkZ3a9xQ.js has the map that was found as
assets/search-BkZ3a9xQ.js.map within the folder that was given. Of one name the last upload counts,
so give scripts names that change with their content.")]
pub(crate) struct Sourcemap {
    /// SQLite file
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db", global = true)]
    database: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Keep the source maps of a build, of scripts and style sheets
    Upload {
        /// The site's key
        site: SiteName,
        /// A folder, which is looked through for *.map, or such a file
        path: PathBuf,
    },
    /// List the source maps of a site
    List {
        /// The site's key
        site: SiteName,
    },
    /// Remove a source map, or all of a site
    Remove {
        /// The site's key
        site: SiteName,
        /// The script's name, as it is listed; all, unless it is given
        name: Option<String>,
    },
}

impl Sourcemap {
    pub(crate) fn run(self) -> Result<()> {
        existing(&self.database)?;
        let mut database = Database::open(&self.database)?;
        match self.command {
            Command::Upload { site, path } => {
                find(&database, &site)?;
                let count = upload(&mut database, &site, &path)?;
                println!("{} kept", number::source_maps(count));
            }
            Command::List { site } => {
                find(&database, &site)?;
                let mut out = io::stdout().lock();
                for (name, bytes) in database.source_maps(&site)? {
                    writeln!(out, "{}  {}", shown(&name), shown(&number::bytes(bytes)))?;
                }
            }
            Command::Remove { site, name } => {
                find(&database, &site)?;
                let removed = database.remove_source_maps(&site, name.as_deref())?;
                if let (0, Some(name)) = (removed, name) {
                    bail!(
                        "there is no source map {name}; `rhumb sourcemap list {site}` shows those"
                    );
                }
            }
        }
        Ok(())
    }
}

fn upload(database: &mut Database, site: &SiteName, path: &Path) -> Result<u64> {
    let mut files = Vec::new();
    let is_folder = path.is_dir();
    if is_folder {
        let collected = collect(path, 0, &mut files);
        collected.with_context(|| format!("cannot read {}", path.display()))?;
    } else {
        files.push(path.to_owned());
    }
    files.retain(|file| file.to_string_lossy().ends_with(EXTENSION));
    ensure!(!files.is_empty(), "there is no source map (*{EXTENSION}) in {}", path.display());
    files.sort();
    ensure!(
        files.len() <= SOURCE_MAPS_MAX as usize,
        "there are {} source maps in {}, a site has at most {SOURCE_MAPS_MAX}",
        files.len(),
        path.display()
    );
    let folder = if is_folder { Some(path) } else { path.parent() };
    for file in &files {
        let cannot_take = || format!("cannot take {}", file.display());
        let name = name(file, folder.unwrap_or(path)).with_context(cannot_take)?;
        let map = read(file).with_context(cannot_take)?;
        database.put_source_map(site, &name, &map, Timestamp::now())?;
    }
    Ok(files.len() as u64)
}

/// What a script is called: its path within the folder.
fn name(file: &Path, folder: &Path) -> Result<String> {
    let name = file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/");
    let script = name.strip_suffix(EXTENSION).unwrap_or(&name).to_owned();
    let is_fit = (1..=SOURCE_MAP_NAME_BYTES_MAX).contains(&script.len());
    ensure!(is_fit, "a script's name has 1 to {SOURCE_MAP_NAME_BYTES_MAX} bytes");
    Ok(script)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let mut map = Vec::new();
    File::open(file)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut map)?;
    ensure!(map.len() as u64 <= FILE_BYTES_MAX, "it has more than {FILE_BYTES_MAX} bytes");
    let map = without_sources(&map)?;
    let bytes = map.len() as u64;
    ensure!(
        bytes <= SOURCE_MAP_BYTES_MAX,
        "it has {bytes} bytes without its sources, at most {SOURCE_MAP_BYTES_MAX} are taken"
    );
    Ok(map)
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_file() {
            files.push(entry.path());
        } else if kind.is_dir() && depth < DEPTH_MAX {
            collect(&entry.path(), depth + 1, files)?;
        }
    }
    Ok(())
}
