//! Programs that the tests start, each ended with the test that started it.

use crate::wait::until;
use anyhow::{Context, Result, bail};
use std::{net::SocketAddr, process::Stdio, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
    time::timeout,
};

const START_TIMEOUT: Duration = Duration::from_secs(30);

/// A program that has said that it is ready. Killed when dropped, with the programs it started and
/// what they left in their temporary folder: of a browser that is killed, a profile of 15 MB.
pub(crate) struct Process {
    child: Child,
    _temporary: TempDir,
}

impl Process {
    /// Starts the program and reads its output until `ready` finds what it waits for in a line.
    pub(crate) async fn start<T>(
        mut command: Command,
        ready: impl Fn(&str) -> Option<T>,
    ) -> Result<(Self, T)> {
        let mut process = Self::spawn(command.stdout(Stdio::piped()))?;
        let stdout = process.child.stdout.take().context("stdout is piped")?;
        let mut lines = BufReader::new(stdout).lines();
        let name = name(&command);
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
        // A full pipe would stop the program.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok((process, found))
    }

    /// Starts a program that says nothing, and waits until it listens at the address.
    pub(crate) async fn start_at(mut command: Command, address: SocketAddr) -> Result<Self> {
        let mut process = Self::spawn(command.stdout(Stdio::null()))?;
        let name = name(&command);
        let listens = async || {
            if let Some(status) = process.child.try_wait()? {
                bail!("{name} ended before it was ready: {status}");
            }
            Ok(TcpStream::connect(address).await.ok())
        };
        until(&format!("{name} at {address}"), START_TIMEOUT, listens).await?;
        Ok(process)
    }

    fn spawn(command: &mut Command) -> Result<Self> {
        let temporary = TempDir::new().context("cannot create a temporary folder")?;
        command.env("TMPDIR", temporary.path());
        let child = command.process_group(0).kill_on_drop(true).spawn();
        let child = child.with_context(|| format!("cannot start {}", name(command)))?;
        Ok(Self { child, _temporary: temporary })
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

fn name(command: &Command) -> String {
    command.as_std().get_program().to_string_lossy().into_owned()
}
