//! The subcommands, one a file, and options that belong together.

mod backup;
mod bundle;
mod check;
mod config_file;
mod doctor;
mod enrich;
mod export;
mod heading;
mod import;
mod load;
#[cfg(test)]
mod page;
mod page_views;
mod plus_minus;
mod rebuild;
mod report;
mod serve;
mod site;
mod sourcemap;
mod terminal;
mod token;

use crate::{
    alert::Rule,
    ingest::SiteId,
    store::sqlite::{Database, SiteName},
};
use anyhow::{Context, ensure};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use config_file::ConfigFile;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Real-user monitoring: a collector for pages, a server for its beacons, reports for people.
#[derive(Debug, Parser)]
#[command(name = "rhumb", version, propagate_version = true)]
pub struct Cli {
    /// File with options and alerts; without it, rhumb.toml in the working directory, if it is there
    #[arg(long, env = "RHUMB_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
    /// From the file.
    #[arg(skip)]
    alerts: Vec<Rule>,
}

/// As clap ends with it: the command line, or the file behind it, cannot be understood.
const USAGE: u8 = 2;

#[derive(Debug, Subcommand)]
enum Command {
    Backup(backup::Backup),
    Bundle(bundle::Bundle),
    Check(check::Check),
    Doctor(doctor::Doctor),
    Export(export::Export),
    Import(import::Import),
    Load(load::Load),
    Rebuild(rebuild::Rebuild),
    Report(report::Report),
    Serve(serve::Serve),
    Site(site::Site),
    Sourcemap(sourcemap::Sourcemap),
    Token(token::Token),
}

impl Cli {
    /// Reads the command line. What it does not say, the environment says, and then the file.
    ///
    /// # Errors
    /// A [`clap::Error`], which may be a call for help, or what is wrong with the file.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Self> {
        let mut arguments = arguments.into_iter().collect::<Vec<_>>();
        let given = Self::command().ignore_errors(true).try_get_matches_from(&arguments)?;
        let named = given.get_one::<PathBuf>(config_file::OPTION).map(PathBuf::as_path);
        let file = ConfigFile::read(named)?;
        let command = config_file::without_excluded(Self::command(), &given);
        let mut built = command.clone();
        built.build();
        let settings = file.settings(&built, &given)?;
        let end = arguments.iter().position(|it| it == "--").unwrap_or(arguments.len());
        arguments
            .splice(end..end, settings.iter().flat_map(|it| &it.arguments).map(OsString::from));
        let matches = command
            .try_get_matches_from(arguments)
            .map_err(|error| file.blame(&settings, error))?;
        let mut cli = Self::from_arg_matches(&matches)?;
        if matches!(cli.command, Command::Serve(_)) {
            cli.alerts = file.alerts()?;
        }
        if let (Command::Report(report), Some((_, given))) = (&cli.command, given.subcommand()) {
            report.check(given)?;
        }
        Ok(cli)
    }

    /// What ends a command line that cannot be understood. For `rhumb check` the usual code says
    /// something else.
    pub fn usage_code(arguments: &[OsString]) -> ExitCode {
        let given = Self::command().ignore_errors(true).try_get_matches_from(arguments);
        let is_check = given.is_ok_and(|given| given.subcommand_name() == Some("check"));
        ExitCode::from(if is_check { check::COULD_NOT_ASK } else { USAGE })
    }

    /// Does what the command line asks for.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let done = match self.command {
            Command::Check(check) => return Ok(check.run()),
            Command::Backup(backup) => backup.run(),
            Command::Bundle(bundle) => bundle.run(),
            Command::Doctor(doctor) => doctor.run(),
            Command::Export(export) => export.run(),
            Command::Import(import) => import.run(),
            Command::Load(load) => load.run(),
            Command::Rebuild(rebuild) => rebuild.run(),
            Command::Report(report) => report.run(),
            Command::Serve(serve) => serve.run(self.alerts),
            Command::Site(site) => site.run(),
            Command::Sourcemap(sourcemap) => sourcemap.run(),
            Command::Token(token) => token.run(),
        };
        done.map(|()| ExitCode::SUCCESS)
    }
}

/// Opening a database creates it, which is no help to someone who mistyped its name.
fn existing(database: &Path) -> anyhow::Result<()> {
    let path = database.display();
    let exists = database.try_exists().with_context(|| format!("cannot reach the database {path}"));
    ensure!(exists?, "there is no database {path}; --database names another one");
    Ok(())
}

fn find(database: &Database, site: &SiteName) -> anyhow::Result<SiteId> {
    let sites = database.sites()?;
    let found = sites.get(&site.to_string()).with_context(|| {
        format!("there is no site {site}; `rhumb site list` shows those there are")
    })?;
    Ok(found.id)
}
