//! Mozilla's `WebDriver` server for Firefox. Debian has only the browser.

use crate::{engine::Driver, process::Process};
use anyhow::{Context, Result};
use std::path::Path;
use thirtyfour::DesiredCapabilities;
use tokio::process::Command;

/// Where `cargo xtask test` installs it.
const PROGRAM: &str = "../target/tools/bin/geckodriver";

/// Started on a free port, which it says itself.
pub(crate) async fn start() -> Result<Driver> {
    let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(PROGRAM));
    command.arg("--port=0");
    let (process, address) = Process::start(command, address)
        .await
        .context("Firefox's tests are run by `cargo xtask test`")?;
    let mut capabilities = DesiredCapabilities::firefox();
    capabilities.set_headless()?;
    Ok(Driver { address, capabilities: capabilities.into(), processes: vec![process] })
}

/// `… INFO Listening on 127.0.0.1:46769`
fn address(line: &str) -> Option<String> {
    let (_, address) = line.split_once("Listening on ")?;
    Some(format!("http://{address}"))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_address_is_the_one_that_the_driver_listens_on() {
        let line = "1795455251238\tgeckodriver\tINFO\tListening on 127.0.0.1:46769";
        assert_eq!(address(line).as_deref(), Some("http://127.0.0.1:46769"));
    }
}
