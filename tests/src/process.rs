//! Programs that the tests start, each ended with the test that started it.

use anyhow::{Context, Result, bail};
use std::{process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

const START_TIMEOUT: Duration = Duration::from_secs(30);

/// A program that has said that it is ready. Killed when dropped, with the programs it started.
pub(crate) struct Process {
    child: Child,
    /// Held, so that the program may go on writing.
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts the program and reads its output until `ready` finds what it waits for in a line.
    pub(crate) async fn start<T>(
        mut command: Command,
        ready: impl Fn(&str) -> Option<T>,
    ) -> Result<(Self, T)> {
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdout(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let stdout = child.stdout.take().context("stdout is piped")?;
        let mut lines = BufReader::new(stdout).lines();
        let found = timeout(START_TIMEOUT, async {
            while let Some(line) = lines.next_line().await? {
                if let Some(found) = ready(&line) {
                    return Ok(found);
                }
            }
            bail!("{name} ended before it was ready")
        })
        .await
        .with_context(|| format!("{name} was not ready in {START_TIMEOUT:?}"))??;
        Ok((Self { child, _stdout: lines }, found))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(group) = self.child.id() {
            // A group that is gone needs no killing.
            let _ = std::process::Command::new("kill")
                .args(["-KILL", "--", &format!("-{group}")])
                .stderr(Stdio::null())
                .status();
        }
    }
}
