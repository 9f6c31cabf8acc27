//! `@rhumb/collector/web-vitals` beside web-vitals in the same page: the same callbacks in the same
//! order, with the same values and the same entries.

use anyhow::{Context, Result, ensure};
use beacon::{MetricName, Thresholds};
use serde_json::{Map, Value};
use std::{path::Path, process::Command};
use tests::{Browser, Engine, Page};

/// What two implementations call back with, and how it differs.
const DIFFERENCES: &str = include_str!("drop_in/differences.js");
/// Calls both in a page.
const SIDE_BY_SIDE: &str = include_str!("drop_in/side_by_side.js");
/// Calls both in a browser of plain objects, in which anything may happen.
const RANDOM_VISITS: &str = include_str!("drop_in/random_visits.js");

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

const THEIRS: &str = "npm/node_modules/web-vitals/dist/web-vitals.attribution.js";

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
    browser.goto(&page.url("/elsewhere")).await?;
    browser.back().await?;
    browser.wait_until("window.wasRestored === true").await?;
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

/// Browsers that lack something, and circumstances that a test cannot bring about.
#[tokio::test(flavor = "multi_thread")]
async fn in_other_browsers_and_circumstances_it_is_the_same() -> Result<()> {
    let lacks = |types: &str| {
        format!(
            "const types = PerformanceObserver.supportedEntryTypes.filter((type) => !/{types}/.test(type)); \
             Object.defineProperty(PerformanceObserver, 'supportedEntryTypes', {{ get: () => types }})"
        )
    };
    let is = |object: &str, property: &str, value: &str| {
        format!(
            "Object.defineProperty({object}, '{property}', {{ get: () => {value}, configurable: true }})"
        )
    };
    for (circumstance, navigation_type, expected) in [
        (
            "delete Performance.prototype.interactionCount".to_owned(),
            "navigate",
            METRICS.as_slice(),
        ),
        (
            "delete window.requestIdleCallback; delete window.cancelIdleCallback".to_owned(),
            "navigate",
            &METRICS,
        ),
        // As in Chromium before 114, which compiles so much only in the background.
        (
            "WebAssembly.Module = class { constructor() { throw new RangeError('more than 4 KB') } }"
                .to_owned(),
            "navigate",
            &METRICS,
        ),
        (lacks("long-animation-frame"), "navigate", &METRICS),
        (lacks("soft-navigation"), "navigate", &METRICS),
        (lacks("layout-shift|soft-navigation"), "navigate", &["FCP", "INP", "LCP", "TTFB"]),
        (lacks("visibility-state"), "navigate", &METRICS),
        (
            "delete PerformanceEventTiming.prototype.interactionId".to_owned(),
            "navigate",
            &["CLS", "FCP", "LCP", "TTFB"],
        ),
        (is("document", "wasDiscarded", "true"), "restore", &METRICS),
        (
            is("PerformanceNavigationTiming.prototype", "type", "'back_forward'"),
            "back-forward",
            &METRICS,
        ),
        (
            is("PerformanceNavigationTiming.prototype", "responseStart", "0"),
            "navigate",
            &["CLS", "FCP", "INP", "LCP"],
        ),
        (
            is("PerformanceNavigationTiming.prototype", "responseStart", "1e9"),
            "navigate",
            &["CLS", "FCP", "INP", "LCP"],
        ),
        (is("document", "visibilityState", "'hidden'"), "navigate", &["TTFB", "INP"]),
    ] {
        let page = Page::serve(&app("0")).await?;
        let browser = Browser::open().await?;
        browser.in_every_page(&circumstance).await?;
        browser.goto(&page.url("/")).await?;
        browser.wait_until("window.isReady === true && document.readyState === 'complete'").await?;
        browser.pause(500).await?;
        browser.click("#press").await?;
        browser.pause(1500).await?;
        browser.goto(&page.url("/elsewhere")).await?;
        browser.back().await?;
        browser.wait_until("window.wasRestored === true").await?;

        let reported: Map<String, Value> = browser.value("reported()").await?;
        let of_load = METRICS
            .into_iter()
            .filter(|name| reported.contains_key(&format!("{name} {navigation_type}")));
        let mut of_load = of_load.collect::<Vec<_>>();
        let mut expected = expected.to_vec();
        of_load.sort_unstable();
        expected.sort_unstable();
        ensure!(of_load == expected, "{circumstance}: {reported:?}");
        assert_equal(&browser, &[]).await.context(circumstance)?;
        browser.close().await?;
    }
    Ok(())
}

