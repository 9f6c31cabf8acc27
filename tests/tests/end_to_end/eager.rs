//! What the build of the package makes of functions, so that browsers compile them beside the main thread.

use anyhow::{Context, Result, ensure};
use std::process::{Command, Output};

const PLUGIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../xtask/npm/eager.js");
const APPLY: &str = "const { eager } = await import(process.argv[1]);
    process.stdout.write(eager.renderChunk(process.argv[2]));";

fn eager(code: &str) -> Result<Output> {
    let arguments = ["--input-type=module", "--eval", APPLY, PLUGIN, code];
    Command::new("node").args(arguments).output().context("no node")
}

#[test]
fn a_method_stands_in_parentheses_beneath_its_name() -> Result<()> {
    let output = eager("const a = { async b(c) { return c; } };")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let code = String::from_utf8(output.stdout)?;
    ensure!(code == "const a = { b: (async function(c) { return c; }) };", "{code}");
    Ok(())
}

#[test]
fn a_method_that_would_become_another_one_ends_the_build() -> Result<()> {
    for (method, says) in [
        ("[b]() {}", "a computed name"),
        ("*b() {}", "a generator"),
        ("async *b() {}", "a generator"),
        ("b() { return () => super.b(); }", "`super`"),
    ] {
        let output = eager(&format!("const a = {{ {method} }};"))?;
        let error = String::from_utf8(output.stderr)?;
        ensure!(!output.status.success(), "{method} was taken");
        ensure!(error.contains(&format!("a method with {says}: {method}")), "{method}: {error}");
    }
    Ok(())
}
