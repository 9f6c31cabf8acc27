//! Whoever looks at a picture can go into a part of it and back, with keys and with a pointer.

use super::shop::shop;
use anyhow::{Result, ensure};
use tests::Browser;

const ENTER: &str = "\u{e007}";
const CHOSEN: &str = "document.querySelector('[aria-current=location]')?.textContent ?? 'all'";

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_and_a_folder_are_chosen_by_key_and_by_pointer() -> Result<()> {
    let server = shop().await?;
    let browser = Browser::open().await?;
    browser.goto(&server.url("/profiles")).await?;
    let chosen = async || browser.value::<String>(CHOSEN).await;
    ensure!(chosen().await? == "all", "nothing is chosen at first");
    browser.fill(".flames a[aria-label^=applyFilters]", ENTER).await?;
    ensure!(chosen().await? == "applyFilters", "{}", chosen().await?);
    let width = "document.querySelector('.flames svg').getBoundingClientRect().width \
                 / document.querySelector('.flames').getBoundingClientRect().width";
    ensure!(browser.value::<f64>(width).await? > 0.99, "it is not as wide as the picture");
    browser.click_at(".flames a[aria-label^=layOut]").await?;
    browser.wait_until(&format!("({CHOSEN}) === 'layOut'")).await?;
    browser.fill(".crumbs a", ENTER).await?;
    ensure!(chosen().await? == "all", "{}", chosen().await?);

    browser.goto(&server.url("/resources")).await?;
    browser.fill(".parts a", ENTER).await?;
    ensure!(chosen().await? == "shop.example", "{}", chosen().await?);
    browser.click_at(".treemap a").await?;
    browser.wait_until(&format!("({CHOSEN}) === 'assets'")).await?;
    browser.fill(".crumbs a", ENTER).await?;
    ensure!(chosen().await? == "all", "{}", chosen().await?);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_looked_for_is_marked_in_both_pictures() -> Result<()> {
    let server = shop().await?;
    let browser = Browser::open().await?;
    for (page, text, found) in [
        ("/profiles", "LAYOUT", "2 frames, 50.0\u{a0}% of the time"),
        ("/resources", "cdn.", "1 script, 900\u{a0}kB"),
    ] {
        browser.goto(&server.url(page)).await?;
        browser.fill("input[type=search]", &format!("{text}{ENTER}")).await?;
        let said = "document.querySelector('form[role=search] p')?.textContent";
        browser.wait_until(&format!("{said} !== undefined")).await?;
        let said: String = browser.value(said).await?;
        ensure!(said == found, "{page}: {said}");
        let marked: u32 = browser.value("document.querySelectorAll('.found rect').length").await?;
        ensure!(marked > 0, "{page}: nothing is marked");
    }
    browser.close().await
}
