//! What cannot be delivered at once: when it is tried again, and what is kept of it.

use anyhow::{Result, ensure};
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use tests::{Browser, Inbox, Letter, Page};

/// The document's next page view, as by a restore from the back/forward cache.
async fn begin_next_page_view(browser: &Browser) -> Result<()> {
    let restore = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";
    browser.value::<bool>(restore).await?;
    browser.pause(300).await
}

async fn flush(browser: &Browser) -> Result<()> {
    browser.value::<()>("rhumb.flush()").await?;
    browser.pause(300).await
}

fn sequence_numbers(letters: &[Letter]) -> Vec<u32> {
    letters.iter().map(|letter| letter.beacon.sequence).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_wants_a_rest_has_it_from_later_page_views_too() -> Result<()> {
    let inbox = Inbox::open().await?;
    inbox.refuse_until(StatusCode::SERVICE_UNAVAILABLE, "5");
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    flush(&browser).await?;
    begin_next_page_view(&browser).await?;
    flush(&browser).await?;
    browser.pause(2500).await?;
    ensure!(inbox.letters().len() == 1, "{:?}", inbox.letters());

    let taken = |letter: &Letter| letter.status == StatusCode::NO_CONTENT;
    let first = inbox.letters()[0].beacon.page_view;
    inbox.wait_for("the first", |letter| taken(letter) && letter.beacon.page_view == first).await?;
    inbox.wait_for("the next", |letter| taken(letter) && letter.beacon.page_view != first).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rest_may_be_asked_for_until_a_time_of_day() -> Result<()> {
    let inbox = Inbox::open().await?;
    let until = Timestamp::now() + SignedDuration::from_secs(20);
    let until = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&until)?;
    inbox.refuse_until(StatusCode::TOO_MANY_REQUESTS, &until);
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    flush(&browser).await?;
    browser.pause(4000).await?;
    ensure!(inbox.letters().len() == 1, "{until}: {:?}", inbox.letters());
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rest_of_a_month_is_no_rush() -> Result<()> {
    let inbox = Inbox::open().await?;
    inbox.refuse_until(StatusCode::SERVICE_UNAVAILABLE, "2592000");
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    flush(&browser).await?;
    browser.pause(2000).await?;
    ensure!(inbox.letters().len() == 1, "{:?}", inbox.letters());
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_beacon_that_waits_is_sent_when_the_page_is_left_without_news() -> Result<()> {
    let inbox = Inbox::open().await?;
    inbox.refuse_until(StatusCode::SERVICE_UNAVAILABLE, "600");
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    flush(&browser).await?;
    browser.goto(&page.url("/elsewhere")).await?;
    inbox.wait_for("the beacon", |letter| letter.status == StatusCode::NO_CONTENT).await?;
    ensure!(sequence_numbers(&inbox.letters()) == [0, 0], "{:?}", inbox.letters());
    browser.close().await
}

/// A server, or a proxy, that takes the first beacon and never answers.
const SILENCE: &str = r"
  const { fetch } = window;
  let silent = 1;
  window.fetch = (url, init) => !`${url}`.includes('/v1/') || silent-- <= 0 ? fetch(url, init)
    : new Promise((_, refuse) => init.signal.addEventListener('abort', () => refuse(init.signal.reason)));
";

#[tokio::test(flavor = "multi_thread")]
async fn a_beacon_that_nobody_answers_is_sent_again() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let soon = "const { timeout } = AbortSignal; \
        AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms / 100);";
    let browser = page.visit_after(&format!("{SILENCE} {soon}")).await?;
    flush(&browser).await?;
    inbox.wait_for("the beacon", |letter| letter.beacon.sequence == 0).await?;
    browser.close().await
}

/// Firefox before 133.
#[tokio::test(flavor = "multi_thread")]
async fn a_beacon_under_way_that_would_end_with_the_page_is_sent_again_when_that_is_left()
-> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let older = "delete Request.prototype.keepalive; delete window.fetchLater;";
    let browser = page.visit_after(&format!("{SILENCE} {older}")).await?;
    flush(&browser).await?;
    browser.goto(&page.url("/elsewhere")).await?;
    inbox.wait_for("the beacon", |letter| letter.beacon.sequence == 0).await?;
    browser.close().await
}

/// Back-off times are no whole milliseconds; nothing else waits so.
const HURRY: &str = r"
  const wait = window.setTimeout;
  window.setTimeout = (action, ms) => wait(action, ms % 1 ? ms / 50 : ms);
";

/// The server's own answer, when the body has not arrived within ten seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_beacon_that_came_too_slowly_is_sent_again() -> Result<()> {
    let inbox = Inbox::open().await?;
    inbox.refuse(&[StatusCode::REQUEST_TIMEOUT]);
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    flush(&browser).await?;
    inbox.wait_for("the beacon", |letter| letter.status == StatusCode::NO_CONTENT).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_beacon_that_was_refused_eight_times_is_sent_once_more_when_the_page_is_left()
-> Result<()> {
    let inbox = Inbox::open().await?;
    inbox.refuse(&[StatusCode::SERVICE_UNAVAILABLE; 8]);
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit_after(HURRY).await?;
    flush(&browser).await?;
    browser.pause(6000).await?;
    ensure!(inbox.letters().len() == 8, "{} attempts", inbox.letters().len());

    browser.goto(&page.url("/elsewhere")).await?;
    inbox.wait_for("the beacon", |letter| letter.status == StatusCode::NO_CONTENT).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_is_full_keeps_the_latest_page_views() -> Result<()> {
    let address = Inbox::nowhere().await?;
    let page = Page::measured(&format!("http://{address}"), "offlineQueue: true").await?;
    let browser = page.visit().await?;
    // So long that not all of them fit.
    let route = format!("/{}", "x".repeat(250));
    let long =
        format!("offlineQueue: true, scrubUrl: () => 'https://shop.example/{}'", "y".repeat(1900));
    browser
        .value::<()>(&format!("[rhumb.stop(), window.rhumb = begin({{ {long} }})].at(2)"))
        .await?;
    browser.pause(500).await?;
    for number in 0..6 {
        begin_next_page_view(&browser).await?;
        browser.value::<()>(&format!("rhumb.setRoute('{number}{route}')")).await?;
        flush(&browser).await?;
    }
    browser.goto(&page.url("/elsewhere")).await?;

    let inbox = Inbox::open_at(&address).await?;
    browser.goto(&page.url("/next")).await?;
    let route = Some(format!("5{route}"));
    inbox.wait_for("the latest", |letter| letter.beacon.route == route).await?;
    ensure!(inbox.letters().len() < 6, "all of them fit: nothing is proved");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn something_else_in_the_queue_is_in_nobodys_way() -> Result<()> {
    let address = Inbox::nowhere().await?;
    let page = Page::measured(&format!("http://{address}"), "offlineQueue: true").await?;
    let browser = page.visit().await?;
    browser.goto(&page.url("/elsewhere")).await?;
    browser.value::<()>("void (localStorage['rhumb.waiting.0'] = 'no beacon')").await?;

    let inbox = Inbox::open_at(&address).await?;
    for path in ["/next", "/elsewhere", "/next", "/elsewhere"] {
        browser.goto(&page.url(path)).await?;
        browser.pause(700).await?;
    }
    inbox.wait_for("the first", |letter| letter.beacon.url == Some(page.url("/"))).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_that_is_taken_back_empties_the_queue() -> Result<()> {
    let address = Inbox::nowhere().await?;
    let options = "offlineQueue: true, consent: !location.pathname.includes('next')";
    let page = Page::measured(&format!("http://{address}"), options).await?;
    let browser = page.visit().await?;
    browser.goto(&page.url("/elsewhere")).await?;
    ensure!(browser.value::<u32>("localStorage.length").await? == 1, "nothing is kept");

    browser.goto(&page.url("/next")).await?;
    browser.settle().await?;
    browser.value::<()>("rhumb.setConsent(false)").await?;
    ensure!(browser.value::<u32>("localStorage.length").await? == 0, "something is kept");
    browser.close().await
}
