//! The script tag of a page that pins what it loads: a name and an `integrity` that change with the
//! content, as `cargo xtask build` prints them.

use anyhow::{Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha384};
use tests::{Page, Server};

/// The collector's content, and where the server has it under the name that this gives it.
async fn collector(server: &Server) -> Result<(Vec<u8>, String)> {
    let content = reqwest::get(server.url("/rhumb.js")).await?.error_for_status()?.bytes().await?;
    let mut hash = [0; 8];
    hash.copy_from_slice(&Sha384::digest(&content)[..8]);
    let address = server.url(&format!("/rhumb-{:016x}.js", u64::from_be_bytes(hash)));
    Ok((content.into(), address))
}

/// A page with code of its own, whose tag trusts one content only.
async fn page(address: &str, trusted: &[u8]) -> Result<Page> {
    let integrity = STANDARD.encode(Sha384::digest(trusted));
    let document = format!(
        r#"<h1>Hello</h1><button onclick="window.wasPressed = true">Press</button>
        <script type="module" src="{address}"
          integrity="sha384-{integrity}"
          crossorigin data-site="default"></script>"#
    );
    Page::serve(&document).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pinned_script_tag_measures_the_page() -> Result<()> {
    let server = Server::start().await?;
    let (content, address) = collector(&server).await?;
    let page = page(&address, &content).await?;
    let browser = page.open().await?;
    browser.wait_for_details().await?;
    browser.click("button").await?;
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.goto(&page.url("/elsewhere")).await?;

    for metric in ["fcp", "inp"] {
        server.metric(metric).await?;
    }
    server.one_page_view().await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_is_not_the_pinned_one_is_refused_and_the_page_goes_on() -> Result<()> {
    let server = Server::start().await?;
    let (mut another, address) = collector(&server).await?;
    another.push(b'\n');
    let page = page(&address, &another).await?;
    let browser = page.open().await?;
    browser.wait_until("complaints.length > 0").await?;
    browser.click("button").await?;
    browser.wait_until("window.wasPressed === true").await?;
    browser.pause(500).await?;
    let complaints = browser.complaints().await?;
    ensure!(complaints == [format!("cannot load {address}")], "{complaints:?}");
    ensure!(browser.value::<bool>("window.rhumb === undefined").await?, "it was run");
    browser.goto(&page.url("/elsewhere")).await?;

    browser.pause(500).await?;
    ensure!(server.page_views("").await? == 0, "it has measured");
    browser.close().await
}
