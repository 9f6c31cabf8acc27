//! Whoever sees, hears or touches the pages otherwise than most can use them.

use super::shop::{PAGES, one_more, shop};
use anyhow::{Context, Result, ensure};
use tests::{Browser, Engine, Server};

const AXE: &str = "npm/node_modules/axe-core/axe.min.js";
/// What axe finds: the rule, and the first place.
const RUN: &str = "axe.run().then(({ violations }) => \
                   violations.map((it) => `${it.id}: ${it.nodes[0].html}`))";

/// <https://github.com/dequelabs/axe-core>
#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_page_in_light_and_dark() -> Result<()> {
    let axe = std::fs::read_to_string(AXE).context(AXE)?;
    let (filled, empty) = (shop().await?, Server::start().await?);
    let browser = Browser::open().await?;
    // The first change of the theme is to light, and the next one to dark; it is kept.
    for theme in ["light", "dark"] {
        browser.goto(&filled.url("/")).await?;
        browser.click("#theme").await?;
        for (server, path) in PAGES.map(|path| (&filled, path)).into_iter().chain([(&empty, "/")]) {
            browser.goto(&server.url(path)).await?;
            browser.run(&axe).await?;
            let found: Vec<String> = browser.value(RUN).await?;
            ensure!(found.is_empty(), "{path} in {theme}: {found:#?}");
        }
        // A frame that is chosen has an address that nobody can know before.
        browser.goto(&filled.url("/profiles")).await?;
        browser.fill(".flames a", "\u{e007}").await?;
        browser.run(&axe).await?;
        let found: Vec<String> = browser.value(RUN).await?;
        ensure!(found.is_empty(), "a chosen frame in {theme}: {found:#?}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_is_wider_than_a_small_phone() -> Result<()> {
    let server = shop().await?;
    let browser = Browser::open().await?;
    browser.become_phone().await?;
    for path in PAGES {
        browser.goto(&server.url(path)).await?;
        let [width, shown]: [u32; 2] =
            browser.value("[document.documentElement.scrollWidth, innerWidth]").await?;
        ensure!(width <= shown, "{path} is {width} pixels wide, and {shown} are shown");
    }
    browser.close().await
}

/// Where there is no room for a rail.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_places_are_a_menu_and_no_table_is_wider_than_its_card() -> Result<()> {
    let server = shop().await?;
    let browser = Browser::open().await?;
    browser.become_phone().await?;
    browser.goto(&server.url("/requests")).await?;
    let are_places_shown = "document.querySelector('.places').checkVisibility()";
    ensure!(!browser.value::<bool>(are_places_shown).await?, "the menu is open");
    browser.fill(".places-menu summary", "\u{e007}").await?;
    ensure!(browser.value::<bool>(are_places_shown).await?, "the menu does not open");
    browser.click(".places a[href^='/errors']").await?;
    let is_there = "document.querySelector('.places-menu').textContent.includes('Errors')";
    browser.wait_until(is_there).await?;

    // Every figure has its name beside it, and nobody has to scroll sideways for one.
    for path in PAGES {
        browser.goto(&server.url(path)).await?;
        let cut: Vec<String> = browser
            .value(
                "[...document.querySelectorAll('.stacked')].map((it) => it.closest('.scroll')) \
                .filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.innerText)",
            )
            .await?;
        ensure!(cut.is_empty(), "{path}: {cut:?}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_has_the_focus_keeps_it_when_page_views_arrive() -> Result<()> {
    let server = shop().await?;
    let browser = Browser::open().await?;
    browser.goto(&server.url("/")).await?;
    // Nothing has arrived yet, so nothing is put in place.
    browser.run("window.first = document.querySelector('main > *'); \
        [...document.querySelectorAll('main a[href*=\"order=slowest\"], main a[href*=\"/vitals/cls\"]')].at(-1).focus()").await?;
    let focused = "document.activeElement.href ?? ''";
    let before: String = browser.value(focused).await?;
    ensure!(!before.is_empty(), "no link has the focus");
    browser.pause(2500).await?;
    let is_same = "document.querySelector('main > *') === window.first";
    ensure!(browser.value::<bool>(is_same).await?, "the page was replaced though it is the same");

    let count: String = browser.value("document.querySelector('#count').textContent").await?;
    one_more(&server).await?;
    browser
        .wait_until(&format!("document.querySelector('#count').textContent !== {count:?}"))
        .await?;
    ensure!(browser.value::<String>(focused).await? == before, "the focus went elsewhere");
    browser.close().await
}

/// Nothing is refused by the pages' own policy, and no script fails.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_works_in_chromium_and_firefox() -> Result<()> {
    let server = shop().await?;
    for browser in [Browser::open().await?, Browser::open_in(Engine::Firefox).await?] {
        for path in PAGES {
            browser.goto(&server.url(path)).await?;
            browser.wait_until("document.getElementById('theme').hidden === false").await?;
            let heading: String = browser.value("document.querySelector('h1').textContent").await?;
            ensure!(!heading.is_empty(), "{path} has no heading");
            // In Firefox no script runs before the page's own, so that nothing is known of them.
            if browser.value("window.complaints !== undefined").await? {
                let complaints =
                    [browser.complaints().await?, browser.violations().await?].concat();
                ensure!(complaints.is_empty(), "{path}: {complaints:?}");
            }
        }
        browser.close().await?;
    }
    Ok(())
}
