//! Debian's `WebDriver` server for `WebKitGTK`, with its small browser, on a screen of its own.

use crate::{engine::Driver, process::Process, screen};
use anyhow::{Context, Result};
use thirtyfour::Capabilities;
use tokio::{net::TcpListener, process::Command};

/// It is told the port: it could choose a free one, but would not say which.
pub(crate) async fn start() -> Result<Driver> {
    let (screen, display) = screen::start().await.context("WebKit needs a screen")?;
    let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    let mut command = Command::new("WebKitWebDriver");
    command.arg(format!("--port={}", address.port())).env("DISPLAY", display);
    let process = Process::start_at(command, address).await?;
    Ok(Driver {
        address: format!("http://{address}"),
        // Asked for nothing, it starts the browser that came with it.
        capabilities: Capabilities::new(),
        processes: vec![process, screen],
    })
}
