//! What a page says its components did, by `rhumb.render`, until it is a beacon.

use anyhow::{Context, Result, ensure};
use beacon::{Render, RenderPhase, Renders};
use tests::{Inbox, Page};

const BEACON_BYTES_MAX: usize = 48 * 1024;
/// What makes a task a long one.
const LONG_TASK_MS: f64 = 50.0;

/// Components and what they did: how many mounts and updates, and their microseconds.
fn told(renders: &Renders) -> Vec<(&str, RenderPhase, u32, u32)> {
    renders.components.iter().map(|it| (&*it.id, it.phase, it.count, it.actual_us)).collect()
}

fn component<'a>(renders: &'a Renders, id: &str) -> Option<&'a Render> {
    renders.components.iter().find(|render| render.id == id)
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_are_added_up_and_what_is_called_before_the_collector_has_loaded_counts()
-> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&format!(
        r#"<h1>Hello</h1><script type="module">
          import {{ start }} from '/collector/index.js';
          window.rhumb = start({{ endpoint: '{}', site: 'default' }});
          rhumb.render('List', 'mount', 20.5, 20.5);
        </script>"#,
        inbox.origin()
    ))
    .await?;
    let browser = page.visit().await?;
    browser
        .value::<()>("[rhumb.render('List', 'update', 1, 20), rhumb.render('List', 'update', 19, 20), rhumb.flush()].at(-1)")
        .await?;

    let letter = inbox.wait_for("renders", |letter| letter.beacon.renders != Renders::default());
    let renders = letter.await?.beacon.renders;
    ensure!(
        told(&renders)
            == [("List", RenderPhase::Mount, 1, 20_500), ("List", RenderPhase::Update, 2, 20_000)]
    );
    let update = &renders.components[1];
    ensure!((update.base_us, update.max_us) == (40_000, 19_000), "{update:?}");
    ensure!((update.slow_count, update.full_count) == (1, 1), "{update:?}");
    let bins = [1.0, 19.0].map(|ms| (beacon::duration_bin(ms).unwrap_or_default(), 1));
    ensure!(update.bins == bins, "{update:?}");
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn renders_that_come_after_a_beacon_are_sent_with_all_before() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    for count in 1..=2 {
        browser.value::<()>("[rhumb.render('List', 'update', 1, 1), rhumb.flush()].at(-1)").await?;
        let has_all =
            |renders: &Renders| component(renders, "List").is_some_and(|it| it.count == count);
        inbox.wait_for("all of them", |letter| has_all(&letter.beacon.renders)).await?;
    }
    // Nothing is news.
    let letters = inbox.letters().len();
    browser.value::<()>("rhumb.flush()").await?;
    browser.pause(300).await?;
    ensure!(inbox.letters().len() == letters, "{:?}", inbox.letters());
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_collector_hears_nothing_and_the_next_one_goes_on() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    browser
        .value::<()>(
            "[rhumb.render('List', 'update', 1, 1), rhumb.flush(), rhumb.render('List', 'update', 1, 1), \
              rhumb.stop(), rhumb.render('List', 'update', 1, 1), \
              window.rhumb = begin(), rhumb.render('List', 'update', 1, 1)].at(-1)",
        )
        .await?;
    browser.pause(500).await?;
    browser.value::<()>("rhumb.flush()").await?;

    let is_last = |renders: &Renders| component(renders, "List").is_some_and(|it| it.count == 3);
    let last = inbox.wait_for("the last beacon", |letter| is_last(&letter.beacon.renders)).await?;
    let first = inbox.letters().swap_remove(0);
    ensure!(first.beacon.page_view == last.beacon.page_view, "it is another page view");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_consent_nothing_is_kept() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "consent: false").await?;
    let browser = page.visit().await?;
    browser
        .value::<()>(
            "[rhumb.render('Before', 'mount', 1, 1), rhumb.setConsent(true), \
              rhumb.render('With', 'mount', 1, 1)].at(-1)",
        )
        .await?;
    browser.pause(500).await?;
    browser.value::<()>("rhumb.flush()").await?;

    let letter = inbox.wait_for("renders", |it| component(&it.beacon.renders, "With").is_some());
    let renders = letter.await?.beacon.renders;
    ensure!(component(&renders, "Before").is_none() && renders.dropped == 0, "{renders:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_soft_navigation_begins_anew_from_its_interaction_on() -> Result<()> {
    let inbox = Inbox::open().await?;
    let document = format!(
        r#"<main><h1>Hello</h1></main><button>Go</button>
        <script type="module">
          import {{ start }} from '/collector/index.js';
          window.rhumb = start({{ endpoint: '{}', site: 'default', route: (url) => url.pathname }});
          document.querySelector('button').onclick = () => {{
            rhumb.render('New', 'mount', 1, 1);
            history.pushState({{}}, '', '/new');
            document.querySelector('main').innerHTML = '<h1>Another route</h1><p>and a long text of it</p>';
          }};
        </script>"#,
        inbox.origin()
    );
    let page = Page::serve(&document).await?;
    let browser = page.visit().await?;
    browser.value::<()>("rhumb.render('Old', 'mount', 1, 1)").await?;
    browser.click("button").await?;
    browser.wait_until("performance.getEntriesByType('soft-navigation').length > 0").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    for (route, id) in [("/", "Old"), ("/new", "New")] {
        let is_wanted = |it: &tests::Letter| {
            it.beacon.route.as_deref() == Some(route) && it.beacon.renders != Renders::default()
        };
        let renders = inbox.wait_for(route, is_wanted).await?.beacon.renders;
        ensure!(told(&renders) == [(id, RenderPhase::Mount, 1, 1000)], "{route}: {renders:?}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_page_begins_anew() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    let restore = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";
    browser
        .value::<()>(&format!(
            "[rhumb.render('Old', 'mount', 1, 1), rhumb.flush(), {restore}, \
              rhumb.render('New', 'mount', 1, 1)].at(-1)"
        ))
        .await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    let letter = inbox.wait_for("the new one", |it| component(&it.beacon.renders, "New").is_some());
    let renders = letter.await?.beacon.renders;
    ensure!(component(&renders, "Old").is_none(), "{renders:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_calls_are_ignored_with_one_warning() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let browser = page.visit().await?;
    for wrong in [
        "",
        "42, 'mount', 1, 1",
        "{}, 'mount', 1, 1",
        "'', 'mount', 1, 1",
        "'\\n', 'mount', 1, 1",
        "'x'.repeat(129), 'mount', 1, 1",
        "'List', 'unmount', 1, 1",
        "'List', 'mount', -1, 1",
        "'List', 'mount', 1",
        "'List', 'mount', Infinity, 1",
    ] {
        browser.value::<()>(&format!("rhumb.render({wrong})")).await?;
    }
    let complaints = browser.complaints().await?;
    browser.value::<()>("[rhumb.render('List', 'mount', 1, 1), rhumb.flush()].at(-1)").await?;
    let letter = inbox.wait_for("renders", |it| component(&it.beacon.renders, "List").is_some());

    let renders = letter.await?.beacon.renders;
    ensure!(told(&renders) == [("List", RenderPhase::Mount, 1, 1000)], "{renders:?}");
    ensure!(complaints.len() == 1 && complaints[0].contains("render: "), "{complaints:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_renders_make_no_long_task_and_no_beacon_over_48_kb() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    let spy = "window.sent = []; const { fetch: send } = window; \
               window.fetch = (url, options) => { if (options?.body) sent.push(options.body.length); \
                 return send(url, options); };";
    let browser = page.visit_after(spy).await?;
    // Every call lets 100 components be told apart, with ids as long as may be; the collector takes them
    // by the thousand, so in one task of ten. What a busy machine adds to some tasks is not theirs:
    // the middle one of those ten counts, and the quickest beacon.
    let ten_thousand = "(async () => { \
        const took = [], flushes = []; \
        for (let task = 0; task < 100; task++) { \
          const begin = performance.now(); \
          for (let n = 0; n < 100; n++) \
            rhumb.render(`Component${n}`.padEnd(128, '-'), 'update', 0.1 * 1.09 ** task, 10); \
          took.push(performance.now() - begin); \
          await new Promise((done) => setTimeout(done)); \
        } \
        for (let flush = 0; flush < 5; flush++) { \
          if (flush) rhumb.render('Component', 'update', 1, 1); \
          const begin = performance.now(); \
          rhumb.flush(); \
          flushes.push(performance.now() - begin); \
          await new Promise((done) => setTimeout(done)); \
        } \
        const ascending = (a, b) => a - b; \
        return [took.reduce((sum, ms) => sum + ms), \
                took.sort(ascending)[95], flushes.sort(ascending)[0]]; })()";
    let [all_ms, slow_ms, flush_ms]: [f64; 3] = browser.value(ten_thousand).await?;

    let all = |renders: &Renders| {
        renders.components.iter().map(|it| it.count).sum::<u32>() + renders.dropped == 10_004
    };
    inbox.wait_for("all renders", |it| all(&it.beacon.renders)).await?;
    let bytes = browser.value::<Vec<usize>>("sent").await?;
    let largest = bytes.into_iter().max().context("nothing was sent")?;
    println!(
        "10,000 calls: {all_ms:.1} ms, a task that takes a thousand {slow_ms:.1}, the beacon: {flush_ms:.1} ms"
    );
    println!("{largest} bytes");
    ensure!(largest <= BEACON_BYTES_MAX, "{largest} bytes");
    ensure!(slow_ms.max(flush_ms) < LONG_TASK_MS, "{slow_ms} and {flush_ms} ms");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_before_the_collector_has_loaded_is_counted_as_dropped() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&format!(
        r#"<h1>Hello</h1><script type="module">
          import {{ start }} from '/collector/index.js';
          window.rhumb = start({{ endpoint: '{}', site: 'default' }});
          for (let n = 0; n < 1500; n++) rhumb.render('List', 'update', 1, 1);
        </script>"#,
        inbox.origin()
    ))
    .await?;
    let browser = page.visit().await?;
    browser.value::<()>("rhumb.flush()").await?;

    let letter = inbox.wait_for("renders", |it| it.beacon.renders != Renders::default()).await?;
    let renders = letter.beacon.renders;
    ensure!((renders.components[0].count, renders.dropped) == (1000, 500), "{renders:?}");
    browser.close().await
}
