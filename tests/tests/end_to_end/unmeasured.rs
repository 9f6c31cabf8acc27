//! Pages that cannot be measured: who is told, and who is not.

use anyhow::{Result, ensure};
use serde_json::Value;
use tests::{Browser, Inbox, Page};

const NO_WASM: &str = "script-src 'self' 'unsafe-inline'";

#[tokio::test(flavor = "multi_thread")]
async fn one_tiny_beacon_says_that_a_page_is_not_measured() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured_under(NO_WASM, inbox.origin(), "release: '1'").await?;
    let browser = page.visit().await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;
    browser.pause(500).await?;
    ensure!(inbox.letters().len() == 1, "{:?}", inbox.letters());
    let letter = &inbox.letters()[0];
    ensure!(letter.address.starts_with("/v1/ingest?unmeasured"), "{letter:?}");
    ensure!(letter.beacon.url == Some(page.url("/")), "{letter:?}");
    ensure!(letter.beacon.time_zone.is_some(), "{letter:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_a_page_whose_consent_is_taken_back_while_the_collector_loads()
-> Result<()> {
    for end in ["setConsent(false)", "stop()"] {
        let inbox = Inbox::open().await?;
        let options = format!("}}); queueMicrotask(() => rhumb.{end}); ({{");
        let page = Page::measured_under(NO_WASM, inbox.origin(), &options).await?;
        let browser = page.visit().await?;
        browser.pause(500).await?;
        ensure!(inbox.letters().is_empty(), "{end}: {:?}", inbox.letters());
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prerendered_page_is_unmeasured_only_once_it_is_seen() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured_under(NO_WASM, inbox.origin(), "").await?;
    let browser = page.visit().await?;
    let rules = r#"(() => {
      const rules = document.createElement('script');
      rules.type = 'speculationrules';
      rules.textContent = '{ "prerender": [{ "urls": ["/next"], "eagerness": "immediate" }] }';
      document.head.append(rules);
    })()"#;
    browser.value::<Option<Value>>(rules).await?;
    browser.pause(2000).await?;
    ensure!(inbox.letters().len() == 1, "{:?}", inbox.letters());

    browser.click("a").await?;
    browser.wait_until("location.pathname === '/next'").await?;
    let was_prerendered = "performance.getEntriesByType('navigation')[0].activationStart > 0";
    ensure!(browser.value::<bool>(was_prerendered).await?, "it was not prerendered");
    let next = Some(page.url("/next"));
    inbox.wait_for("the page that is seen", |letter| letter.beacon.url == next).await?;
    browser.close().await
}

/// It has listeners by then, and nothing to measure with.
#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_cannot_begin_leaves_no_listener() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let broken = r"
      window.listeners = new Set();
      const { addEventListener, removeEventListener } = EventTarget.prototype;
      const name = (kind, action) => ['visibilitychange', 'pageshow', 'prerenderingchange'].includes(kind) && action;
      EventTarget.prototype.addEventListener = function (kind, action, ...more) {
        if (name(kind, action)) listeners.add(action);
        return addEventListener.call(this, kind, action, ...more);
      };
      EventTarget.prototype.removeEventListener = function (kind, action, ...more) {
        listeners.delete(action);
        return removeEventListener.call(this, kind, action, ...more);
      };
      window.matchMedia = undefined;
    ";
    let browser: Browser = page.visit_after(broken).await?;
    ensure!(browser.complaints().await?.len() == 1, "{:?}", browser.complaints().await?);
    ensure!(browser.value::<u32>("listeners.size").await? == 0, "it still listens");
    browser.close().await
}
