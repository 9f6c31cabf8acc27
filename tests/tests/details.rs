//! What explains a page view besides its metrics: long frames, what the page times itself, what it loads.

use anyhow::{Context, Result, ensure};
use beacon::{LongFrames, Measure, MeasureKind, Measures, ResourceKind, Resources};
use std::{fs, path::Path};
use tests::{Browser, Engine, Inbox, Letter, Page, Server};

const BEACON_BYTES_MAX: usize = 48 * 1024;
/// What makes a task a long one.
const LONG_TASK_MS: f64 = 50.0;

/// A page that is measured and can keep itself busy.
fn document(origin: &str, content: &str) -> String {
    format!(
        r#"<link rel="icon" href="data:,"><h1>Hello</h1><button>Go</button>
        <script>
          const busy = (ms) => {{ for (const end = performance.now() + ms; performance.now() < end;); }};
        </script>
        {content}
        <script type="module">
          import {{ start }} from '/collector/index.js';
          window.begin = () => start({{ endpoint: '{origin}', site: 'default', route: (url) => url.pathname }});
          window.rhumb = begin();
        </script>"#
    )
}

/// A browser that has painted the page, whose details are looked at.
async fn visit(page: &Page) -> Result<Browser> {
    let browser = page.visit().await?;
    wait_until_attached(&browser).await?;
    Ok(browser)
}

async fn wait_until_attached(browser: &Browser) -> Result<()> {
    browser
        .wait_until("performance.getEntriesByType('resource').some((e) => e.name.includes('rhumb_details'))")
        .await?;
    browser.pause(500).await
}

/// Sends what is known, and waits for a beacon that is wanted.
async fn flushed(
    browser: &Browser,
    inbox: &Inbox,
    is_wanted: impl Fn(&Letter) -> bool,
) -> Result<Letter> {
    browser.value::<()>("rhumb.flush()").await?;
    inbox.wait_for("the beacon", is_wanted).await
}

fn has_details(letter: &Letter) -> bool {
    let beacon = &letter.beacon;
    beacon.long_frames != LongFrames::default()
        || beacon.measures != Measures::default()
        || beacon.resources != Resources::default()
}

fn measure<'a>(letter: &'a Letter, name: &str) -> Option<&'a Measure> {
    letter.beacon.measures.names.iter().find(|measure| measure.name == name)
}

