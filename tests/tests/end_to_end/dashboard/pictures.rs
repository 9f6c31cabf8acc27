//! Every page as a picture, in `target/screenshots`. Whether it is beautiful, people see; whether it can be used at
//! that width, and keeps still while it loads, is tested.

use super::shop::shop;
use anyhow::{Result, ensure};
use serde_json::json;
use std::{fs, path::Path};
use tests::{Browser, Server};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/screenshots");
/// What is seen, and with which theme: from the smallest phone to a wide screen.
const LOOKS: [(u32, &str); 5] =
    [(320, "light"), (320, "dark"), (768, "dark"), (1280, "light"), (2560, "light")];
/// Every page, by the name of its picture.
const PAGES: [(&str, &str); 18] = [
    ("overview", "/"),
    ("overview-filtered", "/?route=/search&form_factor=phone"),
    ("vitals", "/vitals/lcp"),
    ("routes", "/routes"),
    ("page-views", "/page-views"),
    ("opportunities", "/opportunities"),
    ("compare", "/compare?baseline=2.6.1&candidate=2.7.0"),
    ("long-frames", "/long-frames"),
    ("resources", "/resources"),
    ("requests", "/requests"),
    ("renders", "/renders"),
    ("profiles", "/profiles"),
    ("measures", "/measures"),
    ("memory", "/memory"),
    ("errors", "/errors"),
    ("alerts", "/alerts"),
    ("settings", "/settings"),
    ("server", "/server"),
];
/// A tenth of what is good, as the score is counted: <https://web.dev/articles/cls>
const SHIFTED_MAX: f64 = 0.01;
/// A busy browser shows a page of which it has read a part: a page is blamed for what it does each time.
const LOADS_MAX: u32 = 3;
/// Notes what moves while the page loads.
const SHIFTS: &str = "
  window.shifts = [];
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      shifted += hadRecentInput ? 0 : value;
      const moved = sources.map(({ node, previousRect: from, currentRect: to }) =>
        `${node?.outerHTML?.slice(0, 60)} from ${from.x},${from.y} to ${to.x},${to.y}`);
      if (!hadRecentInput) shifts.push(`${value}: ${moved}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
";
/// How light the page is, from 0 to 1.
const BACKGROUND: &str = "Math.max(...getComputedStyle(document.documentElement).backgroundColor
                              .match(/[0-9.]+/g).slice(0, 3).map(Number)) / 255";
/// [`SHIFTS`] is told of a shift with the frame after it.
const TWO_FRAMES: &str =
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";

/// Opens a page; what moved while it loaded.
async fn open(browser: &Browser, url: &str) -> Result<Vec<String>> {
    browser.goto(url).await?;
    browser.wait_until("document.getElementById('theme').hidden === false").await?;
    browser.wait_until(TWO_FRAMES).await?;
    browser.value(&format!("shifted < {SHIFTED_MAX} ? [] : shifts")).await
}

/// Opens a page, ensures that it is well, and keeps its picture.
async fn take(browser: &Browser, url: &str, picture: &str, width: u32) -> Result<()> {
    let mut shifts = open(browser, url).await?;
    for _ in 1..LOADS_MAX {
        if !shifts.is_empty() {
            shifts = open(browser, url).await?;
        }
    }
    ensure!(shifts.is_empty(), "{url} moves while it loads, at {width} pixels: {shifts:#?}");
    let wide: u32 = browser.value("document.documentElement.scrollWidth").await?;
    ensure!(wide <= width, "{url} is {wide} pixels wide, and {width} are shown");
    Ok(fs::write(Path::new(FOLDER).join(format!("{picture}.png")), browser.picture().await?)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_every_width_and_keeps_still_in_both_themes() -> Result<()> {
    fs::create_dir_all(FOLDER)?;
    let server = Server::start_with(&["--sample"]).await?;
    let browser = Browser::open().await?;
    browser.in_every_page(SHIFTS).await?;
    for (width, theme) in LOOKS {
        browser.look(width, theme).await?;
        for (name, path) in PAGES {
            let and = if path.contains('?') { '&' } else { '?' };
            let url = server.url(&format!("{path}{and}site=sample"));
            take(&browser, &url, &format!("{name}-{width}-{theme}"), width).await?;
            let heading: String = browser.value("document.querySelector('h1').innerText").await?;
            let is_empty = heading.starts_with("No ") && name != "alerts";
            ensure!(!is_empty, "the sample has nothing to see on {path}: {heading}");
        }
        let luminance: f64 = browser.value(BACKGROUND).await?;
        ensure!((luminance > 0.5) == (theme == "light"), "a background of {luminance} in {theme}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_of_which_little_is_known_looks_as_well() -> Result<()> {
    fs::create_dir_all(FOLDER)?;
    let server = Server::start().await?;
    let browser = Browser::open().await?;
    browser.in_every_page(SHIFTS).await?;
    for (state, page_views) in [("nothing", 0), ("little", 3)] {
        for number in 0..page_views {
            let beacon = json!({
                "site": "default", "page_view": format!("{number:032x}"), "route": "/",
                "metrics": [{ "name": "LCP", "value": 1200 + number * 900 }],
            });
            let posted = reqwest::Client::new().post(server.url("/v1/ingest")).json(&beacon);
            posted.send().await?.error_for_status()?;
        }
        for (width, theme) in [(320, "dark"), (1280, "light")] {
            browser.look(width, theme).await?;
            for (name, path) in PAGES {
                let picture = format!("{name}-{state}-{width}-{theme}");
                take(&browser, &server.url(path), &picture, width).await?;
            }
        }
    }
    browser.close().await
}

/// What the sample has none of, and what somebody has to choose or to make first.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_and_what_operators_have_made_looks_as_well() -> Result<()> {
    fs::create_dir_all(FOLDER)?;
    let server = shop().await?;
    for name in ["the shop team", "an agency with quite a long name, until the end of March 2027"] {
        server.run(&["token", "create", "--read", "default", "--name", name]).await?;
    }
    let browser = Browser::open().await?;
    browser.in_every_page(SHIFTS).await?;
    browser.goto(&server.url("/profiles")).await?;
    let frame: String = browser.value("document.querySelector('.flames a').href.baseVal").await?;
    let pages = [
        ("profiles", server.url("/profiles")),
        ("frame", server.url(&frame)),
        ("resources", server.url("/resources")),
        ("folder", server.url("/resources?within=https://shop.example/")),
        ("found-functions", server.url("/profiles?find=layout")),
        ("found-scripts", server.url("/resources?find=shop")),
        ("page-view", server.url(&format!("/page-views/{:032x}", 3))),
        ("settings-tokens", server.url("/settings")),
    ];
    for (width, theme) in [(320, "dark"), (320, "light"), (1280, "dark"), (1280, "light")] {
        browser.look(width, theme).await?;
        for (name, url) in &pages {
            take(&browser, url, &format!("{name}-shop-{width}-{theme}"), width).await?;
        }
    }
    browser.close().await
}
