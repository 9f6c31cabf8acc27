//! A chart says its points to whoever points at them, or goes from one to the next by keys.

use super::shop::shop;
use anyhow::{Result, ensure};
use tests::Browser;

const READOUT: &str = "document.querySelector('[data-readout]').textContent";

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_read_point_by_point_with_the_arrow_keys() -> Result<()> {
    let server = shop().await?;
    let browser = Browser::open().await?;
    browser.goto(&server.url("/vitals/lcp")).await?;
    let last: String = browser.value(READOUT).await?;
    ensure!(last.contains("p75"), "{last}");
    // From the last point to the one before, to the first, and back.
    browser.fill(".plot", "\u{e012}").await?;
    let before: String = browser.value(READOUT).await?;
    ensure!(before != last && before.contains("p75"), "{before} after {last}");
    browser.fill(".plot", "\u{e011}").await?;
    let first: String = browser.value(READOUT).await?;
    let point = "document.querySelector('.point').dataset.told";
    ensure!(first == browser.value::<String>(point).await?, "{first}");
    browser.fill(".plot", "\u{e010}").await?;
    ensure!(browser.value::<String>(READOUT).await? == last);
    browser.close().await
}