fn has_measure(name: &str) -> impl Fn(&Letter) -> bool {
    move |letter| measure(letter, name).is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_interaction_is_explained_by_the_script_that_ran_longest() -> Result<()> {
    let inbox = Inbox::open().await?;
    let content = "<script>
      document.querySelector('button').addEventListener('click', function slowFilter() { busy(160); });
      document.querySelector('button').addEventListener('click', function count() { busy(90); });
    </script>";
    let page = Page::serve(&document(inbox.origin(), content)).await?;
    let browser = visit(&page).await?;
    browser.click("button").await?;
    browser.pause(500).await?;
    let is_explained = |letter: &Letter| letter.beacon.long_frames.slow_interactions > 0;
    let frames = flushed(&browser, &inbox, is_explained).await?.beacon.long_frames;

    let script =
        frames.scripts.iter().find(|it| it.function == "slowFilter").context("it is missing")?;
    ensure!(script.slow_interactions == 1 && frames.slow_interactions == 1, "{frames:?}");
    ensure!(script.invoker == "BUTTON.onclick", "{script:?}");
    ensure!(script.invoker_type == beacon::InvokerType::EventListener, "{script:?}");
    ensure!(script.source == page.url("/"), "{script:?}");
    ensure!(script.count == 1 && (160_000..600_000).contains(&script.total_us), "{script:?}");
    ensure!((80_000..frames.blocking_us).contains(&script.blocking_us), "{script:?} of {frames:?}");
    let other = frames.scripts.iter().find(|it| it.function == "count").context("it is missing")?;
    ensure!(other.slow_interactions == 0, "{other:?}");
    ensure!(frames.frames.max_us >= 250_000 && !frames.frames.bins.is_empty(), "{frames:?}");
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_calls_a_script_tells_no_more_of_an_address_than_the_page_allows() -> Result<()> {
    let inbox = Inbox::open().await?;
    let content = r#"<script src="/busy.js?token=secret" defer></script>
      <img src="/photo.jpg?token=secret" onload="busy(120)">"#;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("details-busy");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("busy.js"), "busy(120)")?;
    let document = document(inbox.origin(), content).replace("/busy.js", "/bundle/busy.js");
    let page = Page::with_bundle(&document, &folder.to_string_lossy()).await?;
    let browser = visit(&page).await?;
    let frames = flushed(&browser, &inbox, |it| it.beacon.long_frames.scripts.len() > 1).await?;

    let frames = frames.beacon.long_frames;
    let invokers: Vec<_> = frames.scripts.iter().map(|it| it.invoker.clone()).collect();
    for expected in
        [page.url("/bundle/busy.js"), format!("IMG[src={}].onload", page.url("/photo.jpg"))]
    {
        ensure!(invokers.contains(&expected), "{expected} is not in {invokers:?}");
    }
    ensure!(!format!("{frames:?}").contains("secret"), "{frames:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn long_tasks_stand_in_where_the_browser_knows_no_long_frames() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "")).await?;
    let older = "const types = PerformanceObserver.supportedEntryTypes.filter((it) => it !== 'long-animation-frame'); \
        Object.defineProperty(PerformanceObserver, 'supportedEntryTypes', { value: types });";
    let browser = page.visit_after(older).await?;
    wait_until_attached(&browser).await?;
    browser.value::<()>("new Promise((done) => setTimeout(() => done(busy(150))))").await?;
    browser.pause(300).await?;
    let letter =
        flushed(&browser, &inbox, |it| it.beacon.long_frames.frames.max_us >= 150_000).await?;
    let frames = letter.beacon.long_frames;
    ensure!(frames.scripts.is_empty(), "{frames:?}");
    ensure!(frames.blocking_us >= 100_000, "{frames:?}");
    ensure!(frames.blocking_us < frames.frames.total_us, "{frames:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_times_itself_is_told_by_name() -> Result<()> {
    let inbox = Inbox::open().await?;
    // Before anything of the collector has loaded.
    let content = r"<p elementtiming='headline'>Text</p><script>
      performance.mark('early');
      performance.measure('parse', { start: 10, duration: 25 });
      performance.measure('⚛ List', { start: 10, duration: 25 });
      performance.measure('\u200bList', { start: 10, duration: 25 });
      performance.mark('x'.repeat(129));
      performance.mark('a\nb');
    </script>";
    let page = Page::serve(&document(inbox.origin(), content)).await?;
    let browser = visit(&page).await?;
    browser
        .value::<()>(
            "[rhumb.mark('search-opened'), rhumb.measure('checkout', 412), rhumb.measure('checkout', 1e6), \
              rhumb.measure('parse', 30)].at(-1)",
        )
        .await?;
    browser.pause(200).await?;
    let letter = flushed(&browser, &inbox, has_measure("checkout")).await?;

    let names = &letter.beacon.measures.names;
    let mut known: Vec<_> =
        names.iter().map(|it| (it.kind, &*it.name, it.durations.count)).collect();
    known.sort_unstable();
    let expected = [
        (MeasureKind::Mark, "early", 1),
        (MeasureKind::Mark, "search-opened", 1),
        (MeasureKind::Measure, "checkout", 2),
        (MeasureKind::Measure, "parse", 2),
        (MeasureKind::Element, "headline", 1),
    ];
    ensure!(known == expected, "{known:?}");
    let checkout = measure(&letter, "checkout").context("no checkout")?;
    ensure!(checkout.durations.total_us == 1_000_412_000, "{checkout:?}");
    for ms in [412.0, 1e6] {
        let bin = (beacon::duration_bin(ms).unwrap_or_default(), 1);
        ensure!(checkout.durations.bins.contains(&bin), "{checkout:?}");
    }
    let [early, opened] = ["early", "search-opened"].map(|name| measure(&letter, name));
    let total_us = |it: Option<&Measure>| it.map_or(0, |it| it.durations.total_us);
    ensure!(total_us(early) > 0 && total_us(early) < total_us(opened), "{early:?} {opened:?}");
    let seen = browser.value::<usize>("performance.getEntriesByName('checkout').length").await?;
    ensure!(seen == 2, "the browser's own tools do not see it");
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_calls_are_ignored_with_one_warning() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "")).await?;
    let browser = visit(&page).await?;
    for wrong in
        ["mark(Symbol())", "measure('x', NaN)", "measure('x', 'y')", "measure(Symbol(), 1)"]
    {
        browser.value::<()>(&format!("rhumb.{wrong}")).await?;
    }
    browser.value::<()>("rhumb.mark('right')").await?;
    let letter = flushed(&browser, &inbox, has_measure("right")).await?;
    ensure!(letter.beacon.measures.names.len() == 1, "{:?}", letter.beacon.measures);
    let complaints = browser.complaints().await?;
    ensure!(complaints.iter().all(|it| it.starts_with("rhumb:")), "{complaints:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_loads_is_told_by_kind_and_by_file() -> Result<()> {
    let inbox = Inbox::open().await?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("details-heavy");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("index-BkZ3a9xQ.js"), format!("/*{}*/", "x".repeat(900_000)))?;
    fs::write(folder.join("trips"), "[]")?;
    let content = r#"<script src="/bundle/index-BkZ3a9xQ.js?token=secret"></script>
      <img src="/photo.jpg"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">"#;
    let page =
        Page::with_bundle(&document(inbox.origin(), content), &folder.to_string_lossy()).await?;
    let browser = visit(&page).await?;
    browser.value::<u32>("fetch('/bundle/trips').then(({ status }) => status)").await?;
    browser.pause(200).await?;
    // The second one knows of the first.
    flushed(&browser, &inbox, has_details).await?;
    browser.value::<()>("rhumb.mark('later')").await?;
    let resources = flushed(&browser, &inbox, has_measure("later")).await?.beacon.resources;

    let [heaviest, second, third] = &resources.files[..] else { anyhow::bail!("{resources:?}") };
    ensure!(heaviest.url == page.url("/bundle/index-*.js"), "{heaviest:?}");
    ensure!(heaviest.kind == ResourceKind::Script, "{heaviest:?}");
    ensure!((900_000..901_000).contains(&heaviest.weight.decoded_bytes), "{heaviest:?}");
    ensure!(heaviest.weight.transfer_bytes > heaviest.weight.encoded_bytes, "{heaviest:?}");
    ensure!(heaviest.weight.blocking_count == 1, "{heaviest:?}");
    ensure!(heaviest.protocol == "http/1.1" && heaviest.durations.count == 1, "{heaviest:?}");
    ensure!((&second.url, second.kind) == (&page.url("/photo.jpg"), ResourceKind::Image));
    ensure!(third.url == page.url("/collector/index.js"), "{third:?}");
    let kinds: Vec<_> = resources.kinds.iter().map(|it| (it.kind, it.weight.count)).collect();
    for expected in
        [(ResourceKind::Script, 2), (ResourceKind::Image, 1), (ResourceKind::Request, 1)]
    {
        ensure!(kinds.contains(&expected), "{expected:?} is not in {kinds:?}");
    }
    ensure!(kinds.len() == 3 && resources.dropped == 0, "{resources:?}");
    ensure!(!format!("{resources:?}").contains("secret"), "{resources:?}");
    browser.close().await
}

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
    wait_until_attached(&browser).await?;
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
    wait_until_attached(&browser).await?;
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
        let loaded = "performance.getEntriesByType('resource').some((e) => e.name.includes('rhumb_details'))";
        ensure!(!browser.value::<bool>(loaded).await?, "they were loaded");
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
    let loaded =
        "performance.getEntriesByType('resource').some((e) => e.name.includes('rhumb_details'))";
    ensure!(!browser.value::<bool>(loaded).await?, "they were loaded");
    browser.value::<()>("rhumb.setConsent(true)").await?;
    wait_until_attached(&browser).await?;
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

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_resources_and_ten_thousand_renders_make_no_long_task_and_no_beacon_over_48_kb()
-> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::measured(inbox.origin(), "").await?;
    // How long each of the collector's tasks takes, and how long its beacons are.
    let spy = "window.sent = []; window.tasks = []; \
        const { fetch: send } = window; \
        window.fetch = (url, options) => { if (options?.body) sent.push(options.body.length); \
          return send(url, options); }; \
        const timed = (action) => (...given) => { \
          const begin = performance.now(); action(...given); tasks.push(performance.now() - begin); }; \
        const { requestIdleCallback: idle, PerformanceObserver: Observer } = window; \
        window.requestIdleCallback = (action) => idle(timed(action)); \
        window.PerformanceObserver = class extends Observer { \
          constructor(action) { super(timed(action)); } };";
    let browser = page.visit_after(spy).await?;
    wait_until_attached(&browser).await?;
    let load = "async (from, to) => { \
        for (let batch = from; batch < to; batch++) { \
          await Promise.all(Array.from({ length: 50 }, (_, n) => new Promise((done) => { \
            const image = new Image(); image.onerror = done; image.onload = done; \
            image.src = `/nowhere/${'long-'.repeat(50)}${batch}/photo-${n}.jpg?${batch}`; }))); \
          for (let n = 0; n < 250; n++) \
            rhumb.render(`Component${n % 100}`.padEnd(128, '-'), 'update', 0.1 * 1.09 ** batch, 10); \
          for (let n = 0; n < 5; n++) \
            rhumb.measure(`measure-${batch}-${n}`.padEnd(128, '-'), 1.3 ** batch); \
        } }";
    let flush = "(() => { const begin = performance.now(); rhumb.flush(); return performance.now() - begin; })()";
    browser.value::<()>("performance.setResourceTimingBufferSize(10000)").await?;
    // The first half is taken while the page is idle, when it is sure whose it is.
    browser.value::<Option<()>>(&format!("({load})(0, 20)")).await?;
    browser.pause(7000).await?;
    let idle_ms = browser.value::<f64>("tasks.reduce((sum, ms) => sum + ms, 0)").await?;
    // The other half when beacons leave.
    let mut flushes: Vec<f64> = Vec::new();
    for from in [20, 24, 28, 32, 36] {
        browser.value::<Option<()>>(&format!("({load})({from}, {from} + 4)")).await?;
        flushes.push(browser.value(flush).await?);
    }
    // They take as much as they have the time for.
    for _ in 0..10 {
        browser.pause(100).await?;
        browser.value::<f64>(flush).await?;
    }

    let images = |letter: &Letter| {
        let kinds = &letter.beacon.resources.kinds;
        kinds.iter().find(|it| it.kind == ResourceKind::Image).map_or(0, |it| it.weight.count)
    };
    let letter = inbox.wait_for("all images", |letter| images(letter) >= 2000).await?;
    let files = letter.beacon.resources.files.len();
    let counted = letter.beacon.resources.files.iter().map(|it| it.weight.count).sum::<u32>();
    let bytes: Vec<usize> = browser.value("sent").await?;
    let largest = bytes.into_iter().max().context("nothing was sent")?;
    let mut tasks: Vec<f64> = browser.value("tasks").await?;
    tasks.sort_by(f64::total_cmp);
    flushes.sort_by(f64::total_cmp);
    let longest = &tasks[tasks.len().saturating_sub(5)..];
    println!(
        "{largest} bytes with {files} files; a beacon {flushes:.1?} ms; {idle_ms:.0} ms while idle, at most {longest:.1?} ms in a task"
    );
    ensure!(largest <= BEACON_BYTES_MAX, "{largest} bytes");
    ensure!(
        counted + letter.beacon.resources.dropped >= 2000,
        "{:?}",
        letter.beacon.resources.dropped
    );
    // What a busy machine adds to some of them is not theirs.
    ensure!(flushes[2].max(longest[2]) < LONG_TASK_MS, "{flushes:?}, {longest:?}");
    browser.close().await
}

/// What every engine has: the page's own times, and what it loads.
async fn ensure_details_in(engine: Engine) -> Result<()> {
    let inbox = Inbox::open().await?;
    let content = r#"<script src="/complaints.js"></script><script>performance.mark('early');</script>
      <img src="/photo.jpg">"#;
    let page = Page::serve(&document(inbox.origin(), content)).await?;
    let browser = Browser::open_in(engine).await?;
    browser.goto(&page.url("/")).await?;
    browser.settle().await?;
    wait_until_attached(&browser).await?;
    browser.value::<()>("rhumb.measure('checkout', 412)").await?;
    browser.pause(300).await?;
    let letter = flushed(&browser, &inbox, has_measure("checkout")).await?;
    ensure!(measure(&letter, "early").is_some(), "{:?}", letter.beacon.measures);
    let files = &letter.beacon.resources.files;
    let photo = files.iter().find(|it| it.url == page.url("/photo.jpg")).context("no photo")?;
    ensure!(photo.kind == ResourceKind::Image, "{photo:?}");
    ensure!(photo.weight.decoded_bytes > 300_000, "{photo:?}");
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_firefox_details_are_what_it_reports() -> Result<()> {
    ensure_details_in(Engine::Firefox).await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_webkit_details_are_what_it_reports() -> Result<()> {
    ensure_details_in(Engine::WebKit).await
}
