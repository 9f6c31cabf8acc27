//! `docs/configuration.md` names every option: this test makes its tables from what clap knows.

use super::{
    Cli,
    config_file::{key, kind, own_options},
};
use clap::{Arg, ArgAction, Command, CommandFactory};
use std::fmt::Write;

const PAGE: &str = include_str!("../../../docs/configuration.md");
const BEGIN: &str = "<!-- Made from the options; the test says what it has to be. -->\n";

#[test]
fn the_page_on_configuration_is_up_to_date() {
    let mut tables = String::new();
    write(&Cli::command(), "", &mut tables);
    let (_, found) = PAGE.split_once(BEGIN).unwrap();
    assert!(found == tables, "docs/configuration.md has to end with\n{BEGIN}{tables}");
}

/// A table for each subcommand that has options.
fn write(command: &Command, path: &str, tables: &mut String) {
    let options = own_options(command).collect::<Vec<_>>();
    if !options.is_empty() {
        writeln!(tables, "\n### `[{path}]`\n\n| key | environment | takes | default | is |")
            .unwrap();
        writeln!(tables, "|---|---|---|---|---|").unwrap();
        for option in options {
            row(option, tables);
        }
    }
    for subcommand in command.get_subcommands() {
        let name = subcommand.get_name();
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        write(subcommand, &path, tables);
    }
}

fn row(option: &Arg, tables: &mut String) {
    let key = key(option);
    let environment = option.get_env().unwrap().to_string_lossy();
    let words = option.get_possible_values();
    let words = words.iter().map(|word| format!("`{}`", word.get_name())).collect::<Vec<_>>();
    let is_flag = matches!(option.get_action(), ArgAction::SetTrue);
    let takes = if words.is_empty() || is_flag { kind(option).to_owned() } else { words.join(" ") };
    let default = option.get_default_values().first().filter(|_| !is_flag);
    let default = default.map(|it| format!("`{}`", it.to_string_lossy())).unwrap_or_default();
    let help = option.get_long_help().or(option.get_help()).unwrap().to_string();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    let default = if default.is_empty() { default } else { format!("{default} ") };
    writeln!(tables, "| `{key}` | `{environment}` | {takes} | {default}| {help} |").unwrap();
}
