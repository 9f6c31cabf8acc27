//! The main job: a visit to the demo app, with web-vitals in the same page as the oracle.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::time::Duration;
use tests::{ARRIVAL, Browser, METRICS, Oracle, Server, until};

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

/// The same, and the visit is over and told.
async fn visited() -> Result<(Server, Browser)> {
    let (server, browser) = open().await?;
    let oracle = Oracle::watch(&browser).await?;
    visit_results(&server, &browser, &oracle).await?;
    browser.goto(&server.url("/health/live")).await?;
    server.one_page_view().await?;
    Ok((server, browser))
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
    let (server, browser) = visited().await?;

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

/// The demo's faults are those of `web-demo/src/faults`. Of a shift browsers tell what moved, and not
/// what pushed it: the late banner is not there before, so it cannot have moved. What is named is the
/// largest part of the page below it.
#[tokio::test(flavor = "multi_thread")]
async fn the_three_planted_faults_are_the_first_three_things_to_fix() -> Result<()> {
    let (server, browser) = visited().await?;

    let answer = server.ask("opportunities").await?;
    println!("{answer:#}");
    let found = answer["opportunities"].as_array().context("no opportunities")?;
    let top = found.get(..3).context("fewer than three things to fix")?;
    let fault = |metric: &str| {
        let fault = top.iter().find(|it| it["metric"] == metric && it["route"] == "/results");
        fault.with_context(|| format!("{metric} is not among the first three"))
    };
    let hero = fault("lcp")?;
    ensure!(hero["part"]["name"] == "resourceLoadDelay", "the late photo: {hero}");
    ensure!(is_like(&hero["culprit"], "resource", ["target", "source"], ["hero-photo", "hero"]));
    let banner = fault("cls")?;
    ensure!(banner["part"]["name"] == "largestShiftValue", "the late banner: {banner}");
    ensure!(is_like(&banner["culprit"], "element", ["name", "target"], ["page", "page"]));
    let filter = fault("inp")?;
    ensure!(is_like(&filter["culprit"], "script", ["name", "target"], ["applyFilters", "apply"]));

    for fault in top {
        let rated = (&fault["rating"], &fault["rating_without"]);
        ensure!(rated.0 != "good" && rated.1 == "good", "{fault}");
        let id = fault["evidence"][0].as_str().context("no example")?;
        let page_view = server.ask(&format!("page-views/{id}")).await?;
        ensure!(page_view["route"] == "/results", "{page_view}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_overview_it_is_three_clicks_to_the_click_on_the_slow_filter() -> Result<()> {
    let (server, browser) = visited().await?;
    browser.goto(&server.url("/")).await?;

    for (link, shown) in [
        ("main a[href^='/vitals/inp']", "Interaction to Next Paint"),
        ("[aria-labelledby=breakdown] tbody a", "Route /results"),
        ("[aria-labelledby=worst] tbody a", "Page view of /results"),
    ] {
        browser.click(link).await?;
        let text = "document.querySelector('main').textContent.replace(/\\s+/g, ' ')";
        browser.wait_until(&format!("{text}.includes('{shown}')")).await?;
    }
    let interaction: String =
        browser.value("document.querySelector('[aria-labelledby=interaction]').innerText").await?;
    ensure!(interaction.contains("Event handlers"), "{interaction}");
    ensure!(interaction.contains("button.apply"), "{interaction}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slow_filter_takes_most_of_what_is_sampled_within_slow_interactions() -> Result<()> {
    let (server, browser) = open().await?;
    browser.goto(&server.url("/demo/results?to=lisbon")).await?;
    browser.wait_until("document.querySelector('.trip-card') !== null").await?;
    let has_details =
        "performance.getEntriesByType('resource').some((it) => it.name.includes('rhumb_details'))";
    browser.wait_until(has_details).await?;
    browser.pause(500).await?;
    browser.click("#filters button.apply").await?;
    browser.pause(500).await?;
    // It is hidden, and what was sampled last is told a moment later.
    browser.open_tab().await?;
    let question = "profiles?route=/results&interactions=slow";
    let rows = until(question, ARRIVAL, async || {
        let answer = server.ask(question).await?;
        Ok(answer["rows"].as_array().filter(|rows| !rows.is_empty()).cloned())
    });
    let rows = rows.await?;
    let slow = rows.iter().find(|row| row["name"] == "applyFilters");
    let share = slow.and_then(|row| row["total_share"].as_f64());
    ensure!(share > Some(0.5), "{rows:?}");
    browser.close().await
}

/// Whether a culprit is of a kind, and the fields have these words in them.
fn is_like(culprit: &Value, kind: &str, fields: [&str; 2], words: [&str; 2]) -> bool {
    let has = |(field, word): (&str, &str)| {
        culprit[field].as_str().is_some_and(|text| text.contains(word))
    };
    culprit["kind"] == kind && fields.into_iter().zip(words).all(has)
}

/// Each key that is pressed in the filters renders the page of results anew.
#[tokio::test(flavor = "multi_thread")]
async fn the_unmemoized_list_of_trips_is_told_from_the_memoized_one_and_comes_first() -> Result<()>
{
    let (server, browser) = open().await?;
    browser.goto(&server.url("/demo/results?to=lisbon")).await?;
    browser.wait_until("document.querySelector('.trip-card') !== null").await?;
    browser.fill("#filters [name=price-from]", &"1".repeat(30)).await?;
    browser.goto(&server.url("/health/live")).await?;
    server.one_page_view().await?;

    let answer = server.ask("renders?route=/results").await?;
    println!("{answer:#}");
    let rows = answer["rows"].as_array().context("no rows")?;
    let is_found =
        |row: &Value, id: &str, updates: &str| row["component"] == id && row["updates"] == updates;
    ensure!(rows.len() == 2, "{answer:#}");
    ensure!(is_found(&rows[0], "UnmemoizedTripList", "in_full"), "{answer:#}");
    ensure!(is_found(&rows[1], "TripList", "in_part"), "{answer:#}");
    browser.close().await
}
