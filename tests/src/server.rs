//! The server as it is shipped, on an empty database.

use crate::{process::Process, wait::until};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::Command;

/// How long a beacon may take from the page to the summary on a busy machine.
pub const ARRIVAL: Duration = Duration::from_secs(5);

/// `rhumb serve` on a port and a database of its own.
pub struct Server {
    origin: String,
    _process: Process,
    folder: TempDir,
}

impl Server {
    /// Starts it. `RHUMB_BIN` names the binary; `cargo xtask test` sets it.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same, with more options.
    pub async fn start_with(options: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(binary()?);
        // The browsers of tests are driven by programs.
        command.args(["serve", "--count-bots", "--listen", "127.0.0.1:0", "--database"]);
        command.arg(folder.path().join("rhumb.db")).args(options);
        let (process, origin) = Process::start(command, origin).await?;
        Ok(Self { origin, _process: process, folder })
    }

    /// Runs `rhumb` with these arguments on its database; what it prints.
    pub async fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(binary()?);
        command.args(arguments).arg("--database").arg(self.folder.path().join("rhumb.db"));
        let ran = command.output().await?;
        ensure!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        Ok(String::from_utf8(ran.stdout)?)
    }

    /// The address of a path on this server.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// `GET /v1/sites/default/…`
    pub async fn ask(&self, question: &str) -> Result<Value> {
        let url = self.url(&format!("/v1/sites/default/{question}"));
        Ok(reqwest::get(url).await?.error_for_status()?.json().await?)
    }

    /// The summary, with a query such as `?route=/results`.
    pub async fn summary(&self, query: &str) -> Result<Value> {
        self.ask(&format!("summary{query}")).await
    }

    /// How many page views the summary counts.
    pub async fn page_views(&self, query: &str) -> Result<u64> {
        let summary = self.summary(query).await?;
        summary["page_views"].as_u64().context("the summary has no page_views")
    }

    /// Waits until a page view is there, and ensures that it is the only one.
    pub async fn one_page_view(&self) -> Result<()> {
        let ask = async || Ok(Some(self.page_views("").await?).filter(|count| *count > 0));
        let count = until("a page view", ARRIVAL, ask).await?;
        ensure!(count == 1, "one visit is {count} page views");
        Ok(())
    }

    /// Waits until a query such as `?route=/cart` finds a page view.
    pub async fn find(&self, query: &str) -> Result<()> {
        until(query, ARRIVAL, async || Ok((self.page_views(query).await? == 1).then_some(()))).await
    }

    /// Waits until a metric such as `inp` is there.
    pub async fn metric(&self, name: &str) -> Result<()> {
        until(name, ARRIVAL, async || {
            let summary = self.summary("").await?;
            Ok((summary["metrics"][name]["count"] == 1).then_some(()))
        })
        .await
    }
}

fn binary() -> Result<String> {
    std::env::var("RHUMB_BIN")
        .context("RHUMB_BIN is not set: these tests are run by `cargo xtask test`")
}

/// The origin in the line that names the server's address.
fn origin(line: &str) -> Option<String> {
    let from = line.find("http://127.0.0.1:")?;
    let port_from = from + "http://127.0.0.1:".len();
    let port_length = line[port_from..].find(|c: char| !c.is_ascii_digit());
    let to = port_length.map_or(line.len(), |length| port_from + length);
    Some(line[from..to].to_owned())
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn the_origin_ends_with_the_port() {
        let line = "dashboard   http://127.0.0.1:8787/  and more";
        assert_eq!(origin(line).as_deref(), Some("http://127.0.0.1:8787"));
        assert_eq!(origin("starting"), None);
    }
}
