//! Debian's `WebDriver` server for Chromium.

use crate::{engine::Driver, process::Process};
use anyhow::Result;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities};
use tokio::process::Command;

const ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
    // Otherwise Chromium looks at its heap every 20 minutes.
    "--enable-precise-memory-info",
];

/// It asks for its free port twice, in IPv4 and IPv6, and ends when somebody was quicker.
const STARTS_MAX: u32 = 3;

/// Started on a free port, which it says itself.
pub(crate) async fn start() -> Result<Driver> {
    let (process, address) = start_process().await?;
    let mut capabilities = DesiredCapabilities::chrome();
    for argument in ARGUMENTS {
        capabilities.add_arg(argument)?;
    }
    Ok(Driver { address, capabilities: capabilities.into(), processes: vec![process] })
}

async fn start_process() -> Result<(Process, String)> {
    let mut starts = 1;
    loop {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0");
        match Process::start(command, address).await {
            Err(error) if starts < STARTS_MAX => println!("{error:#}"),
            started => return started,
        }
        starts += 1;
    }
}

/// `ChromeDriver was started successfully on port 37421.`
fn address(line: &str) -> Option<String> {
    let (_, port) = line.split_once("started successfully on port ")?;
    Some(format!("http://127.0.0.1:{}", port.trim_end_matches('.')))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_address_has_the_port_that_the_driver_chose() {
        let line = "ChromeDriver was started successfully on port 37421.";
        assert_eq!(address(line).as_deref(), Some("http://127.0.0.1:37421"));
    }
}
