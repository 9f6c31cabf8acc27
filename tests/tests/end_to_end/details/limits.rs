//! A page that does a lot.

use anyhow::{Context, Result, ensure};
use beacon::ResourceKind;
use tests::{Inbox, Letter, Page};

const BEACON_BYTES_MAX: usize = 48 * 1024;
/// What makes a task a long one.
const LONG_TASK_MS: f64 = 50.0;

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
    browser.wait_for_details().await?;
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
