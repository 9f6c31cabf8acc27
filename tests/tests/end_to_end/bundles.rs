//! What bundlers say of the files that they have made is read, and put beside what a visitor loads of them.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{fs, process::Command};
use tests::{ARRIVAL, Browser, Page, Server, until};

const BUNDLERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/npm/bundlers/build.js");
const BUNDLES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/bundlers");

/// The name of what a folder has with that beginning.
fn file(folder: &str, begin: &str) -> Result<String> {
    let files = fs::read_dir(format!("{BUNDLES}/{folder}"))?;
    let names = files.map(|it| Ok(it?.file_name().to_string_lossy().into_owned()));
    let names = names.collect::<Result<Vec<_>>>()?;
    let found = names.into_iter().find(|name| name.starts_with(begin));
    found.with_context(|| format!("no {begin} in {folder}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shipped_is_read_from_what_each_bundler_says_of_it() -> Result<()> {
    let output = Command::new("node").args([BUNDLERS, BUNDLES]).output().context("no node")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let apps =
        [("esbuild", "esbuild-app"), ("webpack", "webpack-app"), ("vite/assets", "vite-app")];
    let script = |(folder, begin): (&str, &str)| {
        let name = file(folder, begin)?;
        Ok(format!(r#"<script type="module" src="/bundle/{folder}/{name}"></script>"#))
    };
    let scripts = apps.into_iter().map(script).collect::<Result<String>>()?;
    let server = Server::start().await?;
    let document = format!(
        r#"<link rel="icon" href="data:,"><h1>Hello</h1><button>Go</button>{scripts}
        <script type="module">
          import {{ start }} from '/collector/index.js';
          window.rhumb = start({{ endpoint: '{}', site: 'default' }});
        </script>"#,
        server.url("")
    );
    let page = Page::with_bundle(&document, BUNDLES).await?;
    let browser = Browser::open().await?;
    browser.goto(&page.url("/")).await?;
    browser.settle().await?;
    browser.wait_for_details().await?;
    browser.goto(&page.url("/elsewhere")).await?;
    let is_told = async || {
        let report = server.ask("resources?kind=script").await?;
        Ok(report["rows"].as_array().is_some_and(|rows| !rows.is_empty()).then_some(()))
    };
    until("what was loaded", ARRIVAL, is_told).await?;

    for (stats, app, has_modules) in [
        ("esbuild.json", "esbuild-app-*.js", true),
        ("webpack.json", "webpack-app-*.js", true),
        ("visualizer.json", "vite-app-*.js", true),
        ("vite/.vite/manifest.json", "vite-app-*.js", false),
    ] {
        let path = format!("{BUNDLES}/{stats}");
        let told = server.run(&["bundle", "default", "--stats", &path, "--format", "json"]).await?;
        let told: Value = serde_json::from_str(&told)?;
        let rows = told["rows"].as_array().with_context(|| format!("{stats}: {told}"))?;
        let [late, loaded] = &rows[..] else { anyhow::bail!("{stats}: {told}") };
        ensure!(loaded["name"].as_str().is_some_and(|it| it.ends_with(app)), "{stats}: {told}");
        ensure!(
            (&loaded["page_views"], &late["page_views"]) == (&1.into(), &0.into()),
            "{stats}: {told}"
        );
        ensure!(loaded["bytes"].as_u64() > Some(100), "{stats}: {told}");
        ensure!(
            loaded["modules"].to_string().contains("trips.js") == has_modules,
            "{stats}: {told}"
        );
    }
    browser.close().await
}
