//! The servers that are loaded, and how each is started.

use crate::{
    apt,
    bench::{self, program, server::Server},
    command::{answer, is_in_path},
    setup::Tools,
};
use anyhow::{Result, ensure};
use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

/// Databases and settings of the servers; each start makes it anew.
const FOLDER: &str = "target/bench/ingest";
/// How often, and how many times, it is tried whether nginx listens already.
const ATTEMPT_INTERVAL: Duration = Duration::from_millis(50);
const ATTEMPTS_MAX: u32 = 100;
const EXPRESS: &str = "xtask/bench/ingest";

/// A server that takes beacons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rival {
    /// The same framework with a handler that does nothing.
    Noop,
    Rhumb,
    /// Answers without reading what it is sent.
    Nginx,
    /// One insert a request.
    Express,
}

impl Rival {
    pub(super) const ALL: [Self; 4] = [Self::Noop, Self::Rhumb, Self::Nginx, Self::Express];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Noop => "handler that does nothing",
            Self::Rhumb => "rhumb, on disk",
            Self::Nginx => "nginx, return 204",
            Self::Express => "Express + better-sqlite3",
        }
    }

    /// Installs or builds what it needs.
    pub(super) fn prepare(self, tools: &Tools) -> Result<()> {
        match self {
            Self::Noop => program::build("noop").map(drop),
            Self::Rhumb => Ok(()),
            Self::Nginx if is_in_path("nginx") => Ok(()),
            Self::Nginx => apt::install(&["nginx-light"]),
            Self::Express => install_express(tools),
        }
    }

    /// Starts it with nothing in it.
    pub(super) fn start(self, tools: &Tools) -> Result<Server> {
        bench::empty_folder(FOLDER)?;
        let folder = PathBuf::from(FOLDER);
        match self {
            Self::Noop => Server::start(&mut Command::new(program::path("noop"))),
            Self::Rhumb => Server::rhumb(&folder.join("rhumb.db")),
            Self::Nginx => start_nginx(&folder),
            Self::Express => {
                let mut node = tools.node.program("node");
                node.arg(format!("{EXPRESS}/server.js")).arg(folder.join("express.db"));
                Server::start(&mut node)
            }
        }
    }
}

/// better-sqlite3 is compiled with the headers of the Node that runs it.
fn install_express(tools: &Tools) -> Result<()> {
    let script = "require('path').resolve(process.execPath, '../..')";
    let home = answer(tools.node.program("node").args(["-p", script])).unwrap_or_default();
    let home = Path::new(home.trim());
    ensure!(
        home.join("include/node/node.h").exists(),
        "the headers of Node are not in {}",
        home.display()
    );
    tools.node.install_packages_with(EXPRESS, &[("npm_config_nodedir", home.as_os_str())])
}

/// Says its address as the others do, and becomes nginx. It wants the folder to be absolute.
fn start_nginx(folder: &Path) -> Result<Server> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let settings = format!(
        "daemon off; pid nginx.pid; error_log stderr; worker_processes auto;
         events {{ worker_connections 4096; }}
         http {{ access_log off; keepalive_requests 1000000000;
           server {{ listen 127.0.0.1:{port} reuseport; location / {{ return 204; }} }} }}"
    );
    fs::write(folder.join("nginx.conf"), settings)?;
    let folder = std::path::absolute(folder)?;
    let mut shell = Command::new("sh");
    let script = format!("echo http://127.0.0.1:{port}/; exec nginx -p \"$0\" -c nginx.conf");
    let server = Server::start(shell.arg("-c").arg(script).arg(folder))?;
    let listens = (0..ATTEMPTS_MAX).any(|_| {
        thread::sleep(ATTEMPT_INTERVAL);
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    ensure!(listens, "nginx does not listen");
    Ok(server)
}
