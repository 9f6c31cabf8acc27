//! The collector tells the browser's time zone, from which the server knows the country.

use anyhow::{Result, ensure};
use tests::{Browser, Inbox, Page, Server};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_view_has_the_country_of_its_browsers_time_zone() -> Result<()> {
    let server = Server::start().await?;
    let page = Page::measured(&server.url("/"), "").await?;
    let browser = Browser::open().await?;
    browser.move_to("Asia/Tokyo").await?;
    browser.goto(&page.url("/")).await?;
    browser.settle().await?;
    browser.goto(&page.url("/elsewhere")).await?;
    server.find("?country=JP").await?;
    server.one_page_view().await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_cannot_tell_its_time_zone_is_measured_without() -> Result<()> {
    for (first, told) in [
        ("", true),
        ("delete window.Intl", false),
        ("Intl.DateTimeFormat = () => { throw Error('no'); }", false),
        ("Intl.DateTimeFormat = () => ({ resolvedOptions: () => ({}) })", false),
        (
            "Intl.DateTimeFormat = () => ({ resolvedOptions: () => ({ timeZone: 'x'.repeat(65) }) })",
            false,
        ),
        ("Intl.DateTimeFormat = () => ({ resolvedOptions: () => ({ timeZone: 'a b' }) })", false),
    ] {
        let inbox = Inbox::open().await?;
        let page = Page::measured(inbox.origin(), "").await?;
        let browser = page.visit_after(&format!("delete window.Temporal; {first}")).await?;
        let complaints = browser.complaints().await?;
        browser.goto(&page.url("/elsewhere")).await?;
        let letter = inbox.wait_for("the beacon", |_| true).await?;
        ensure!(letter.address.contains("time_zone=") == told, "{first}: {letter:?}");
        ensure!(complaints.is_empty(), "{first}: {complaints:?}");
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_with_temporal_is_not_asked_how_dates_are_written() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit_after("Intl.DateTimeFormat = () => { throw Error('no'); }").await?;
    browser.goto(&page.url("/elsewhere")).await?;
    let letter = inbox.wait_for("the beacon", |_| true).await?;
    ensure!(letter.address.contains("time_zone="), "{letter:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_zone_is_asked_for_only_when_something_is_sent() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let count = r"
      window.asked = 0;
      delete window.fetchLater;
      const { timeZoneId } = Temporal.Now;
      Temporal.Now.timeZoneId = () => { asked++; return timeZoneId(); };
    ";
    let browser = page.visit_after(count).await?;
    ensure!(browser.value::<u32>("asked").await? == 0, "it was asked for at the start");
    for route in ["/a", "/b"] {
        browser.value::<()>(&format!("[rhumb.setRoute('{route}'), rhumb.flush()].at(0)")).await?;
    }
    ensure!(browser.value::<u32>("asked").await? == 1, "it is asked for more than once");
    browser.close().await
}
