//! When it is sent, and when it is not.

use super::{document, flushed, has_details, has_measure, measure, visit};
use anyhow::{Context, Result, ensure};
use tests::{Inbox, Page, Server};

#[tokio::test(flavor = "multi_thread")]
async fn details_alone_are_news_and_what_is_known_already_is_none() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "")).await?;
    let browser = visit(&page).await?;
    for (count, name) in ["one", "two"].into_iter().enumerate() {
        browser.value::<()>(&format!("rhumb.mark('{name}')")).await?;
        browser.pause(200).await?;
        let letter = flushed(&browser, &inbox, has_measure(name)).await?;
        ensure!(letter.beacon.measures.names.len() == count + 1, "{:?}", letter.beacon.measures);
    }
    browser.pause(300).await?;
    let letters = inbox.letters().len();
    browser.value::<()>("rhumb.flush()").await?;
    browser.pause(300).await?;
    ensure!(inbox.letters().len() == letters, "{:?}", inbox.letters());

    browser.value::<()>("rhumb.mark('last')").await?;
    browser.goto(&page.url("/elsewhere")).await?;
    inbox.wait_for("the last one", has_measure("last")).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_hidden_twice_has_told_all_twice() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "")).await?;
    let browser = visit(&page).await?;
    let hide = "(() => { \
        Object.defineProperty(document, 'hidden', { value: true, configurable: true }); \
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true })); \
        delete document.hidden; })()";
    for name in ["one", "two"] {
        // In the same task: the browser has not told the collector by itself.
        browser.value::<()>(&format!("[rhumb.mark('{name}'), {hide}].at(-1)")).await?;
        inbox.wait_for(name, has_measure(name)).await?;
    }
    let last = inbox.letters().pop().context("no letter")?;
    ensure!(measure(&last, "one").is_some(), "{:?}", last.beacon.measures);
    let mut sequences: Vec<_> = inbox.letters().iter().map(|it| it.beacon.sequence).collect();
    sequences.sort_unstable();
    ensure!(sequences.windows(2).all(|pair| pair[0] < pair[1]), "{sequences:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn details_that_come_when_the_page_is_hidden_already_are_told_all_the_same() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "")).await?;
    let busy_until_hidden = "delete window.fetchLater; \
        window.requestIdleCallback = (act) => document.hidden ? setTimeout(act, 50) \
          : addEventListener('visibilitychange', () => setTimeout(act, 300), { once: true });";
    let browser = page.visit_after(busy_until_hidden).await?;
    browser.value::<()>("rhumb.mark('early')").await?;
    browser.open_tab().await?;
    inbox.wait_for("the mark", has_measure("early")).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_page_that_goes_on_asking_makes_no_more_beacons() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "")).await?;
    let browser = visit(&page).await?;
    let ask = "setInterval(() => fetch('/elsewhere?' + Math.random()), 300) && undefined";
    browser.value::<Option<()>>(ask).await?;
    browser.pause(1000).await?;
    browser.open_tab().await?;
    browser.pause(2000).await?;
    let letters = inbox.letters().len();
    ensure!(letters > 0, "it was never told");
    browser.pause(6000).await?;
    ensure!(inbox.letters().len() == letters, "{letters} were {} later", inbox.letters().len());
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_tag_loads_them_by_a_name_that_never_changes_and_the_server_takes_them()
-> Result<()> {
    let server = Server::start().await?;
    let tag = format!(
        r#"<h1>Hello</h1><button>Press</button><script type="module" src="{}"></script>"#,
        server.url("/rhumb.js")
    );
    let page = Page::serve(&tag).await?;
    let browser = visit(&page).await?;
    let name = "performance.getEntriesByType('resource').map((e) => e.name).find((name) => name.includes('rhumb_details'))";
    let name: String = browser.value(name).await?;
    ensure!(name.starts_with(&server.url("/rhumb_details-")), "{name}");
    let response = reqwest::get(&name).await?.error_for_status()?;
    let caching = response.headers()["cache-control"].to_str()?;
    ensure!(caching.contains("immutable"), "{caching}");
    browser.value::<()>("rhumb.mark('search-opened')").await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;
    server.one_page_view().await?;
    browser.close().await
}

/// The queue has no room for them.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_the_next_page_of_the_site_waits_without_details() -> Result<()> {
    let address = Inbox::nowhere().await?;
    let page = Page::measured(&format!("http://{address}"), "offlineQueue: true").await?;
    let browser = visit(&page).await?;
    let many = "Array.from({ length: 50 }, (_, n) => rhumb.mark(`${n}`.padEnd(128, '-'))).length";
    browser.value::<u32>(many).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    let inbox = Inbox::open_at(&address).await?;
    browser.goto(&page.url("/next")).await?;
    let url = Some(page.url("/"));
    let letter = inbox.wait_for("the first page view", |letter| letter.beacon.url == url).await?;
    ensure!(!letter.beacon.metrics.is_empty() && !has_details(&letter), "{letter:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_no_details_loads_none() -> Result<()> {
    let inbox = Inbox::open().await?;
    let origin = inbox.origin();
    let tag = format!(
        r#"<h1>Hello</h1><button>Press</button>
        <script type="module" src="/collector/rhumb.js" data-endpoint="{origin}" data-details="false"></script>"#
    );
    for page in [Page::measured(origin, "details: false").await?, Page::serve(&tag).await?] {
        let browser = page.visit().await?;
        browser.pause(500).await?;
        ensure!(!browser.has_details().await?, "they were loaded");
        browser.value::<()>("rhumb.mark('unheard')").await?;
        browser.goto(&page.url("/elsewhere")).await?;
        let url = Some(page.url("/"));
        let letter = inbox.wait_for("the beacon", |letter| letter.beacon.url == url).await?;
        ensure!(!has_details(&letter), "{letter:?}");
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_consent_nothing_is_told() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "consent: false").await?;
    let browser = page.visit().await?;
    ensure!(!browser.has_details().await?, "they were loaded");
    browser.value::<()>("rhumb.setConsent(true)").await?;
    browser.wait_for_details().await?;
    browser.value::<()>("rhumb.mark('with')").await?;
    browser.pause(200).await?;
    flushed(&browser, &inbox, has_measure("with")).await?;

    let letters = inbox.letters().len();
    // What the machine knows is gone, and what the browser knows is cleared.
    browser
        .value::<()>("[rhumb.mark('unsent'), rhumb.setConsent(false), performance.clearMarks(), rhumb.flush()].at(-1)")
        .await?;
    browser.pause(500).await?;
    ensure!(inbox.letters().len() == letters, "{:?}", inbox.letters());
    browser.value::<()>("rhumb.setConsent(true)").await?;
    browser.pause(1000).await?;
    browser.value::<()>("rhumb.mark('again')").await?;
    browser.pause(200).await?;
    let letter = flushed(&browser, &inbox, has_measure("again")).await?;
    ensure!(letter.beacon.measures.names.len() == 1, "{:?}", letter.beacon.measures);
    browser.close().await
}
