//! clap's options as keys of a file: what they are called, and what they take.

use super::OPTION;
use clap::{Arg, ArgAction, Command};
use std::{any::TypeId, collections::BTreeSet};
use toml::de::DeValue;

/// What is not in the file.
const NOT_OPTIONS: [&str; 3] = [OPTION, "help", "version"];
/// Tables of the file that are no subcommands.
pub(super) const OTHER_TABLES: [&str; 1] = ["alert"];

/// Those of a subcommand that have a name, without those of its own subcommands.
pub(in crate::cli) fn own_options(command: &Command) -> impl Iterator<Item = &Arg> {
    let is_option =
        |it: &&Arg| it.get_long().is_some() && !NOT_OPTIONS.contains(&it.get_id().as_str());
    command.get_arguments().filter(is_option)
}

/// Those of all subcommands.
pub(super) fn all_options(command: &Command) -> Vec<&Arg> {
    own_options(command).chain(command.get_subcommands().flat_map(all_options)).collect()
}

/// What may stand in a table.
pub(super) fn keys(options: &[&Arg], command: &Command, is_root: bool) -> String {
    let keys = options.iter().map(|option| key(option));
    let tables = command.get_subcommands().map(Command::get_name).filter(|name| *name != "help");
    let tables = tables.map(|name| format!("[{name}]"));
    let others = OTHER_TABLES.iter().filter(|_| is_root).map(|it| format!("[[{it}]]"));
    let known = keys.chain(tables).chain(others).collect::<BTreeSet<_>>();
    known.into_iter().collect::<Vec<_>>().join(", ")
}

/// The option's key in the file.
pub(in crate::cli) fn key(option: &Arg) -> String {
    option.get_long().unwrap_or_default().replace('-', "_")
}

/// The value as it stands on a command line; nothing, if it is of another kind.
pub(super) fn arguments(option: &Arg, value: &DeValue<'_>) -> Option<Vec<String>> {
    let long = option.get_long()?;
    let argument = |value: &DeValue<'_>| {
        let text = match value {
            DeValue::Integer(number) if is_number(option) => number.to_string(),
            DeValue::Float(number) if is_number(option) => number.to_string(),
            DeValue::String(text) if !is_number(option) => text.to_string(),
            _ => return None,
        };
        Some(format!("--{long}={text}"))
    };
    match (option.get_action(), value) {
        (ArgAction::SetTrue, DeValue::Boolean(is_set)) => {
            Some(is_set.then(|| format!("--{long}")).into_iter().collect())
        }
        (ArgAction::SetTrue, _) => None,
        (ArgAction::Append, DeValue::Array(values)) => {
            values.iter().map(|value| argument(value.get_ref())).collect()
        }
        (_, value) => Some(vec![argument(value)?]),
    }
}

/// What an option takes, in words.
pub(in crate::cli) fn kind(option: &Arg) -> &'static str {
    match option.get_action() {
        ArgAction::SetTrue => "true or false",
        ArgAction::Append => "a text or a list of texts",
        _ if is_number(option) => "a number",
        _ => "a text",
    }
}

fn is_number(option: &Arg) -> bool {
    let kind = option.get_value_parser().type_id();
    let numbers = [
        TypeId::of::<u8>(),
        TypeId::of::<u16>(),
        TypeId::of::<u32>(),
        TypeId::of::<u64>(),
        TypeId::of::<usize>(),
        TypeId::of::<f64>(),
    ];
    numbers.into_iter().any(|number| kind == number)
}
