//! Components of React, Vue and Svelte in production builds, as docs/renders.md says: what they do is
//! told apart at `/renders`.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{process::Command, sync::OnceLock};
use tests::{ARRIVAL, Page, Server, until};

const BUNDLER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/npm/renders/bundle.js");
const BUNDLE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/renders");
/// The report says something from 20 updates on.
const CLICKS: u32 = 25;

/// Bundles all apps, once.
fn bundle() -> Result<()> {
    static BUNDLED: OnceLock<Result<(), String>> = OnceLock::new();
    let bundle = || {
        let output = Command::new("node").args([BUNDLER, BUNDLE]).output();
        let output = output.map_err(|error| format!("no node: {error}"))?;
        let said = || String::from_utf8_lossy(&output.stderr).into_owned();
        output.status.success().then_some(()).ok_or_else(said)
    };
    BUNDLED.get_or_init(bundle).clone().map_err(anyhow::Error::msg)
}

/// Clicks through an app, and returns the rows of the report. `is_expected` is asked in the page.
async fn visit(app: &str, is_expected: &str) -> Result<Vec<Value>> {
    bundle()?;
    let server = Server::start().await?;
    let document = format!(
        r#"<html data-endpoint="{}"><h1>Hello</h1><div id="app"></div>
        <script defer src="/bundle/{app}.js"></script>"#,
        server.url("/")
    );
    let page = Page::with_bundle(&document, BUNDLE).await?;
    let browser = page.visit().await?;
    ensure!(browser.value::<bool>(is_expected).await?, "not {is_expected}");
    let clicks = format!(
        "(async () => {{ for (let n = 0; n < {CLICKS}; n++) {{ \
           document.querySelector('button').click(); \
           await new Promise((done) => setTimeout(done, 5)); }} }})()"
    );
    browser.value::<()>(&clicks).await?;
    browser
        .wait_until(&format!("document.querySelector('output').textContent === '{CLICKS}'"))
        .await?;
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.goto(&page.url("/elsewhere")).await?;

    let rows = until("renders", ARRIVAL, async || {
        let answer = server.ask("renders").await?;
        let rows = answer["rows"].as_array().context("no rows")?.clone();
        Ok((!rows.is_empty()).then_some(rows))
    })
    .await?;
    browser.close().await?;
    Ok(rows)
}

fn counts(row: &Value) -> Vec<(&str, u64)> {
    let phases = row["phases"].as_array().into_iter().flatten();
    phases
        .map(|it| (it["phase"].as_str().unwrap_or(""), it["count"].as_u64().unwrap_or(0)))
        .collect()
}

async fn react_tells_a_memoized_list_from_another_one(version: u32) -> Result<()> {
    let rows =
        visit(&format!("react-{version}"), &format!("version.startsWith('{version}.')")).await?;
    ensure!(rows.len() == 2, "{rows:#?}");
    for (row, (id, updates)) in rows.iter().zip([("List", "in_full"), ("MemoisedList", "in_part")])
    {
        ensure!(row["component"] == id && row["updates"] == updates, "{rows:#?}");
        ensure!(counts(row) == [("mount", 1), ("update", CLICKS.into())], "{row:#}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn react_18_tells_a_memoized_list_from_another_one() -> Result<()> {
    react_tells_a_memoized_list_from_another_one(18).await
}

#[tokio::test(flavor = "multi_thread")]
async fn react_19_tells_a_memoized_list_from_another_one() -> Result<()> {
    react_tells_a_memoized_list_from_another_one(19).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_example_works_in_vue() -> Result<()> {
    its_list_is_mounted_once_and_updated_by_every_click("vue").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_example_works_in_svelte() -> Result<()> {
    its_list_is_mounted_once_and_updated_by_every_click("svelte").await
}

async fn its_list_is_mounted_once_and_updated_by_every_click(app: &str) -> Result<()> {
    let rows = visit(app, "true").await?;
    ensure!(rows.len() == 1 && rows[0]["component"] == "List", "{rows:#?}");
    ensure!(counts(&rows[0]) == [("mount", 1), ("update", CLICKS.into())], "{rows:#?}");
    // Each of them works for 2 ms.
    let total_ms = rows[0]["total_ms"].as_f64().context("no total")?;
    ensure!(total_ms >= 2.0 * f64::from(CLICKS), "{rows:#?}");
    Ok(())
}

#[test]
fn what_is_for_react_has_the_types_of_react() -> Result<()> {
    let mut compiler = Command::new("node");
    compiler.args(["node_modules/typescript/bin/tsc", "--project", "types/tsconfig.react.json"]);
    compiler.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/npm"));
    let output = compiler.output().context("no node")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

#[test]
fn importing_what_is_for_react_on_a_server_is_harmless() -> Result<()> {
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/../collector-wasm/pkg");
    let folder = tempfile::tempdir()?;
    let modules = folder.path().join("node_modules");
    std::fs::create_dir_all(modules.join("@rhumb"))?;
    let react = concat!(env!("CARGO_MANIFEST_DIR"), "/npm/node_modules/react-19");
    std::os::unix::fs::symlink(react, modules.join("react"))?;
    std::os::unix::fs::symlink(package, modules.join("@rhumb/collector"))?;
    let program = "
      import { onRender, RhumbProfiler } from '@rhumb/collector/react';
      onRender('List', 'mount', 1, 1, 0, 1);
      console.log(RhumbProfiler({ id: 'List', children: 'trips' }).props.id);
    ";
    let mut node = Command::new("node");
    node.args(["--preserve-symlinks", "--input-type=module", "--eval", program]);
    let output = node.current_dir(folder.path()).output().context("no node")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success() && said.trim() == "List", "{output:?}");
    Ok(())
}
