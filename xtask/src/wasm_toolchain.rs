//! What compiles Rust to WebAssembly, chosen at run time.

use crate::{
    apt,
    command::{answer, cargo, is_in_path},
    progress::step,
};
use anyhow::{Result, bail};
use std::{env, fmt, fs, path::Path, process::Command};

const TARGET: &str = "wasm32-unknown-unknown";

/// Forces one of the two, by its name: `target` or `build-std`.
const ROUTE_VARIABLE: &str = "RHUMB_WASM_ROUTE";

/// Debian's Rust with the sources of the standard library, and a linker for wasm.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

/// A machine without access to Rust's servers should not wait for them for long.
const RUSTUP_TIMEOUT_S: &str = "60";

/// The linker's own choice is 1 MiB, which every page would have to spend. The stack lies below
/// everything else: one that is too deep ends the collector and overwrites nothing.
const LINK_FLAGS: &str = "-Clink-arg=-zstack-size=65536";

/// A function is part of its callers up to this cost, which compresses best; the compiler's own choice, 225,
/// is too much.
const INLINING: &str = "-Cllvm-args=-inline-threshold=60";

/// Nothing is formatted when the module panics, and no path of the machine that built it is in it.
/// A table of references costs more code, on both sides, than it saves.
const BUILD_STD_FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort \
                               -Zlocation-detail=none -Zfmt-debug=none \
                               -Ctarget-feature=-reference-types,-multivalue";

/// Variables by which the cargo that runs xtask would reach into Debian's.
const OUTER_CARGO: [&str; 7] = [
    "CARGO",
    "CARGO_ENCODED_RUSTFLAGS",
    "LD_LIBRARY_PATH",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTUP_TOOLCHAIN",
];

/// A toolchain that is installed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum WasmToolchain {
    /// The toolchain in use has a standard library for wasm.
    Target,
    /// Debian's toolchain builds it from source. Its modules are smaller: no panic message is in
    /// them.
    BuildStd,
}

impl WasmToolchain {
    /// Finds or installs one.
    pub(crate) fn ensure() -> Result<Self> {
        match Self::forced()? {
            Some(Self::Target) => Self::ensure_target(),
            Some(Self::BuildStd) => Self::ensure_build_std(),
            None if target_is_installed() => Ok(Self::Target),
            None if apt::has(&DEBIAN_PACKAGES) => Ok(Self::BuildStd),
            None => Self::ensure_target().or_else(|no_target| {
                println!("        {no_target:#}");
                Self::ensure_build_std()
            }),
        }
    }

    /// `cargo build` for wasm, into `target/wasm`.
    pub(crate) fn build(self, package: &str, profile: &str) -> Result<Command> {
        let arguments =
            ["build", "--quiet", "--package", package, "--target", TARGET, "--profile", profile];
        let mut command = match self {
            Self::Target => {
                let mut command = cargo(&arguments)?;
                let flags = format!("{INLINING} {LINK_FLAGS}");
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
                command
            }
            Self::BuildStd => debian_cargo(&arguments),
        };
        command.env("CARGO_TARGET_DIR", std::path::absolute("target/wasm")?);
        Ok(command)
    }

    /// What is published is built from source.
    pub(crate) fn is_for_releases(self) -> bool {
        self == Self::BuildStd
    }

    fn forced() -> Result<Option<Self>> {
        match env::var(ROUTE_VARIABLE).as_deref() {
            Err(_) | Ok("") => Ok(None),
            Ok(name) => named(name).map(Some),
        }
    }

    fn ensure_target() -> Result<Self> {
        if !target_is_installed() {
            add_target()?;
        }
        Ok(Self::Target)
    }

    fn ensure_build_std() -> Result<Self> {
        if !apt::has(&DEBIAN_PACKAGES) {
            apt::install(&DEBIAN_PACKAGES)?;
        }
        Ok(Self::BuildStd)
    }
}

impl fmt::Display for WasmToolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Target => "the toolchain's own wasm32-unknown-unknown target",
            Self::BuildStd => "std built from source with Debian's rustc-web",
        })
    }
}

fn named(name: &str) -> Result<WasmToolchain> {
    match name {
        "target" => Ok(WasmToolchain::Target),
        "build-std" => Ok(WasmToolchain::BuildStd),
        _ => bail!("{ROUTE_VARIABLE}: expected `target` or `build-std`, got `{name}`"),
    }
}

fn target_is_installed() -> bool {
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let folder = answer(rustc.args(["--print", "target-libdir", "--target", TARGET]));
    folder.is_some_and(|folder| has_core(Path::new(folder.trim())))
}

fn has_core(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let file = entry.path();
        let name = file.file_stem().unwrap_or_default();
        name.to_string_lossy().starts_with("libcore-")
            && file.extension().is_some_and(|extension| extension == "rlib")
    })
}

fn add_target() -> Result<()> {
    if !is_in_path("rustup") {
        bail!(
            "the toolchain in use has no {TARGET} target, and there is no rustup to add it; \
             {ROUTE_VARIABLE}=build-std does without"
        );
    }
    step(&format!("rustup target add {TARGET}"), || {
        let mut rustup = Command::new("timeout");
        answer(rustup.args([RUSTUP_TIMEOUT_S, "rustup", "target", "add", TARGET]));
        if !target_is_installed() {
            bail!("rustup could not add {TARGET}; run `rustup target add {TARGET}` by hand");
        }
        Ok(())
    })
}

/// `-Zbuild-std` is unstable, and so is a panic that leaves no trace in the module: Debian's
/// compiler is a stable one and has to be told that this is meant.
fn debian_cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new("/usr/bin/cargo");
    for variable in OUTER_CARGO {
        cargo.env_remove(variable);
    }
    cargo
        .args(arguments)
        .args(["-Zbuild-std=std", "-Zbuild-std-features=optimize_for_size"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTFLAGS", format!("{BUILD_STD_FLAGS} {INLINING} {LINK_FLAGS}"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_forced_by_its_name() {
        assert_eq!(named("target").unwrap(), WasmToolchain::Target);
        assert_eq!(named("build-std").unwrap(), WasmToolchain::BuildStd);
        let error = named("nightly").unwrap_err().to_string();
        assert_eq!(error, "RHUMB_WASM_ROUTE: expected `target` or `build-std`, got `nightly`");
    }
}
