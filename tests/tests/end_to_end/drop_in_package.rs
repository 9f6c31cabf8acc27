//! `@rhumb/collector/web-vitals` for those who write code: its types, and where it may be imported.

use anyhow::{Context, Result, ensure};
use std::process::Command;

/// Where the package is installed.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/npm");

/// Runs a program with `vitals` imported and required: it has to say the same.
fn run(program: &str) -> Result<String> {
    let [imported, required] = [
        ("--input-type=module", "import * as vitals from '@rhumb/collector/web-vitals';"),
        ("--input-type=commonjs", "const vitals = require('@rhumb/collector/web-vitals');"),
    ]
    .map(|(kind, line)| {
        let mut node = Command::new("node");
        node.args([kind, "--eval", &format!("{line}{program}")]).current_dir(FOLDER);
        let output = node.output().context("no node")?;
        ensure!(output.status.success(), "{output:?}");
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    });
    let (imported, required) = (imported?, required?);
    ensure!(imported == required, "imported: {imported}, required: {required}");
    Ok(imported)
}

#[test]
fn calling_it_on_a_server_is_harmless() -> Result<()> {
    let program = "
      for (const [name, on] of Object.entries(vitals)) if (/^(on|get)/.test(name)) on(console.log);
      console.log(vitals.LCPThresholds.join());
    ";
    ensure!(run(program)? == "2500,4000");
    Ok(())
}

/// Test runners put up a page for each test.
#[test]
fn loaded_before_there_is_a_page_it_measures_the_page_that_comes() -> Result<()> {
    let program = "
      vitals.onTTFB(console.error);
      globalThis.PerformanceNavigationTiming = class { responseStart = 0.5; type = 'reload' };
      performance.getEntriesByType = () => [new PerformanceNavigationTiming()];
      globalThis.document = { readyState: 'complete', visibilityState: 'visible' };
      globalThis.addEventListener = () => {};
      vitals.onTTFB(({ value, navigationType }) => console.log(value, navigationType));
    ";
    ensure!(run(program)? == "0.5 reload");
    Ok(())
}

/// Compiles what is in a folder of `npm`, with TypeScript's declarations of the browser as they are.
fn compile(project: &str) -> Result<()> {
    let mut compiler = Command::new("node");
    compiler.args(["node_modules/typescript/bin/tsc", "--project", project]).current_dir(FOLDER);
    let output = compiler.output().context("no node")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

#[test]
fn its_types_are_those_of_web_vitals() -> Result<()> {
    compile("types/tsconfig.side_by_side.json")
}

#[test]
fn its_types_need_no_web_vitals() -> Result<()> {
    compile("types/tsconfig.json")
}
