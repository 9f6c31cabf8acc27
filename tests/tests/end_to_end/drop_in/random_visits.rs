//! What no real browser can be made to do.

use super::DIFFERENCES;
use anyhow::{Context, Result, ensure};
use std::{path::Path, process::Command};

/// Calls both in a browser of plain objects, in which anything may happen.
const RANDOM_VISITS: &str = include_str!("random_visits.js");
const THEIRS: &str = "npm/node_modules/web-vitals/dist/web-vitals.attribution.js";

/// What no real browser can be made to do: frames in any order, many long ones, anything at once.
#[test]
fn random_visits_call_back_as_web_vitals_does() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["../collector-wasm/pkg/web-vitals.js", THEIRS].map(|path| root.join(path));
    let program = format!("{DIFFERENCES}\n{RANDOM_VISITS}");
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", &program]).args(files);
    let output = node.output().context("no node")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    println!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}
