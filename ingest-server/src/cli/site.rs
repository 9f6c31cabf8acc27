//! `rhumb site`

use super::existing;
use crate::store::sqlite::{Database, SiteName, Sites};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use std::{
    io::{self, Write},
    path::PathBuf,
};
use url::{Origin, Url};

/// Manage sites and the origins that may post to them. A running server follows within a second.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb site add shop --origin https://shop.example --origin https://www.shop.example
  rhumb site list
  rhumb site remove shop")]
pub(crate) struct Site {
    /// SQLite file
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db", global = true)]
    database: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a site, or replace the origins of one
    Add {
        /// Its key in beacons: letters, digits, `-`, `_` and `.`, at most 64
        name: SiteName,
        /// An origin that may post to it, such as `https://shop.example`; without any, all may.
        /// May be given several times, or separated by commas
        #[arg(
            long = "origin",
            env = "RHUMB_ORIGIN",
            value_name = "URL",
            value_delimiter = ',',
            value_parser = origin
        )]
        origins: Vec<String>,
    },
    /// List the sites and their origins
    List,
    /// Remove a site and everything that was measured on it
    Remove {
        /// Its key
        name: SiteName,
    },
}

impl Site {
    pub(crate) fn run(self) -> Result<()> {
        if !matches!(self.command, Command::Add { .. }) {
            existing(&self.database)?;
        }
        let mut database = Database::open(&self.database)?;
        match self.command {
            Command::Add { name, origins } => database.put_site(&name, &origins)?,
            Command::List => list(&database.sites()?)?,
            Command::Remove { name } => {
                if !database.remove_site(&name)? {
                    bail!("there is no site {name}; `rhumb site list` shows those there are");
                }
            }
        }
        Ok(())
    }
}

fn list(sites: &Sites) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (name, site) in sites.iter() {
        let origins = site.origins.join(" ");
        writeln!(out, "{name}  {}", if origins.is_empty() { "(any origin)" } else { &origins })?;
    }
    Ok(())
}

/// The origin of an address, written as browsers write it.
fn origin(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("{error}; expected https://host"))?;
    match url.origin() {
        origin @ Origin::Tuple(..) => Ok(origin.ascii_serialization()),
        Origin::Opaque(_) => Err("expected an origin such as https://shop.example".to_owned()),
    }
}
