//! `cargo xtask setup`: what a build needs and a fresh machine lacks.

use crate::{browser, node::Node, wasm_toolchain::WasmToolchain};
use anyhow::Result;

/// Install what is missing: Node and a WebAssembly toolchain
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The browsers and their drivers as well, which only the tests need
    #[arg(long)]
    browser: bool,
}

/// What a build needs, found or installed.
pub(crate) struct Tools {
    pub(crate) node: Node,
    pub(crate) wasm: WasmToolchain,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    tools()?;
    if arguments.browser {
        browser::ensure_all()?;
    }
    Ok(())
}

/// Finds or installs what a build needs.
pub(crate) fn tools() -> Result<Tools> {
    let node = Node::ensure()?;
    println!("  node: {node}");
    let wasm = WasmToolchain::ensure()?;
    println!("  wasm: {wasm}");
    Ok(Tools { node, wasm })
}
