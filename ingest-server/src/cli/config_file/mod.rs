//! `rhumb.toml`: options that are neither on the command line nor in the environment.
//!
//! Which keys there are follows from the options that clap knows: `keep_page_views_days` is
//! `--keep-page-views-days`. A key at the top is for every subcommand that has such an option; one in the
//! table of a subcommand is for that one only, and goes before. What the file says is put at the end
//! of the command line, so that clap checks it like everything else; but for what cannot go together
//! with something that goes before it.

mod options;
mod precedence;

pub(super) use options::{key, kind, own_options};
pub(super) use precedence::{is_on_command_line, without_excluded};

use crate::alert::Rule;
use anyhow::{Context, Error, Result, anyhow, ensure};
use clap::{
    Arg, ArgMatches, Command,
    error::{ContextKind, ContextValue},
};
use options::{OTHER_TABLES, all_options, arguments, keys};
use precedence::is_instead;
use serde::Deserialize;
use std::{
    borrow::Cow,
    collections::BTreeSet,
    env, fs, io,
    ops::Range,
    path::{Path, PathBuf},
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The option that names the file; it is the only one that cannot be in it.
pub(super) const OPTION: &str = "config";
/// Where the file is, unless the option says otherwise.
const DEFAULT: &str = "rhumb.toml";

/// Rules that are looked at one after the other, each a report.
const ALERTS_MAX: usize = 100;

/// What is no option.
#[derive(Deserialize)]
struct Alerts {
    #[serde(default)]
    alert: Vec<Spanned<Rule>>,
}

/// The file; empty where there is none.
#[derive(Debug)]
pub(super) struct ConfigFile {
    path: PathBuf,
    text: String,
}

/// What the file says of an option.
#[derive(Debug)]
pub(super) struct Setting {
    /// As clap names it in errors: `--listen <LISTEN>`.
    option: String,
    key: String,
    span: Range<usize>,
    /// What it is on a command line.
    pub(super) arguments: Vec<String>,
}

impl ConfigFile {
    /// Reads the file that is named, or the one in the working directory, if it is there.
    pub(super) fn read(named: Option<&Path>) -> Result<Self> {
        let path = named.unwrap_or(Path::new(DEFAULT)).to_owned();
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
                String::new()
            }
            text => text.with_context(|| format!("cannot read {}", path.display()))?,
        };
        Ok(Self { path, text })
    }

    /// What it says of the options that were not given, nor excluded by one that was, for the subcommand
    /// that was. The command is one that is built.
    ///
    /// # Errors
    /// Names the line, the key and what is allowed, of whichever subcommand it is.
    pub(super) fn settings(&self, command: &Command, given: &ArgMatches) -> Result<Vec<Setting>> {
        let file = DeTable::parse(&self.text).map_err(|error| self.syntax(&error))?;
        let root = file.get_ref();
        self.check(root, command, true)?;
        let (mut tables, mut table) = (vec![root], Some(root));
        let (mut command, mut given) = (command, given);
        while let Some((name, matches)) = given.subcommand() {
            let Some(chosen) = command.find_subcommand(name) else { break };
            (command, given) = (chosen, matches);
            table = table.and_then(|it| it.get(name)?.get_ref().as_table());
            tables.extend(table);
        }
        let is_given = |option: &&Arg| {
            is_on_command_line(option.get_id().as_str(), given)
                || option.get_env().is_some_and(|name| env::var_os(name).is_some())
        };
        let mut taken = own_options(command).filter(is_given).collect::<Vec<_>>();
        let mut settings = Vec::new();
        for table in tables.into_iter().rev() {
            let is_open = |it: &&Arg| !taken.iter().any(|taken| is_instead(command, taken, it));
            let open = own_options(command).filter(is_open);
            let found = open.filter_map(|it| Some((it, table.get_key_value(&*key(it))?)));
            let found = found.collect::<Vec<_>>();
            for (option, entry) in found {
                settings.push(self.setting(option, entry)?);
                taken.push(option);
            }
        }
        Ok(settings)
    }

    /// The rules of alerts.
    ///
    /// # Errors
    /// Names the line, the alert, the key and what is allowed.
    pub(super) fn alerts(&self) -> Result<Vec<Rule>> {
        let alerts: Alerts = toml::from_str(&self.text).map_err(|error| self.syntax(&error))?;
        let mut names = BTreeSet::new();
        for rule in &alerts.alert {
            ensure!(
                names.insert(rule.get_ref().name.as_str()),
                self.error(rule.span(), "name", "another alert has the same")
            );
        }
        ensure!(
            names.len() <= ALERTS_MAX,
            "{}: {} alerts, at most {ALERTS_MAX} are looked at",
            self.path.display(),
            names.len()
        );
        Ok(alerts.alert.into_iter().map(Spanned::into_inner).collect())
    }

    /// Whether every key is one of an option, and its value of that option's kind.
    fn check(&self, table: &DeTable<'_>, command: &Command, is_root: bool) -> Result<()> {
        let options = if is_root { all_options(command) } else { own_options(command).collect() };
        for (name, value) in table {
            let subcommand = command.find_subcommand(&**name.get_ref());
            let option = options.iter().find(|it| key(it) == **name.get_ref());
            match (value.get_ref().as_table(), subcommand, option) {
                (Some(table), Some(subcommand), _) => self.check(table, subcommand, false)?,
                (_, _, Some(option)) => drop(self.setting(option, (name, value))?),
                _ if is_root && OTHER_TABLES.contains(&&**name.get_ref()) => {}
                _ => {
                    let problem = format!(
                        "there is no such key here; there are {}",
                        keys(&options, command, is_root)
                    );
                    return Err(self.error(name.span(), name.get_ref(), &problem));
                }
            }
        }
        Ok(())
    }

    fn setting(
        &self,
        option: &Arg,
        (name, value): (&Spanned<Cow<'_, str>>, &Spanned<DeValue<'_>>),
    ) -> Result<Setting> {
        let arguments = arguments(option, value.get_ref()).ok_or_else(|| {
            let found = value.get_ref().type_str();
            let problem = format!("expected {}, found {found}", kind(option));
            self.error(value.span(), name.get_ref(), &problem)
        })?;
        let (option, key) = (option.to_string(), name.get_ref().to_string());
        Ok(Setting { option, key, span: value.span(), arguments })
    }

    /// Says which line is at fault for what clap did not take, if one is.
    pub(super) fn blame(&self, settings: &[Setting], error: clap::Error) -> Error {
        let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
            return error.into();
        };
        let Some(setting) = settings.iter().find(|it| it.option == *option) else {
            return error.into();
        };
        let text = error.to_string();
        let sentence = text.split("\n\n").next().unwrap_or(&text);
        let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
        self.error(setting.span.clone(), &setting.key, sentence.trim_start_matches("error: "))
    }

    /// Not the whole line, which may have a secret in it.
    fn syntax(&self, error: &toml::de::Error) -> Error {
        let line = self.line(&error.span().unwrap_or_default());
        anyhow!("{}, line {line}: {}", self.path.display(), error.message())
    }

    fn error(&self, span: Range<usize>, key: &str, problem: &str) -> Error {
        anyhow!("{}, line {}: {key}: {problem}", self.path.display(), self.line(&span))
    }

    fn line(&self, span: &Range<usize>) -> usize {
        1 + self.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
    }
}

#[cfg(test)]
mod tests;
