//! The collector as a script tag on somebody's page, on another origin than the server.

use anyhow::{Result, ensure};
use tests::{Browser, Page, Server};

/// The page has an element of the collector's name, which makes it `window.rhumb` at first.
fn with_tag(server: &Server) -> String {
    format!(
        r#"<h1 id="rhumb">Hello</h1><button>Press</button>
        <script type="module" src="{}" data-site="default" data-release="1.4.2" data-route="/hello"></script>"#,
        server.url("/rhumb.js")
    )
}

/// A server, a page with the tag, and a browser.
async fn open() -> Result<(Server, Page, Browser)> {
    let server = Server::start().await?;
    let page = Page::serve(&with_tag(&server)).await?;
    Ok((server, page, Browser::open().await?))
}

/// Painted, measured, and pressed once.
async fn visit(browser: &Browser, page: &Page) -> Result<()> {
    browser.goto(&page.url("/")).await?;
    browser.wait_until_painted().await?;
    browser.wait_for_details().await?;
    browser.click("button").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_tag_measures_the_page_and_reports_when_it_is_left() -> Result<()> {
    let (server, page, browser) = open().await?;
    visit(&browser, &page).await?;
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.goto(&page.url("/elsewhere")).await?;

    server.one_page_view().await?;
    let found = server.page_views("?release=1.4.2&route=/hello").await?;
    ensure!(found == 1, "release or route were not reported");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn flush_sends_what_is_known_and_leaving_completes_the_same_page_view() -> Result<()> {
    let (server, page, browser) = open().await?;
    visit(&browser, &page).await?;
    browser.value::<()>("rhumb.flush()").await?;
    server.one_page_view().await?;
    browser.value::<()>("rhumb.setRoute('/renamed')").await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    server.metric("inp").await?;
    server.one_page_view().await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_collector_sends_nothing() -> Result<()> {
    let (server, page, browser) = open().await?;
    visit(&browser, &page).await?;
    browser.value::<()>("rhumb.stop()").await?;
    browser.goto(&page.url("/elsewhere")).await?;
    browser.value::<()>("sessionStorage.clear()").await?;
    visit(&browser, &page).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    // The second visit arrives, so the first one would have.
    server.one_page_view().await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_and_a_reload_are_told_apart() -> Result<()> {
    let (server, page, browser) = open().await?;
    visit(&browser, &page).await?;
    browser.become_phone().await?;
    browser.reload().await?;
    browser.wait_until_painted().await?;
    browser.pause(500).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    server.find("?form_factor=phone&navigation_type=reload").await?;
    let first = server.page_views("?form_factor=desktop&navigation_type=navigate").await?;
    ensure!(first == 1, "the first visit was {first} page views of a desktop");
    browser.close().await
}
