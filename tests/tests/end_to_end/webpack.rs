//! The npm package in an app that webpack bundles. Vite bundles the demo app.

use anyhow::{Context, Result, ensure};
use std::process::Command;
use tests::{Page, Server};

const BUNDLER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/npm/webpack/bundle.js");
const BUNDLE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/webpack");

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_webpack_bundles_is_measured_by_both_entries() -> Result<()> {
    let output = Command::new("node").args([BUNDLER, BUNDLE]).output().context("no node")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let server = Server::start().await?;
    let document = format!(
        r#"<html data-endpoint="{}"><h1>Hello</h1><button>Press</button>
        <script defer src="/bundle/main.js"></script>"#,
        server.url("/")
    );
    let page = Page::with_bundle(&document, BUNDLE).await?;
    let browser = page.open().await?;
    browser.wait_until("['CLS', 'FCP', 'LCP', 'TTFB'].every((name) => name in seen)").await?;
    browser.click("button").await?;
    browser.wait_until("'INP' in seen").await?;
    ensure!(browser.value::<bool>("isOneModule").await?, "the alias leads elsewhere");
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.goto(&page.url("/elsewhere")).await?;

    server.metric("inp").await?;
    server.one_page_view().await?;
    browser.close().await
}
