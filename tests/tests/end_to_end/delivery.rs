//! Beacons arrive, whatever happens to the page, the network or the server; and only those that the
//! page wants to send.

use anyhow::{Result, ensure};
use axum::http::StatusCode;
use beacon::TextField;
use tests::{Browser, Inbox, Letter, Page};

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_tab_has_sent_its_beacon() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    browser.close_tab().await?;
    inbox.wait_for("the beacon of a closed tab", |_| true).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_overloaded_or_restarting_gets_the_beacon_later() -> Result<()> {
    let inbox = Inbox::open().await?;
    inbox.refuse(&[StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS]);
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    browser.value::<()>("rhumb.flush()").await?;

    let taken = inbox.wait_for("204", |letter| letter.status == StatusCode::NO_CONTENT).await?;
    ensure!(inbox.letters().len() == 3, "{:?}", inbox.letters());
    ensure!(inbox.letters().iter().all(|letter| letter.beacon == taken.beacon), "another beacon");
    ensure!(taken.address.starts_with("/v1/ingest?delay_ms="), "{}", taken.address);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_away_gets_the_newest_beacon_of_the_page_view() -> Result<()> {
    let address = Inbox::nowhere().await?;
    let page = Page::measured(&format!("http://{address}"), "").await?;
    let browser = page.visit().await?;
    browser.value::<()>("rhumb.flush()").await?;
    browser.value::<()>("[rhumb.setRoute('/cart'), rhumb.flush()].at(0)").await?;

    let inbox = Inbox::open_at(&address).await?;
    inbox.wait_for("the second", |letter| letter.beacon.route.as_deref() == Some("/cart")).await?;
    ensure!(inbox.letters().len() == 1, "the first is superseded: {:?}", inbox.letters());
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_beacon_is_not_sent_again() -> Result<()> {
    let inbox = Inbox::open().await?;
    inbox.refuse(&[StatusCode::UNPROCESSABLE_ENTITY]);
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    browser.value::<()>("rhumb.flush()").await?;
    inbox.wait_for("the beacon", |_| true).await?;
    browser.pause(3000).await?;
    ensure!(inbox.letters().len() == 1, "{:?}", inbox.letters());
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_crashes_has_left_its_beacon_with_the_browser() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    browser.pause(3000).await?;
    ensure!(inbox.letters().is_empty(), "nothing is sent while the page lives");
    browser.crash().await;
    let letter = inbox.wait_for("the beacon of a page that crashed", |_| true).await?;
    ensure!(!letter.beacon.metrics.is_empty(), "{letter:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_left_while_offline_is_reported_by_the_next_if_it_wants_that() -> Result<()>
{
    for wanted in [true, false] {
        let address = Inbox::nowhere().await?;
        let options = format!("offlineQueue: {wanted}");
        let page = Page::measured(&format!("http://{address}"), &options).await?;
        let browser = page.visit().await?;
        browser.goto(&page.url("/elsewhere")).await?;

        browser.goto(&page.url("/next")).await?;
        browser.settle().await?;
        let stored = "Object.keys(localStorage).filter((key) => key.startsWith('rhumb.')).length";
        let is_kept = browser.value::<u32>(stored).await? > 0;
        ensure!(is_kept == wanted, "what is recalled has to survive a crash");
        let inbox = Inbox::open_at(&address).await?;
        browser.settle().await?;
        browser.goto(&page.url("/elsewhere")).await?;
        inbox
            .wait_for("the second page view", |letter| letter.beacon.url == Some(page.url("/next")))
            .await?;
        let of_first = |letter: &Letter| letter.beacon.url == Some(page.url("/"));
        let reported = inbox.letters().iter().any(of_first);
        ensure!(reported == wanted, "offlineQueue: {wanted}: {:?}", inbox.letters());
        let is_stored = browser.value::<u32>("localStorage.length").await? > 0;
        ensure!(!is_stored || wanted, "something is stored");
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_consent_nothing_is_loaded_stored_or_sent_until_it_is_given() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "consent: false").await?;
    let browser = page.visit().await?;
    browser.value::<()>("rhumb.flush()").await?;
    let loaded = "performance.getEntriesByType('resource').some((e) => e.name.endsWith('.wasm'))";
    ensure!(!browser.value::<bool>(loaded).await?, "the collector was loaded");
    ensure!(browser.value::<u32>("sessionStorage.length").await? == 0, "something was stored");
    ensure!(inbox.letters().is_empty(), "{:?}", inbox.letters());

    browser.value::<()>("rhumb.setConsent(true)").await?;
    let letter = inbox.wait_for("the beacon", |_| true).await?;
    let names: Vec<_> = letter.beacon.metrics.iter().map(|metric| metric.name.as_str()).collect();
    ensure!(names.contains(&"LCP") && names.contains(&"FCP"), "the past is missing: {names:?}");

    browser.value::<()>("rhumb.setConsent(false)").await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;
    browser.pause(500).await?;
    ensure!(inbox.letters().len() == 1, "{:?}", inbox.letters());
    ensure!(
        browser.value::<u32>("sessionStorage.length").await? == 0,
        "the session is not forgotten"
    );
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn privacy_signals_are_honoured_where_the_page_wants_that() -> Result<()> {
    for signal in ["globalPrivacyControl: { value: true }", "doNotTrack: { value: '1' }"] {
        for (options, expected) in [("", 1), ("honorPrivacySignals: true", 0)] {
            let inbox = Inbox::open().await?;
            let page = Page::measured(inbox.origin(), options).await?;
            let script = format!("Object.defineProperties(navigator, {{ {signal} }})");
            let browser = page.visit_after(&script).await?;
            browser.goto(&page.url("/elsewhere")).await?;
            browser.pause(500).await?;
            ensure!(inbox.letters().len() == expected, "{signal} {options}: {:?}", inbox.letters());
            browser.close().await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_measured_whole_or_not_at_all() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "sampleRate: 0.5").await?;
    let browser = Browser::open().await?;
    for (session, expected) in [("7f".repeat(16), 2), ("80".repeat(16), 2)] {
        browser.goto(&page.url("/elsewhere")).await?;
        browser
            .value::<()>(&format!("sessionStorage.setItem('rhumb.session', '{session}')"))
            .await?;
        for path in ["/", "/next"] {
            browser.goto(&page.url(path)).await?;
            browser.settle().await?;
        }
        browser.goto(&page.url("/elsewhere")).await?;
        browser.pause(500).await?;
        ensure!(inbox.letters().len() == expected, "{session}: {:?}", inbox.letters());
    }
    let rate = inbox.letters()[0].beacon.sample_rate;
    ensure!((rate - 0.5).abs() < f32::EPSILON, "{rate}");
    browser.close().await
}

/// Browsers load a page's storage when it is first looked into, and the page waits for that.
#[tokio::test(flavor = "multi_thread")]
async fn the_session_is_not_looked_up_before_there_is_a_beacon_to_send() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let script = "delete window.fetchLater;
        window.looks = 0;
        const { getItem } = Storage.prototype;
        Storage.prototype.getItem = function (key) { looks++; return getItem.call(this, key); };";
    let browser = page.visit_after(script).await?;
    browser.wait_for_details().await?;
    ensure!(browser.value::<u32>("looks").await? == 0, "storage was looked into");

    for route in ["/a", "/b"] {
        browser.value::<()>(&format!("[rhumb.setRoute('{route}'), rhumb.flush()].at(0)")).await?;
        let is_of_route = |letter: &Letter| letter.beacon.route.as_deref() == Some(route);
        let letter = inbox.wait_for("the beacon", is_of_route).await?;
        ensure!(letter.beacon.session.is_some(), "{:?}", letter.beacon);
    }
    ensure!(browser.value::<u32>("looks").await? == 1, "storage was looked into again");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_tells_no_more_than_the_page_allows() -> Result<()> {
    let plain = "";
    let scrubbed =
        "scrubUrl: (url) => { url.pathname = url.pathname.replace(/next/, 'x'); return url; }";
    let silent = "scrubUrl: () => null";
    for (options, expected) in [(plain, Some("/next")), (scrubbed, Some("/x")), (silent, None)] {
        let inbox = Inbox::open().await?;
        let page = Page::measured(inbox.origin(), options).await?;
        let browser = Browser::open().await?;
        browser.goto(&page.url("/next?token=secret#part")).await?;
        browser.settle().await?;
        browser.goto(&page.url("/elsewhere")).await?;
        let url = inbox.wait_for("the beacon", |_| true).await?.beacon.url;
        ensure!(url == expected.map(|path| page.url(path)), "{options}: {url:?}");
        browser.close().await?;
    }
    Ok(())
}

/// Its image is the largest paint, and the script of its slow button stands in the document.
#[tokio::test(flavor = "multi_thread")]
async fn attributions_tell_no_more_of_an_address_than_the_page_allows() -> Result<()> {
    let inbox = Inbox::open().await?;
    let document = format!(
        r#"<img src="/photo.jpg?token=secret" width="600" height="400"><br><button>Press</button>
        <script>
          Object.defineProperty(PerformanceScriptTiming.prototype, 'invoker', {{
            get: () => 'IMG[src=/photo.jpg?token=secret].onload',
          }});
          document.querySelector('button').onclick = () => {{
            for (const end = performance.now() + 120; performance.now() < end;);
          }};
        </script>
        <script type="module">
          import {{ start }} from '/collector/index.js';
          window.rhumb = start({{
            endpoint: '{}', site: 'default',
            scrubUrl: (url) => `${{url.origin}}/x${{url.pathname.length}}`,
          }});
        </script>"#,
        inbox.origin()
    );
    let page = Page::serve(&document).await?;
    let browser = Browser::open().await?;
    browser.goto(&page.url("/next?token=secret")).await?;
    browser.settle().await?;
    browser.click("button").await?;
    browser.pause(500).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    let beacon = inbox.wait_for("the beacon", |_| true).await?.beacon;
    let texts = beacon.metrics.iter().flat_map(|metric| &metric.attribution.texts);
    let texts: Vec<_> = texts.map(|(field, text)| (*field, text.clone())).collect();
    for told in [
        (TextField::Url, page.url("/x10")),
        (TextField::LongestScriptUrl, page.url("/x5")),
        (TextField::LongestScriptInvoker, format!("IMG[src={}].onload", page.url("/x10"))),
    ] {
        ensure!(texts.contains(&told), "{told:?} is not among {texts:?}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn beacons_go_to_whatever_path_a_proxy_has() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "path: '/s/42'").await?;
    let browser = page.visit().await?;
    browser.goto(&page.url("/elsewhere")).await?;
    let letter = inbox.wait_for("the beacon", |_| true).await?;
    ensure!(letter.address.starts_with("/s/42?"), "{letter:?}");
    browser.close().await
}

/// Only beacons go to the path itself.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_asks_for_at_addresses_that_begin_with_the_path_is_told() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "path: '/s'").await?;
    let browser = page.visit().await?;
    browser.wait_for_details().await?;
    let address = format!("{}/search", inbox.origin());
    browser
        .value::<()>(&format!("fetch('{address}', {{ mode: 'no-cors' }}).then(() => null)"))
        .await?;
    browser.pause(300).await?;
    browser.goto(&page.url("/elsewhere")).await?;
    let has_request = |letter: &Letter| !letter.beacon.requests.urls.is_empty();
    let requests = inbox.wait_for("the request", has_request).await?.beacon.requests;
    let urls: Vec<_> = requests.urls.iter().map(|it| &it.url).collect();
    ensure!(urls == [&address], "{urls:?}");
    browser.close().await
}
