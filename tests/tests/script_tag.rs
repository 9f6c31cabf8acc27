//! The collector as a script tag on somebody's page, on another origin than the server.

use anyhow::{Result, ensure};
use std::time::Duration;
use tests::{Browser, Page, Server, until};

const ARRIVAL: Duration = Duration::from_secs(5);

fn with_tag(server: &Server) -> String {
    format!(
        r#"<h1>Hello</h1><button>Press</button>
        <script type="module" src="{}" data-site="default" data-release="1.4.2" data-route="/hello"></script>"#,
        server.url("/rhumb.js")
    )
}

async fn arrives(server: &Server, query: &str, page_views: u64) -> Result<()> {
    until(&format!("{page_views} page views of {query}"), ARRIVAL, async || {
        Ok((server.page_views(query).await? == page_views).then_some(()))
    })
    .await
}

/// Loaded, painted and pressed once.
async fn visit(browser: &Browser, page: &Page) -> Result<()> {
    browser.goto(&page.url("/")).await?;
    browser.wait_until("window.rhumb !== undefined").await?;
    browser.wait_until("performance.getEntriesByName('first-contentful-paint').length > 0").await?;
    browser.wait_until("performance.getEntriesByType('resource').some((entry) => entry.name.endsWith('.wasm') && entry.responseEnd > 0)").await?;
    browser.click("button").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_tag_measures_the_page_and_reports_when_it_is_left() -> Result<()> {
    let server = Server::start().await?;
    let page = Page::serve(&with_tag(&server)).await?;
    let browser = Browser::open().await?;

    visit(&browser, &page).await?;
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.goto(&page.url("/elsewhere")).await?;

    arrives(&server, "?release=1.4.2&route=/hello", 1).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn flush_sends_what_is_known_and_leaving_completes_the_same_page_view() -> Result<()> {
    let server = Server::start().await?;
    let page = Page::serve(&with_tag(&server)).await?;
    let browser = Browser::open().await?;

    visit(&browser, &page).await?;
    browser.value::<()>("rhumb.flush()").await?;
    arrives(&server, "", 1).await?;
    browser.value::<()>("rhumb.setRoute('/renamed')").await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    until("the interaction", ARRIVAL, async || {
        let summary = server.summary("").await?;
        Ok((summary["metrics"]["inp"]["count"] == 1).then_some(()))
    })
    .await?;
    ensure!(server.page_views("").await? == 1, "the page view is counted twice");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_collector_sends_nothing() -> Result<()> {
    let server = Server::start().await?;
    let page = Page::serve(&with_tag(&server)).await?;
    let browser = Browser::open().await?;

    visit(&browser, &page).await?;
    browser.value::<()>("rhumb.stop()").await?;
    browser.goto(&page.url("/elsewhere")).await?;
    visit(&browser, &page).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    // The second visit arrives, so the first one would have.
    arrives(&server, "", 1).await?;
    browser.close().await
}
