//! What is exported, and how it is called.

use super::{APP, app, open};
use anyhow::{Result, ensure};
use beacon::{MetricName, Thresholds};
use tests::{Browser, Page};

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
