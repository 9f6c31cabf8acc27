//! A server under test, on a port that it chooses itself.

use crate::build::BINARY;
use anyhow::{Context, Result};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a server may take to end.
const END_WAIT: Duration = Duration::from_secs(5);

/// Ended when dropped.
pub(super) struct Server {
    child: Child,
    /// Where it answers.
    pub(super) url: String,
}

impl Server {
    /// Starts one that says its address at the end of its first line.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let stdout = child.stdout.take().context("stdout is piped")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let url = line.split_whitespace().last().context("the server did not start")?.to_owned();
        Ok(Self { child, url })
    }

    /// `rhumb serve` on a database.
    pub(super) fn rhumb(database: &Path) -> Result<Self> {
        Self::rhumb_with(database, &[])
    }

    /// The same, with more options.
    pub(super) fn rhumb_with(database: &Path, options: &[&str]) -> Result<Self> {
        let mut rhumb = Command::new(BINARY);
        rhumb.args(["serve", "--listen", "127.0.0.1:0", "--database"]).arg(database).args(options);
        Self::start(&mut rhumb)
    }

    /// The time of processors that its threads had so far.
    pub(super) fn processor_time(&self) -> Result<Duration> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id()))?;
        let mut ns = 0;
        for task in tasks {
            let stat = fs::read_to_string(task?.path().join("schedstat"))?;
            let first = stat.split_whitespace().next().context("a thread has no time")?;
            ns += first.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(ns))
    }

    /// The most memory that it had resident so far, in MB.
    pub(super) fn memory_mb(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        let kb: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kb / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody else ends the workers of an nginx that is killed.
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().ok();
        let end = Instant::now() + END_WAIT;
        while self.child.try_wait().is_ok_and(|ended| ended.is_none()) && Instant::now() < end {
            thread::sleep(END_WAIT / 100);
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
