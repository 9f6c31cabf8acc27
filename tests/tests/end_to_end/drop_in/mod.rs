//! `@rhumb/collector/web-vitals` beside web-vitals in the same page: the same callbacks in the same
//! order, with the same values and the same entries.

mod circumstances;
mod interface;
mod random_visits;
mod visits;

use anyhow::{Result, ensure};
use serde_json::{Map, Value};
use tests::{Browser, Page};

/// What two implementations call back with, and how it differs.
const DIFFERENCES: &str = include_str!("differences.js");
/// Calls both in a page.
const SIDE_BY_SIDE: &str = include_str!("side_by_side.js");

/// A single-page app of as many routes as one likes. Pressing the button is slow, and shifts the
/// layout later; its image is its largest paint.
const APP: &str = r#"
  <style>main { font: 20px sans-serif } .banner { height: 120px }</style>
  <script src="/web-vitals.js"></script>
  <button id="press" class="slow button">Press</button> <button id="go">Go</button> <a href="/next">Next</a>
  <input id="name">
  <main><h1>Hello</h1><p class="b a">Some text, and some more of it.</p><img src="/photo.jpg" width="600" height="400"></main>
  <script>
    const busy = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
    const shift = (delay) => setTimeout(() => document.body.insertAdjacentHTML('afterbegin', '<p class="banner">News</p>'), delay);
    document.querySelector('#press').onclick = () => { busy(120); shift(600); };
    document.querySelector('#press').onpointerdown = () => busy(40);
    document.querySelector('#name').onkeydown = () => busy(80);
    let visits = 0;
    document.querySelector('#go').onclick = () => {
      history.pushState({}, '', `/route/${++visits}`);
      busy(60);
      setTimeout(() => {
        document.querySelector('main').innerHTML =
          `<h1>Route ${visits}</h1><p>Other text ${visits}, which is as long as one may wish, ${'and longer '.repeat(20 + visits)}</p>`;
      }, 150);
    };
    addEventListener('pageshow', (event) => { window.wasRestored = event.persisted; });
  </script>
"#;

const METRICS: [&str; 5] = ["CLS", "FCP", "INP", "LCP", "TTFB"];

/// The app, which calls both when `when` is resolved.
fn app(when: &str) -> String {
    format!(
        r#"{APP}<script type="module">
          import * as ours from '/collector/web-vitals.js';
          await {when};
          {DIFFERENCES}
          {SIDE_BY_SIDE}
        </script>"#
    )
}

async fn open(page: &Page) -> Result<Browser> {
    let browser = Browser::open().await?;
    browser.goto(&page.url("/")).await?;
    browser.wait_until("window.isReady === true").await?;
    has_reported(&browser, &["FCP", "LCP", "TTFB"], "navigate").await?;
    Ok(browser)
}

/// Waits until web-vitals has reported these metrics of a page view.
async fn has_reported(browser: &Browser, metrics: &[&str], navigation_type: &str) -> Result<()> {
    let names = metrics.iter().map(|name| format!("'{name} {navigation_type}'"));
    let names = names.collect::<Vec<_>>().join(",");
    browser.wait_until(&format!("hasReported({names})")).await
}

/// Presses the slow button and waits for what comes of it.
async fn press(browser: &Browser, navigation_type: &str) -> Result<()> {
    browser.click("#press").await?;
    has_reported(browser, &["INP"], navigation_type).await?;
    let shifted =
        format!("last('CLS').navigationType === '{navigation_type}' && last('CLS').value > 0");
    browser.wait_until(&shifted).await
}

/// Leaves the page, so that all is final, and comes back to it from the back/forward cache.
async fn leave_and_return(browser: &Browser, page: &Page) -> Result<()> {
    browser.leave_and_restore(&page.url("/elsewhere")).await?;
    has_reported(browser, &["FCP", "LCP", "TTFB", "CLS"], "back-forward-cache").await
}

/// Holds every callback so far against web-vitals', and that those of the page views have come.
async fn assert_equal(browser: &Browser, navigation_types: &[&str]) -> Result<()> {
    browser.pause(1500).await?;
    let reported: Map<String, Value> = browser.value("reported()").await?;
    println!("{reported:?}");
    for navigation_type in navigation_types {
        for metric in METRICS {
            let key = format!("{metric} {navigation_type}");
            ensure!(reported.contains_key(&key), "no {key} in {reported:?}");
        }
    }
    let differences: Vec<String> = browser.value("allDifferences()").await?;
    ensure!(differences.is_empty(), "{differences:#?}");
    // A prerendered page notes none.
    let complaints: Vec<String> = browser.value("globalThis.complaints ?? []").await?;
    ensure!(complaints.is_empty(), "{complaints:?}");
    Ok(())
}

/// Hidden and shown as by web-vitals' own tests: without leaving, by an event that nobody trusts.
const STUBS: &str = r"
  window.become = (state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    dispatchEvent(new Event('visibilitychange'));
  };
  window.shiftTwice = async () => {
    const main = document.querySelector('main');
    main.style.position = 'relative';
    for (const left of ['300px', '0px']) {
      main.style.left = left;
      await new Promise((painted) => setTimeout(painted, 100));
    }
  };
";
