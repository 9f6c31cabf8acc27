//! `/docs`: the API as a page.

use anyhow::{Result, ensure};
use tests::{Browser, Server};

const TOKEN: &str = "0123456789abcdef";

async fn open(server: &Server, fragment: &str) -> Result<Browser> {
    let browser = Browser::open().await?;
    browser.goto(&server.url(&format!("/docs{fragment}"))).await?;
    browser.wait_until("document.querySelectorAll('.opblock').length > 10").await?;
    Ok(browser)
}

/// Nothing is from elsewhere, and nothing is refused.
#[tokio::test(flavor = "multi_thread")]
async fn the_api_is_shown_with_the_servers_own_files_in_light_and_dark() -> Result<()> {
    let server = Server::start().await?;
    let browser = open(&server, "").await?;
    let loaded = "performance.getEntriesByType('resource').map((it) => new URL(it.name).origin)";
    let origins: Vec<String> = browser.value(loaded).await?;
    let own = server.url("");
    ensure!(origins.iter().all(|origin| *origin == own), "{origins:?}");
    for theme in ["light", "dark"] {
        browser.click("#theme").await?;
        let is_dark = "document.documentElement.classList.contains('dark-mode')";
        browser.wait_until(&format!("{is_dark} === {}", theme == "dark")).await?;
    }
    let complaints = [browser.complaints().await?, browser.violations().await?].concat();
    ensure!(complaints.is_empty(), "{complaints:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_types_the_token_can_ask() -> Result<()> {
    let server = Server::start_with(&["--admin-token", TOKEN]).await?;
    let browser = open(&server, "#/Questions/sites").await?;
    browser.click(".btn.authorize").await?;
    let field = "#auth-bearer-value";
    browser.wait_until(&format!("document.querySelector('{field}') !== null")).await?;
    browser.fill(field, TOKEN).await?;
    browser.click(&format!(".auth-container:has({field}) .authorize")).await?;
    browser.click(".btn-done").await?;
    browser.wait_until("document.querySelector('.try-out__btn') !== null").await?;
    browser.click(".try-out__btn").await?;
    browser.click(".btn.execute").await?;
    browser.wait_until("document.querySelector('.live-responses-table') !== null").await?;
    let answer = "document.querySelector('.live-responses-table').textContent";
    browser.wait_until(&format!("{answer}.includes('\"name\": \"default\"')")).await?;
    let refused = browser.violations().await?;
    ensure!(refused.is_empty(), "{refused:?}");
    browser.close().await
}
