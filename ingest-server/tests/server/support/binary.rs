//! The program itself, as users start it.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// `rhumb serve` on the database in a folder; killed when dropped.
pub(crate) struct Binary {
    pub(crate) child: Child,
    /// With a slash at the end.
    pub(crate) url: String,
}

impl Binary {
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[], Stdio::inherit())
    }

    /// The same, with variables in its environment.
    pub(crate) fn start_in(folder: &Path, variables: &[(&str, &str)]) -> Self {
        Self::start_with(folder, variables, Stdio::inherit())
    }

    /// The same, with what it logs in a file.
    pub(crate) fn start_logging(folder: &Path, log: &Path) -> Self {
        Self::start_with(folder, &[], File::create(log).unwrap().into())
    }

    /// The same, with both.
    pub(crate) fn start_logging_in(folder: &Path, log: &Path, variables: &[(&str, &str)]) -> Self {
        Self::start_with(folder, variables, File::create(log).unwrap().into())
    }

    fn start_with(folder: &Path, variables: &[(&str, &str)], stderr: Stdio) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rhumb"))
            .current_dir(folder)
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(folder.join("rhumb.db"))
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().last().unwrap().to_owned();
        Self { child, url }
    }

    /// What it takes of the machine's memory.
    pub(crate) fn resident_bytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        1024 * resident.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
