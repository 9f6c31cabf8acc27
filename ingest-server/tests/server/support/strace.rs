//! Faults of a disk: what the kernel answers a running server is changed on the way.

use super::Binary;
use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// What goes wrong with which calls, until it is mended.
pub(crate) struct Fault {
    strace: Child,
}

impl Fault {
    /// From here on the calls of the server, such as `fsync,fdatasync`, fail (`error=EIO`) or last
    /// (`delay_enter=1s`): those for these files, or for all if there is none. Nothing, where no
    /// program may do so.
    pub(crate) fn inject(
        server: &Binary,
        calls: &str,
        fault: &str,
        files: &[PathBuf],
    ) -> Option<Self> {
        let files = files.iter().flat_map(|file| ["-P".into(), file.clone().into_os_string()]);
        let started = Command::new("strace")
            .args(["-f", "-o", "/dev/null", "-p", &server.child.id().to_string()])
            .args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:{fault}")])
            .args(files)
            .stderr(Stdio::piped())
            .spawn();
        let mut strace = match started {
            Ok(strace) => strace,
            Err(error) => {
                println!("skipped: strace cannot be started: {error}");
                return None;
            }
        };
        let mut lines = BufReader::new(strace.stderr.take().unwrap()).lines();
        let said = lines.by_ref().map_while(Result::ok);
        let said = said.take_while(|line| !line.contains(" attached")).collect::<Vec<_>>();
        if strace.try_wait().unwrap().is_some() {
            println!("skipped: strace may not change what others do: {said:?}");
            return None;
        }
        // It goes on talking, of threads that come and go.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { strace })
    }

    /// All is as before.
    pub(crate) fn mend(self) {
        drop(self);
    }
}

impl Drop for Fault {
    fn drop(&mut self) {
        // It lets go of the server, which `Child::kill` would not give it the time for.
        let id = self.strace.id().to_string();
        let _ = Command::new("kill").args(["-INT", &id]).status();
        let _ = self.strace.wait();
    }
}
