//! Debian's `WebDriver` server for Chromium.

use crate::process::Process;
use anyhow::Result;
use tokio::process::Command;

/// Started on a free port, which it says itself.
pub(crate) async fn start() -> Result<(Process, String)> {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0");
    Process::start(command, address).await
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
