//! A long table is painted while its rows still arrive.

use super::shop::shop;
use anyhow::{Result, ensure};
use tests::Browser;

const COLUMNS: &str = "[...document.querySelectorAll('.valued thead th')]
    .map((it) => it.getBoundingClientRect().x)";
const FIRST_ROW_ONLY: &str = "[...document.querySelectorAll('.valued tbody tr')].slice(1)
    .map((it) => it.remove()).length";

#[tokio::test(flavor = "multi_thread")]
async fn columns_keep_still_while_rows_arrive() -> Result<()> {
    let server = shop().await?;
    let browser = Browser::open().await?;
    for width in [768, 1280] {
        browser.look(width, "light").await?;
        for path in ["/page-views", "/routes"] {
            browser.goto(&server.url(path)).await?;
            let all: Vec<f64> = browser.value(COLUMNS).await?;
            let removed: usize = browser.value(FIRST_ROW_ONLY).await?;
            ensure!(removed > 0 && all.len() > 2, "{path} has {all:?} and {removed} rows");
            let first: Vec<f64> = browser.value(COLUMNS).await?;
            ensure!(first == all, "{path} at {width} px: {first:?}, and then {all:?}");
        }
    }
    browser.close().await
}
