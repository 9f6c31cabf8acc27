//! Programs that xtask starts.

use anyhow::{Context, Result, bail};
use std::{
    env,
    io::{self, Write},
    path::Path,
    process::Command,
};

/// The cargo that runs xtask. Builds into `target/`, wherever the user's settings point: the
/// commands promise that the result is there.
pub(crate) fn cargo(arguments: &[&str]) -> Result<Command> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).env("CARGO_TARGET_DIR", std::path::absolute("target")?);
    Ok(cargo)
}

/// Runs to the end and returns what was printed. When it fails, all of that is shown.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let name = name(command);
    let output = command.output().with_context(|| format!("cannot start `{name}`"))?;
    if !output.status.success() {
        io::stderr().write_all(&output.stdout)?;
        io::stderr().write_all(&output.stderr)?;
        bail!("`{name}` failed ({})", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a program prints when all goes well; `None` when it is missing or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program of this name can be started.
pub(crate) fn is_in_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The command as one would type it, its program without the folder.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = [program].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_named_as_one_would_type_it() {
        let error = run(Command::new("/bin/false").arg("--really")).unwrap_err();
        assert_eq!(error.to_string(), "`false --really` failed (exit status: 1)");
    }

    #[test]
    fn a_missing_program_has_no_answer() {
        assert_eq!(answer(&mut Command::new("no-such-program")), None);
        assert!(!is_in_path("no-such-program"));
    }
}
