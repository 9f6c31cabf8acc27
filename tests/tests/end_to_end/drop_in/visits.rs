//! Visits in Chromium, in whatever way they go.

use super::{STUBS, app, assert_equal, has_reported, leave_and_return, open, press};
use anyhow::Result;
use tests::{Browser, Page};

#[tokio::test(flavor = "multi_thread")]
async fn a_loaded_page_that_is_left_and_restored_calls_back_as_web_vitals_does() -> Result<()> {
    let page = Page::serve(&app("0")).await?;
    let browser = open(&page).await?;
    press(&browser, "navigate").await?;
    leave_and_return(&browser, &page).await?;
    press(&browser, "back-forward-cache").await?;
    leave_and_return(&browser, &page).await?;
    assert_equal(&browser, &["navigate", "back-forward-cache"]).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn soft_navigations_call_back_as_web_vitals_does() -> Result<()> {
    let page = Page::serve(&app("0")).await?;
    let browser = open(&page).await?;
    press(&browser, "navigate").await?;
    for route in ["/route/1", "/route/2", "/route/3"] {
        browser.click("#go").await?;
        let noticed = format!("last('TTFB').navigationURL.endsWith('{route}')");
        browser.wait_until(&noticed).await?;
        browser.wait_until(&format!("last('LCP').navigationURL.endsWith('{route}')")).await?;
        press(&browser, "soft-navigation").await?;
    }
    leave_and_return(&browser, &page).await?;
    assert_equal(&browser, &["navigate", "soft-navigation"]).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prerendered_page_calls_back_as_web_vitals_does() -> Result<()> {
    let rules = r#"<script type="speculationrules">
      { "prerender": [{ "source": "list", "urls": ["/next"], "eagerness": "immediate" }] }
    </script>"#;
    let page = Page::serve(&(app("0") + rules)).await?;
    let browser = open(&page).await?;
    browser.pause(2000).await?;
    browser.click("a").await?;
    browser.wait_until("location.pathname === '/next'").await?;
    browser.wait_until("window.isReady === true").await?;
    has_reported(&browser, &["FCP", "TTFB"], "prerender").await?;
    press(&browser, "prerender").await?;
    leave_and_return(&browser, &page).await?;
    assert_equal(&browser, &["prerender"]).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_comes_late_is_called_back_as_by_web_vitals() -> Result<()> {
    let page = Page::serve(&app("new Promise((now) => { window.begin = now; })")).await?;
    let browser = Browser::open().await?;
    browser.goto(&page.url("/")).await?;
    browser.wait_until("document.readyState === 'complete' && window.begin !== undefined").await?;
    browser.click("#press").await?;
    browser.pause(1000).await?;

    browser.value::<()>("begin()").await?;
    browser.wait_until("window.isReady === true").await?;
    has_reported(&browser, &["CLS", "INP"], "navigate").await?;
    leave_and_return(&browser, &page).await?;
    assert_equal(&browser, &["navigate"]).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_many_clicks_call_back_as_web_vitals_does() -> Result<()> {
    let page = Page::serve(&app("0")).await?;
    let browser = open(&page).await?;
    for _ in 0..12 {
        browser.click("#name").await?;
        browser.click("h1").await?;
        browser.click("#press").await?;
    }
    leave_and_return(&browser, &page).await?;
    assert_equal(&browser, &["navigate"]).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn shifts_between_being_hidden_and_shown_call_back_as_web_vitals_does() -> Result<()> {
    let page = Page::serve(&app("0")).await?;
    let browser = Browser::open().await?;
    browser.in_every_page(STUBS).await?;
    browser.goto(&page.url("/")).await?;
    browser.wait_until("window.isReady === true").await?;
    has_reported(&browser, &["FCP", "LCP", "TTFB"], "navigate").await?;
    for _ in 0..3 {
        browser.value::<()>("shiftTwice().then(() => become('hidden'))").await?;
        browser.value::<()>("become('visible')").await?;
        browser.pause(1200).await?;
    }
    browser.value::<()>("become('hidden')").await?;
    assert_equal(&browser, &[]).await?;
    browser.close().await
}

/// The longest of fifty and more is forgiven.
#[tokio::test(flavor = "multi_thread")]
async fn more_than_fifty_interactions_call_back_as_web_vitals_does() -> Result<()> {
    let page = Page::serve(&app("0")).await?;
    let browser = open(&page).await?;
    press(&browser, "navigate").await?;
    for _ in 0..55 {
        browser.click_at("#name").await?;
    }
    leave_and_return(&browser, &page).await?;
    assert_equal(&browser, &["navigate"]).await?;
    browser.close().await
}

/// Too short to be reported, and known only by their number.
#[tokio::test(flavor = "multi_thread")]
async fn short_interactions_of_a_restored_page_call_back_as_web_vitals_does() -> Result<()> {
    let page = Page::serve(&app("0")).await?;
    let browser = open(&page).await?;
    press(&browser, "navigate").await?;
    leave_and_return(&browser, &page).await?;
    browser.click("h1").await?;
    leave_and_return(&browser, &page).await?;
    assert_equal(&browser, &["navigate", "back-forward-cache"]).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_that_the_page_takes_away_are_named_as_by_web_vitals() -> Result<()> {
    let removing = r"<script>
      document.querySelector('#press').addEventListener('pointerdown', ({ target }) => target.remove());
      document.querySelector('img').id = 'photo';
      addEventListener('click', () => document.querySelector('img').remove());
    </script>";
    let page = Page::serve(&(app("0") + removing)).await?;
    let browser = open(&page).await?;
    browser.click("#press").await?;
    has_reported(&browser, &["INP"], "navigate").await?;
    leave_and_return(&browser, &page).await?;
    assert_equal(&browser, &["navigate"]).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_loaded_again_calls_back_as_web_vitals_does() -> Result<()> {
    let page = Page::serve(&app("0")).await?;
    let browser = open(&page).await?;
    browser.reload().await?;
    browser.wait_until("window.isReady === true").await?;
    has_reported(&browser, &["FCP", "LCP", "TTFB"], "reload").await?;
    press(&browser, "reload").await?;
    leave_and_return(&browser, &page).await?;
    assert_equal(&browser, &["reload"]).await?;
    browser.close().await
}
