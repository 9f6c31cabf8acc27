//! Half an hour in a single-page app: the memory of the collector does not grow.

use anyhow::{Result, ensure};
use tests::{Inbox, Page};

const MEMORY_BYTES_MAX: u64 = 1024 * 1024;
const ROUTE_CHANGES: usize = 500;

/// The memory of the collector and of its details, and observers that report what the test makes up: nobody
/// clicks 5 000 times in a test.
const TAKE_OVER: &str = r"
  const memories = [];
  window.memory = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  for (const name of ['instantiateStreaming', 'instantiate']) {
    const instantiate = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const result = await instantiate.apply(WebAssembly, given);
      memories.push(result.instance.exports.memory);
      return result;
    };
  }
  const observers = [];
  window.isObserved = () => observers.length === 2 && memories.length === 2;
  window.report = (entries) => {
    for (const { callback, types } of observers) {
      const wanted = entries.filter(({ entryType }) => types.has(entryType));
      if (wanted.length) callback({ getEntries: () => wanted });
    }
  };
  const { supportedEntryTypes } = PerformanceObserver;
  window.PerformanceObserver = class {
    static supportedEntryTypes = supportedEntryTypes;
    types = new Set();
    constructor(callback) {
      this.callback = callback;
      observers.push(this);
    }
    observe({ type }) { this.types.add(type); }
    takeRecords() { return []; }
    disconnect() {}
  };
";

/// Ten interactions of three events each, with a long animation frame of five scripts, and a route
/// change.
const LIVE: &str = r"
  window.now = 10000;
  window.live = async (from, to) => {
    for (let route = from; route < to; route++) {
      const entries = [];
      for (let n = 0; n < 10; n++) {
        now += 360;
        const interactionId = 7 * (route * 10 + n + 1);
        const duration = 8 * (5 + (now % 40));
        for (const name of ['pointerdown', 'pointerup', 'click']) {
          entries.push({ entryType: 'event', name, startTime: now, duration, interactionId,
            processingStart: now + 2, processingEnd: now + duration - 8, target: document.body });
        }
        const scripts = Array.from({ length: 5 }, (_, index) => ({ entryType: 'script',
          startTime: now + index * 7, duration: 6, forcedStyleAndLayoutDuration: 1,
          sourceURL: `https://shop.example/assets/chunk-${route}-${n}-${index}.js`,
          sourceFunctionName: `handler${n}`, invoker: 'BODY.onclick', invokerType: 'event-listener' }));
        entries.push({ entryType: 'long-animation-frame', startTime: now, duration: duration + 4,
          styleAndLayoutStart: now + duration - 4, scripts });
        entries.push({ entryType: 'layout-shift', startTime: now + 1, duration: 0, value: 0.01,
          hadRecentInput: false, sources: [{ node: document.body }] });
      }
      now += 100;
      entries.push({ entryType: 'soft-navigation', name: `${location.origin}/route/${route}`,
        startTime: now, duration: 0, interactionId: 7 * (route * 10 + 10), presentationTime: now + 50,
        getLargestInteractionContentfulPaint: () => null });
      report(entries);
      // Their delivery waits for a task of its own.
      if (route % 10 === 0) await new Promise((done) => setTimeout(done, 20));
    }
    return memory();
  };
";

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_interactions_and_five_hundred_routes_take_no_more_memory() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&format!(
        r#"<h1>Hello</h1><script type="module">
          import {{ start }} from '/collector/index.js';
          window.rhumb = start({{ endpoint: '{}', site: 'default', route: (url) => url.pathname }});
        </script>"#,
        inbox.origin()
    ))
    .await?;
    let browser = page.open_after(&format!("{TAKE_OVER}{LIVE}")).await?;
    browser.wait_until("isObserved()").await?;

    let at_first: u64 = browser.value(&format!("live(0, {})", ROUTE_CHANGES / 10)).await?;
    let at_last: u64 =
        browser.value(&format!("live({}, {ROUTE_CHANGES})", ROUTE_CHANGES / 10)).await?;

    println!("memory: {at_first} bytes after a tenth, {at_last} at the end");
    ensure!(at_last == at_first, "it grew from {at_first} to {at_last} bytes");
    ensure!(at_last < MEMORY_BYTES_MAX, "{at_last} bytes");
    let last = format!("/route/{}", ROUTE_CHANGES - 2);
    inbox.wait_for(&last, |letter| letter.beacon.route.as_deref() == Some(last.as_str())).await?;
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.close().await
}