/// Loads the page, presses, hides, restores and presses, all without leaving it. The expected metrics
/// are what the engine reports at least.
async fn assert_equal_in(engine: Engine, expected: &[&str]) -> Result<()> {
    let noting =
        format!(r#"<script src="/complaints.js"></script><script>{STUBS}</script>{}"#, app("0"));
    let page = Page::serve(&noting).await?;
    let browser = Browser::open_in(engine).await?;
    browser.goto(&page.url("/")).await?;
    browser.wait_until("window.isReady === true && document.readyState === 'complete'").await?;
    browser.click("#press").await?;
    has_reported(&browser, expected, "navigate").await?;
    browser.value::<()>("shiftTwice().then(() => become('hidden'))").await?;
    browser.value::<()>("become('visible')").await?;
    let restore = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";
    browser.value::<bool>(restore).await?;
    has_reported(&browser, &["FCP", "TTFB"], "back-forward-cache").await?;
    browser.click("#press").await?;
    browser.click("#name").await?;
    browser.pause(1500).await?;
    browser.value::<()>("become('hidden')").await?;
    assert_equal(&browser, &[]).await.with_context(|| format!("{engine:?}"))?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_firefox_all_but_cls_call_back_as_web_vitals_does() -> Result<()> {
    assert_equal_in(Engine::Firefox, &["FCP", "INP", "LCP", "TTFB"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_webkit_fcp_and_ttfb_call_back_as_web_vitals_does() -> Result<()> {
    assert_equal_in(Engine::WebKit, &["FCP", "TTFB"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn thresholds_are_those_that_the_server_rates_with() -> Result<()> {
    let page = Page::serve(&app("0")).await?;
    let browser = open(&page).await?;
    for name in MetricName::ALL {
        let expression = format!("dropIn.{}Thresholds", name.as_str());
        let [good, needs_improvement] = browser.value::<[f64; 2]>(&expression).await?;
        ensure!(name.thresholds() == Thresholds { good, needs_improvement }, "{name:?}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn retired_names_still_work_with_the_flag_that_came_before_options() -> Result<()> {
    let code = r"
      import * as vitals from '/collector/web-vitals.js';
      window.seen = {};
      const see = (metric) => { (seen[metric.name] ??= []).push(metric); };
      vitals.getCLS(see, true);
      for (const name of ['FCP', 'FID', 'INP', 'LCP', 'TTFB']) vitals['get' + name](see, true);
      window.isReady = true;
    ";
    let page = Page::serve(&format!(r#"{APP}<script type="module">{code}</script>"#)).await?;
    let browser = Browser::open().await?;
    browser.goto(&page.url("/")).await?;
    browser.wait_until("window.isReady === true").await?;
    browser.wait_until("['CLS', 'FCP', 'LCP', 'TTFB'].every((name) => seen[name])").await?;
    browser.click("#press").await?;
    browser.wait_until("['FID', 'INP'].every((name) => seen[name])").await?;
    browser.wait_until("seen.CLS.at(-1).value > 0").await?;

    let fid = "[seen.FID].map(([{ value, rating, entries: [entry], attribution }]) => \
               value === entry.processingStart - entry.startTime && rating === 'good' && \
               attribution.eventTarget === '#press' && attribution.eventEntry === entry)[0]";
    ensure!(browser.value::<bool>(fid).await?, "FID is not the wait of the first input");
    browser.close().await
}

/// As options are often put together: `isNamed && ((element) => …)`.
#[tokio::test(flavor = "multi_thread")]
async fn options_that_are_false_or_null_are_none() -> Result<()> {
    let code = r"
      import { onINP, onLCP } from '/collector/web-vitals.js';
      window.targets = {};
      const options = { reportAllChanges: true, generateTarget: false, durationThreshold: null };
      onLCP(({ attribution }) => { targets.LCP = attribution.target; }, options);
      onINP(({ attribution }) => { targets.INP = attribution.interactionTarget; }, options);
      window.isReady = true;
    ";
    let page = Page::serve(&format!(r#"{APP}<script type="module">{code}</script>"#)).await?;
    let browser = Browser::open().await?;
    browser.goto(&page.url("/")).await?;
    browser.wait_until("window.isReady === true && targets.LCP !== undefined").await?;
    browser.click("#press").await?;
    browser.wait_until("targets.INP === '#press'").await?;
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_forbids_webassembly_is_one_warning_and_the_page_goes_on() -> Result<()> {
    let code = r"
      import { onCLS, onLCP } from '/collector/web-vitals.js';
      onCLS(console.error);
      onLCP(console.error);
      window.pageRan = true;
    ";
    let document = format!(r#"<h1>Hello</h1><script type="module">{code}</script>"#);
    let page = Page::with_policy(&document, "script-src 'self' 'unsafe-inline'").await?;
    let browser = Browser::open().await?;
    browser.goto(&page.url("/")).await?;
    browser.wait_until("window.pageRan === true").await?;
    let complaints = browser.complaints().await?;
    ensure!(complaints.len() == 1 && complaints[0].contains("rhumb"), "{complaints:?}");
    browser.close().await
}

/// What no real browser can be made to do: frames in any order, many long ones, anything at once.
#[test]
fn random_visits_call_back_as_web_vitals_does() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["../collector-wasm/pkg/web-vitals.js", THEIRS].map(|path| root.join(path));
    let program = format!("{DIFFERENCES}\n{RANDOM_VISITS}");
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", &program]).args(files);
    let output = node.output().context("no node")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    println!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}
