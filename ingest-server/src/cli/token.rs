//! `rhumb token`

use super::existing;
use crate::store::sqlite::{Database, SiteName, Token as Secret};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use jiff::{Timestamp, Unit};
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Manage who may read the reports of one site, and no other. A running server follows within a second.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb token create --read shop
  rhumb token create --read shop --name 'the shop team'
  rhumb token list
  rhumb token revoke 3

A token is the password of the dashboard (with any name), or `Authorization: Bearer …`.")]
pub(crate) struct Token {
    /// SQLite file
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db", global = true)]
    database: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a token and print it. It is shown this once: only its hash is kept
    Create {
        /// The site whose reports it may read
        #[arg(long, env = "RHUMB_READ", value_name = "SITE")]
        read: SiteName,
        /// What to call it in the list, at most 64 bytes
        #[arg(long, env = "RHUMB_NAME")]
        name: Option<String>,
    },
    /// List the tokens: number, site, when it was created, name
    List,
    /// End a token
    Revoke {
        /// Its number in the list
        id: i64,
    },
}

impl Token {
    pub(crate) fn run(self) -> Result<()> {
        existing(&self.database)?;
        let mut database = Database::open(&self.database)?;
        match self.command {
            Command::Create { read, name } => create(&mut database, &read, name.as_deref()),
            Command::List => list(&database),
            Command::Revoke { id } => {
                if !database.remove_token(id)? {
                    bail!("there is no token {id}; `rhumb token list` shows those there are");
                }
                Ok(())
            }
        }
    }
}

/// The token alone goes to standard output, so that a script can keep it.
fn create(database: &mut Database, site: &SiteName, name: Option<&str>) -> Result<()> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).context("the system has no random bytes")?;
    let token = Secret::of(random);
    let id = database.put_token(&token, site, name, Timestamp::now())?;
    writeln!(io::stdout(), "{}", token.as_str())?;
    writeln!(
        io::stderr(),
        "reads the reports of {site}; not shown again; `rhumb token revoke {id}` ends it"
    )?;
    Ok(())
}

fn list(database: &Database) -> Result<()> {
    let sites = database.sites()?;
    let names = sites.names();
    let mut out = io::stdout().lock();
    for token in sites.tokens().by_age() {
        let site = names.get(&token.site).copied().unwrap_or_default();
        let created_at = token.created_at.round(Unit::Second)?;
        let name = token.name.as_deref().unwrap_or_default();
        writeln!(out, "{}", format!("{}  {site}  {created_at}  {name}", token.id).trim_end())?;
    }
    Ok(())
}
