//! The subcommands, one a file.

mod serve;
mod site;

use clap::{Parser, Subcommand};

/// Real-user monitoring: a collector for pages, a server for its beacons, reports for people.
#[derive(Debug, Parser)]
#[command(name = "rhumb", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Site(site::Site),
}

impl Cli {
    /// Does what the command line asks for.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(serve) => serve.run(),
            Command::Site(site) => site.run(),
        }
    }
}
