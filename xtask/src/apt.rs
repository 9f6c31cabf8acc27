//! Packages of Debian and Ubuntu.

use crate::{
    command::{answer, is_in_path, run},
    progress::step,
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    io::{IsTerminal, stdin},
    os::unix::fs::MetadataExt,
    path::PathBuf,
    process::Command,
    sync::OnceLock,
};

static LISTS_ARE_UPDATED: OnceLock<()> = OnceLock::new();

/// Installs the packages, or says in one sentence what to run by hand.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !is_in_path("apt-get") {
        bail!("there is no apt-get on this machine; install by hand what Debian calls {list}");
    }
    let installed = step(&format!("apt-get install {list}"), || {
        update_lists()?;
        let arguments = [&["install", "-y", "--no-install-recommends"], packages].concat();
        run(&mut apt_get(&arguments)?)
    });
    if let Err(error) = installed {
        bail!("{error:#}; run `sudo apt-get update && sudo apt-get install {list}` by hand");
    }
    Ok(())
}

fn update_lists() -> Result<()> {
    if LISTS_ARE_UPDATED.get().is_none() {
        run(&mut apt_get(&["update"])?)?;
        let _already_set = LISTS_ARE_UPDATED.set(());
    }
    Ok(())
}

/// Downloads a package into a folder without installing it; its file.
pub(crate) fn download(package: &str, folder: &str) -> Result<PathBuf> {
    update_lists()?;
    run(Command::new("apt-get").args(["download", package]).current_dir(folder))?;
    let prefix = format!("{package}_");
    let files = fs::read_dir(folder)?.map_while(Result::ok).map(|file| file.path());
    let mut packages = files.filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(&prefix) && path.extension().is_some_and(|it| it == "deb")
    });
    packages.next().with_context(|| format!("apt-get left no {prefix}*.deb in {folder}"))
}

/// Whether dpkg has all of the packages.
pub(crate) fn has(packages: &[&str]) -> bool {
    let mut query = Command::new("dpkg-query");
    let status =
        answer(query.args(["--show", "--showformat=${db:Status-Status}\n"]).args(packages));
    status.is_some_and(|lines| lines.lines().all(|status| status == "installed"))
}

/// With `env`, because sudo lets no other variable through.
fn apt_get(arguments: &[&str]) -> Result<Command> {
    let mut words = as_root()?;
    words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(arguments);
    Ok(command)
}

/// What a command begins with to run as root.
fn as_root() -> Result<Vec<&'static str>> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if is_root {
        Ok(vec![])
    } else if answer(Command::new("sudo").args(["-n", "true"])).is_some() {
        Ok(vec!["sudo", "-n"])
    } else if is_in_path("sudo") && stdin().is_terminal() {
        Ok(vec!["sudo"])
    } else {
        bail!("packages can only be installed as root or with sudo")
    }
}
