//! Other browsers, and circumstances that a test cannot bring about.

use super::{METRICS, STUBS, app, assert_equal, has_reported};
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use tests::{Browser, Engine, NotKept, Page};

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
        // As in Chromium before 114, which compiles so much only in the background. How long that takes
        // is up to the machine, and with it which metric comes first; here it is the next microtask.
        (
            "const { Module, Instance } = WebAssembly; \
             WebAssembly.Module = class { constructor() { throw new RangeError('more than 4 KB') } }; \
             WebAssembly.instantiate = async (bytes, imports) => \
                 ({ instance: new Instance(new Module(bytes), imports) })"
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
        let visit = match visit_in(&circumstance).await {
            Err(error) if error.is::<NotKept>() => visit_in(&circumstance).await,
            visited => visited,
        };
        let (_page, browser) = visit.with_context(|| circumstance.clone())?;
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

/// Presses, leaves and comes back.
async fn visit_in(circumstance: &str) -> Result<(Page, Browser)> {
    let page = Page::serve(&app("0")).await?;
    let browser = Browser::open().await?;
    browser.in_every_page(circumstance).await?;
    browser.goto(&page.url("/")).await?;
    browser.wait_until("window.isReady === true && document.readyState === 'complete'").await?;
    browser.pause(500).await?;
    browser.click("#press").await?;
    browser.pause(1500).await?;
    browser.leave_and_restore(&page.url("/elsewhere")).await?;
    Ok((page, browser))
}

#[tokio::test(flavor = "multi_thread")]
async fn in_firefox_all_but_cls_call_back_as_web_vitals_does() -> Result<()> {
    assert_equal_in(Engine::Firefox, &["FCP", "INP", "LCP", "TTFB"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_webkit_fcp_and_ttfb_call_back_as_web_vitals_does() -> Result<()> {
    assert_equal_in(Engine::WebKit, &["FCP", "TTFB"]).await
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
