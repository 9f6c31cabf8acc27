//! Redis, by which a few tests have several servers share their limits.

use crate::{apt, command::is_in_path};
use anyhow::Result;
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf, absolute},
};

/// Part of the names of those tests, and of no others.
pub(crate) const TESTS: &str = "in_redis";

const FOLDER: &str = "target/redis";
/// The server under another name, by which it only looks at files.
const PROGRAM: &str = "/usr/bin/redis-check-rdb";

/// Finds it, or installs the package that has the program. Debian's package `redis-server` has it under its name, and
/// would start a server on this machine.
pub(crate) fn ensure() -> Result<PathBuf> {
    if is_in_path("redis-server") {
        return Ok("redis-server".into());
    }
    if !Path::new(PROGRAM).exists() {
        apt::install(&["redis-tools"])?;
    }
    let server = absolute(Path::new(FOLDER).join("redis-server"))?;
    if !server.exists() {
        fs::create_dir_all(FOLDER)?;
        symlink(PROGRAM, &server)?;
    }
    Ok(server)
}
