//! Which of two options counts where only one of them can.

use clap::{Arg, ArgMatches, Command, parser::ValueSource};

/// Whether an option is given on the command line.
pub(in crate::cli) fn is_on_command_line(option: &str, given: &ArgMatches) -> bool {
    given.value_source(option) == Some(ValueSource::CommandLine)
}

/// Whether one of the two leaves no room for the other: it is the same one, or excludes it.
pub(super) fn is_instead(command: &Command, one: &Arg, other: &Arg) -> bool {
    let excludes = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|it| it.get_id() == other.get_id())
    };
    let is_one_of_a_group = command.get_groups().cloned().any(|mut group| {
        let has = |it: &Arg| group.get_args().any(|id| id == it.get_id());
        has(one) && has(other) && !group.is_multiple()
    });
    one.get_id() == other.get_id()
        || excludes(one, other)
        || excludes(other, one)
        || is_one_of_a_group
}

/// A command that does not ask the environment for options that are excluded by the command line.
pub(in crate::cli) fn without_excluded(command: Command, given: &ArgMatches) -> Command {
    let on_command_line =
        command.get_arguments().filter(|it| is_on_command_line(it.get_id().as_str(), given));
    let on_command_line = on_command_line.collect::<Vec<_>>();
    let is_excluded =
        |it: &&Arg| on_command_line.iter().any(|given| is_instead(&command, given, it));
    let excluded = command.get_arguments().filter(is_excluded);
    let excluded = excluded.map(|it| it.get_id().clone()).collect::<Vec<_>>();
    let command = command.mut_args(|option| {
        if excluded.contains(option.get_id()) { option.env(None) } else { option }
    });
    match given.subcommand() {
        Some((name, given)) => command.mut_subcommand(name, |it| without_excluded(it, given)),
        None => command,
    }
}
