//! The main job: a visit to the demo app, with web-vitals in the same page as the oracle.

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use std::time::Duration;
use tests::{Browser, Oracle, Server, until};

const TIMING_TOLERANCE_MS: f64 = 0.1;
const SCORE_TOLERANCE: f64 = 0.0001;
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

fn assert_equal(name: &str, summary: &Value, finals: &Map<String, Value>) -> Result<()> {
    let metric = &summary["metrics"][name.to_lowercase()];
    let ours = metric["p75"].as_f64().with_context(|| format!("no {name} in {summary}"))?;
    let theirs = finals.get(name).and_then(Value::as_f64);
    let theirs = theirs.with_context(|| format!("no {name} in {finals:?}"))?;
    let tolerance = if name == "CLS" { SCORE_TOLERANCE } else { TIMING_TOLERANCE_MS };
    println!("{name}: ours {ours}, web-vitals {theirs}");
    ensure!(metric["count"] == 1, "{name} is counted {} times", metric["count"]);
    ensure!((ours - theirs).abs() < tolerance, "{name}: ours {ours}, web-vitals {theirs}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_five_vitals_of_a_visit_equal_those_of_web_vitals() -> Result<()> {
    let (server, browser) = open().await?;
    let oracle = Oracle::watch(&browser).await?;
    visit_results(&server, &browser, &oracle).await?;

    browser.goto(&server.url("/health/live")).await?;

    server.one_page_view().await?;
    let summary = server.summary("").await?;
    let finals = oracle.finals("navigate", "/demo/results").await?;
    for name in ["LCP", "INP", "CLS", "FCP", "TTFB"] {
        assert_equal(name, &summary, &finals)?;
    }
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
