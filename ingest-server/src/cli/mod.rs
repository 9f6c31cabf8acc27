//! The subcommands, one a file, and options that belong together.

mod backup;
mod check;
mod doctor;
mod enrich;
mod export;
mod heading;
mod import;
mod load;
mod page_views;
mod rebuild;
mod report;
mod serve;
mod site;
mod terminal;

use crate::{
    ingest::SiteId,
    store::sqlite::{Database, SiteName},
};
use anyhow::{Context, ensure};
use clap::{Parser, Subcommand};
use std::{path::Path, process::ExitCode};

/// Real-user monitoring: a collector for pages, a server for its beacons, reports for people.
#[derive(Debug, Parser)]
#[command(name = "rhumb", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Backup(backup::Backup),
    Check(check::Check),
    Doctor(doctor::Doctor),
    Export(export::Export),
    Import(import::Import),
    Load(load::Load),
    Rebuild(rebuild::Rebuild),
    Report(report::Report),
    Serve(serve::Serve),
    Site(site::Site),
}

impl Cli {
    /// Does what the command line asks for.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let done = match self.command {
            Command::Check(check) => return Ok(check.run()),
            Command::Backup(backup) => backup.run(),
            Command::Doctor(doctor) => doctor.run(),
            Command::Export(export) => export.run(),
            Command::Import(import) => import.run(),
            Command::Load(load) => load.run(),
            Command::Rebuild(rebuild) => rebuild.run(),
            Command::Report(report) => report.run(),
            Command::Serve(serve) => serve.run(),
            Command::Site(site) => site.run(),
        };
        done.map(|()| ExitCode::SUCCESS)
    }
}

/// Opening a database creates it, which is no help to someone who mistyped its name.
fn existing(database: &Path) -> anyhow::Result<()> {
    ensure!(
        database.exists(),
        "there is no database {}; --database names another one",
        database.display()
    );
    Ok(())
}

fn find(database: &Database, site: &SiteName) -> anyhow::Result<SiteId> {
    let sites = database.sites()?;
    let found = sites.get(&site.to_string()).with_context(|| {
        format!("there is no site {site}; `rhumb site list` shows those there are")
    })?;
    Ok(found.id)
}
