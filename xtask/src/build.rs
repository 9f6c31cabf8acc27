//! `cargo xtask build`: the binary with everything embedded.

use crate::{
    collector,
    command::{cargo, run as run_command},
    demo_app, docs_ui, integrity,
    progress::step,
    setup,
};
use anyhow::Result;

/// What the build makes.
pub(crate) const BINARY: &str = "target/release/rhumb";

/// Builds it, and says how pages load what it serves.
pub(crate) fn run() -> Result<()> {
    binary()?;
    integrity::print()
}

pub(crate) fn binary() -> Result<()> {
    let tools = setup::tools()?;
    collector::build(&tools)?;
    demo_app::build(&tools)?;
    docs_ui::install(&tools)?;
    step(&format!("server: {BINARY}"), || {
        run_command(&mut cargo(&["build", "--quiet", "--release", "--package", "ingest-server"])?)
            .map(drop)
    })
}
