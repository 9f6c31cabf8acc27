//! Which page view it belongs to.

use super::{document, flushed, has_details, has_measure, measure, visit};
use anyhow::{Result, ensure};
use tests::{Browser, Inbox, Letter, Page};

/// The app of two routes. What its button does belongs to the second.
const ROUTES: &str = r"<main><h1>Hello</h1></main><script>
  performance.mark('first');
  document.querySelector('button').onclick = () => {
    performance.mark('second');
    history.pushState({}, '', '/new');
    document.querySelector('main').innerHTML = '<h1>Another route</h1><p>and a long text of it</p>';
  };
</script>";

async fn change_route(browser: &Browser) -> Result<()> {
    browser.click("button").await?;
    browser.wait_until("performance.getEntriesByType('soft-navigation').length > 0").await?;
    browser.pause(300).await
}

/// What each of the two page views has of the two marks.
async fn ensure_marks_are_apart(inbox: &Inbox) -> Result<()> {
    for (route, name, other) in [("/", "first", "second"), ("/new", "second", "first")] {
        let is_wanted =
            |it: &Letter| it.beacon.route.as_deref() == Some(route) && measure(it, name).is_some();
        let letter = inbox.wait_for(route, is_wanted).await?;
        ensure!(measure(&letter, other).is_none(), "{route}: {:?}", letter.beacon.measures);
    }
    let of_second = |it: &Letter| it.beacon.route.as_deref() == Some("/new") && has_details(it);
    let second = inbox.wait_for("/new", of_second).await?;
    ensure!(second.beacon.resources.files.is_empty(), "{:?}", second.beacon.resources);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_soft_navigation_begins_anew_from_its_interaction_on() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), ROUTES)).await?;
    let browser = visit(&page).await?;
    change_route(&browser).await?;
    browser.goto(&page.url("/elsewhere")).await?;
    ensure_marks_are_apart(&inbox).await?;
    browser.close().await
}

/// The mark of the first page view is told by nobody then.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_loaded_after_a_soft_navigation_tells_nothing_of_before() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), ROUTES)).await?;
    let later = "window.requestIdleCallback = (action) => { window.idle = action; };";
    let browser = page.visit_after(later).await?;
    change_route(&browser).await?;
    browser.value::<()>("idle()").await?;
    browser.wait_for_details().await?;
    browser.goto(&page.url("/elsewhere")).await?;

    let of_second = |it: &Letter| it.beacon.route.as_deref() == Some("/new") && has_details(it);
    let second = inbox.wait_for("/new", of_second).await?;
    ensure!(measure(&second, "second").is_some(), "{:?}", second.beacon.measures);
    ensure!(measure(&second, "first").is_none(), "{:?}", second.beacon.measures);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_page_begins_anew() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "")).await?;
    let browser = visit(&page).await?;
    let restore = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";
    browser
        .value::<()>(&format!(
            "[rhumb.mark('old'), rhumb.flush(), {restore}, rhumb.mark('new')].at(-1)"
        ))
        .await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    inbox.wait_for("the old one", has_measure("old")).await?;
    let letter = inbox.wait_for("the new one", has_measure("new")).await?;
    ensure!(measure(&letter, "old").is_none(), "{:?}", letter.beacon.measures);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_before_a_prerendered_page_was_shown_is_told_and_nobody_waited_for_it()
-> Result<()> {
    let inbox = Inbox::open().await?;
    let content = r#"<a href="/next">Next</a><script>performance.mark('early');</script>"#;
    let page = Page::serve(&document(inbox.origin(), content)).await?;
    let browser = visit(&page).await?;
    let rules = r#"(() => {
      const rules = document.createElement('script');
      rules.type = 'speculationrules';
      rules.textContent = '{ "prerender": [{ "urls": ["/next"], "eagerness": "immediate" }] }';
      document.head.append(rules);
    })()"#;
    browser.value::<Option<()>>(rules).await?;
    browser.pause(2000).await?;
    browser.click("a").await?;
    browser.wait_until("location.pathname === '/next'").await?;
    browser.wait_for_details().await?;
    browser.value::<()>("rhumb.mark('late')").await?;
    browser.pause(200).await?;

    let letter = flushed(&browser, &inbox, has_measure("late")).await?;
    let total_us = |name| measure(&letter, name).map(|it| it.durations.total_us);
    ensure!(
        total_us("early") == Some(0) && total_us("late") > Some(0),
        "{:?}",
        letter.beacon.measures
    );
    ensure!(!letter.beacon.resources.files.is_empty(), "{:?}", letter.beacon.resources);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_collector_of_the_page_goes_on() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "")).await?;
    let browser = visit(&page).await?;
    browser.value::<()>("[rhumb.measure('List', 1), rhumb.flush()].at(-1)").await?;
    browser
        .value::<()>("[rhumb.measure('List', 2), rhumb.stop(), window.rhumb = begin()].at(1)")
        .await?;
    browser.pause(1000).await?;
    browser.value::<()>("rhumb.measure('List', 4)").await?;
    browser.pause(200).await?;
    let is_last = |it: &Letter| measure(it, "List").is_some_and(|it| it.durations.count == 3);
    let last = flushed(&browser, &inbox, is_last).await?;
    ensure!(
        last.beacon.page_view == inbox.letters()[0].beacon.page_view,
        "it is another page view"
    );
    browser.close().await
}
