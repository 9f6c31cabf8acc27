//! A Redis of a test's own, which keeps nothing on disk.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// What it asks for.
pub(crate) const PASSWORD: &str = "planted-password";

/// Killed when dropped.
pub(crate) struct Redis {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Redis {
    /// Nothing, where there is no such program.
    pub(crate) fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let child = serve(folder.path(), port);
        let child =
            child.inspect_err(|error| println!("skipped: redis-server cannot be started: {error}"));
        Some(Self { child: child.ok()?, port, folder })
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}", self.port)
    }

    /// It ends, and forgets.
    pub(crate) fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Another one at the same address.
    pub(crate) fn start_again(&mut self) {
        self.child = serve(self.folder.path(), self.port).unwrap();
    }

    /// `STOP` makes it hang, `CONT` go on.
    pub(crate) fn signal(&self, name: &str) {
        let kill =
            Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }

    /// The keys that begin so.
    pub(crate) fn keys(&self, prefix: &str) -> Vec<String> {
        let keys = self.ask(&format!("KEYS {prefix}*"));
        keys.lines().filter(|it| it.starts_with(prefix)).map(str::to_owned).collect()
    }

    /// What it answers to a command, as it comes over the wire.
    pub(crate) fn ask(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "AUTH {PASSWORD}\r\n{command}\r\nQUIT\r\n").unwrap();
        let mut answers = String::new();
        stream.read_to_string(&mut answers).unwrap();
        answers
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Until it takes connections.
fn serve(folder: &Path, port: u16) -> std::io::Result<Child> {
    let program = env::var("REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned());
    let mut child = Command::new(program)
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--requirepass", PASSWORD])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let is_ready = lines.any(|line| line.contains("Ready to accept connections"));
    assert!(is_ready, "redis-server ended");
    thread::spawn(move || lines.for_each(drop));
    // The address is taken before it is said so, and answered at after that.
    thread::sleep(Duration::from_millis(1));
    Ok(child)
}
