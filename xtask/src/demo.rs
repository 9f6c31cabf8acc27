//! `cargo xtask demo`: everything, running.

use crate::build;
use anyhow::{Context, Result, bail};
use std::{
    convert::Infallible,
    fs,
    net::{SocketAddr, TcpListener},
    os::unix::process::CommandExt,
    process::Command,
};

const FOLDER: &str = "target/demo";

/// Build everything, then serve the demo app and the dashboard until Ctrl-C
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Address and port of the server
    #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
}

/// Becomes the server, so that Ctrl-C and SIGTERM reach it and nobody else.
pub(crate) fn run(Arguments { listen }: &Arguments) -> Result<Infallible> {
    check_free(*listen)?;
    build::binary()?;
    fs::create_dir_all(FOLDER)?;
    println!("{}", invitation(*listen));
    let mut server = Command::new(build::BINARY);
    // A demo shows every visit, also that of an automated browser.
    server.args(["serve", "--count-bots", "--listen", &listen.to_string()]);
    server.args(["--database", &format!("{FOLDER}/rhumb.db")]);
    Err(server.exec()).with_context(|| format!("cannot start {}", build::BINARY))
}

/// Before minutes of building.
fn check_free(listen: SocketAddr) -> Result<()> {
    if listen.port() == 0 {
        bail!("--listen: the demo needs a port to name, such as 127.0.0.1:8787, got {listen}");
    }
    TcpListener::bind(listen).map(drop).with_context(|| {
        format!("--listen: {listen} is not free; choose another, such as --listen 127.0.0.1:9000")
    })
}

fn invitation(listen: SocketAddr) -> String {
    const WIDTH: usize = 66;
    let lines = [
        String::new(),
        format!("demo        http://{listen}/demo/"),
        format!("dashboard   http://{listen}/"),
        String::new(),
        "Open the demo, search, apply the filters, leave the page.".to_owned(),
        "The dashboard shows the visit. Ctrl-C stops the server.".to_owned(),
        String::new(),
    ];
    let rule = "─".repeat(WIDTH);
    let framed = lines.map(|line| format!("│  {line:<0$}│", WIDTH - 2)).join("\n");
    format!("\n┌{rule}┐\n{framed}\n└{rule}┘\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_is_as_wide_as_its_lines() {
        let text = invitation("127.0.0.1:8787".parse().unwrap());
        let widths: Vec<_> =
            text.lines().filter(|line| !line.is_empty()).map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|&width| width == 68), "{text}");
        assert!(text.contains("http://127.0.0.1:8787/demo/ "));
    }

    #[test]
    fn a_taken_port_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let error = check_free(address).unwrap_err().to_string();
        assert!(error.starts_with(&format!("--listen: {address} is not free")), "{error}");
    }
}
