//! The main job: a visit to the demo app, with web-vitals in the same page as the oracle.

use anyhow::{Result, ensure};
use std::time::Duration;
use tests::{Browser, METRICS, Oracle, Server, until};

/// From leaving the page to the number on the dashboard.
const DASHBOARD_DELAY_MAX: Duration = Duration::from_secs(2);

/// A server and a browser.
async fn open() -> Result<(Server, Browser)> {
    Ok((Server::start().await?, Browser::open().await?))
}

/// Opens the results, waits for the slow hero and the late banner, and clicks the slow filter.
async fn visit_results(server: &Server, browser: &Browser, oracle: &Oracle<'_>) -> Result<()> {
    browser.goto(&server.url("/demo/results?to=lisbon")).await?;
    oracle.sees("FCP", "> 0").await?;
    oracle.sees("LCP", "> 2500").await?;
    oracle.sees("CLS", "> 0.1").await?;
    browser.click("#filters button.apply").await?;
    oracle.sees("INP", "> 200").await
}

#[tokio::test(flavor = "multi_thread")]
async fn all_five_vitals_of_a_visit_equal_those_of_web_vitals() -> Result<()> {
    let (server, browser) = open().await?;
    let oracle = Oracle::watch(&browser).await?;
    visit_results(&server, &browser, &oracle).await?;

    browser.goto(&server.url("/health/live")).await?;

    server.one_page_view().await?;
    let summary = server.summary("").await?;
    oracle.assert_equal(&summary, ("navigate", "/demo/results"), &METRICS).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_shows_a_visit_within_two_seconds_of_leaving_the_page() -> Result<()> {
    let (server, browser) = open().await?;
    let oracle = Oracle::watch(&browser).await?;
    visit_results(&server, &browser, &oracle).await?;

    browser.goto(&server.url("/")).await?;

    let rating = server.summary("").await?["metrics"]["inp"]["rating"].clone();
    until("the dashboard", DASHBOARD_DELAY_MAX, async || {
        Ok(browser.shows("1 page view").await?.then_some(()))
    })
    .await?;
    ensure!(rating != "good", "the slow filter is rated {rating}");
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_can_be_found_by_every_circumstance_that_the_collector_reports() -> Result<()> {
    let (server, browser) = open().await?;
    let oracle = Oracle::watch(&browser).await?;
    visit_results(&server, &browser, &oracle).await?;
    browser.goto(&server.url("/health/live")).await?;
    server.one_page_view().await?;

    for (filter, count) in [
        ("?route=/results", 1),
        ("?route=/trips/:id", 0),
        ("?form_factor=desktop", 1),
        ("?form_factor=phone", 0),
        ("?navigation_type=navigate", 1),
        ("?navigation_type=reload", 0),
    ] {
        let found = server.page_views(filter).await?;
        ensure!(found == count, "{filter}: {found} page views instead of {count}");
    }
    browser.close().await
}
