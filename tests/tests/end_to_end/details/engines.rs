//! What every engine tells.

use super::{document, flushed, has_measure, measure};
use anyhow::{Context, Result, ensure};
use beacon::ResourceKind;
use tests::{Browser, Engine, Inbox, Page};

/// What every engine has: the page's own times, and what it loads.
async fn ensure_details_in(engine: Engine) -> Result<()> {
    let inbox = Inbox::open().await?;
    let content = r#"<script src="/complaints.js"></script><script>performance.mark('early');</script>
      <img src="/photo.jpg">"#;
    let page = Page::serve(&document(inbox.origin(), content)).await?;
    let browser = Browser::open_in(engine).await?;
    browser.goto(&page.url("/")).await?;
    browser.settle().await?;
    browser.wait_for_details().await?;
    browser.value::<()>("rhumb.measure('checkout', 412)").await?;
    browser.pause(300).await?;
    let letter = flushed(&browser, &inbox, has_measure("checkout")).await?;
    ensure!(measure(&letter, "early").is_some(), "{:?}", letter.beacon.measures);
    let files = &letter.beacon.resources.files;
    let photo = files.iter().find(|it| it.url == page.url("/photo.jpg")).context("no photo")?;
    ensure!(photo.kind == ResourceKind::Image, "{photo:?}");
    ensure!(photo.weight.decoded_bytes > 300_000, "{photo:?}");
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_firefox_details_are_what_it_reports() -> Result<()> {
    ensure_details_in(Engine::Firefox).await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_webkit_details_are_what_it_reports() -> Result<()> {
    ensure_details_in(Engine::WebKit).await
}
