//! What is told: long frames, what the page times itself, what it loads.

use super::{document, flushed, has_details, has_measure, measure, visit};
use anyhow::{Context, Result, ensure};
use beacon::{Measure, MeasureKind, ResourceKind};
use std::{fs, path::Path};
use tests::{Inbox, Letter, Page};

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
    browser.wait_for_details().await?;
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

/// What a server says of itself belongs to the request, the trace to the slowest one that has one.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_has_timed_and_its_trace_are_told_of_a_request() -> Result<()> {
    let inbox = Inbox::open().await?;
    let timings = r#"db;dur=53.2, cache;desc="hit", traceparent;desc="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01""#;
    let page = Page::timed(&document(inbox.origin(), ""), timings).await?;
    let browser = visit(&page).await?;
    browser.value::<u32>("fetch('/next?token=secret').then(({ status }) => status)").await?;
    browser.pause(200).await?;
    let has_request = |letter: &Letter| !letter.beacon.requests.urls.is_empty();
    let requests = flushed(&browser, &inbox, has_request).await?.beacon.requests;
    let [request] = &requests.urls[..] else { anyhow::bail!("{requests:?}") };
    ensure!(request.url == page.url("/next") && request.durations.count == 1, "{request:?}");
    ensure!(request.trace_id == "0af7651916cd43dd8448eb211c80319c", "{request:?}");
    let [db] = &request.server[..] else { anyhow::bail!("{request:?}") };
    ensure!((&*db.name, db.durations.total_us) == ("db", 53_200), "{db:?}");
    ensure!(request.waits.total_us > 10_000, "the page's server takes 20 ms: {request:?}");
    browser.close().await
}
