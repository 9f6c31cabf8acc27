//! The collector is a guest: whatever the page is, or does to its browser, it goes on as without it.

use anyhow::{Context, Result, ensure};
use beacon::MetricName;
use tests::{Browser, Inbox, Letter, Page};

const STARTED: &str = "window.rhumb !== undefined";

fn document(origin: &str) -> String {
    format!(
        r#"<h1>Hello</h1><button>Press</button>
        <script type="module">
          import {{ start }} from '/collector/index.js';
          window.begin = (more) => start({{ endpoint: '{origin}', site: 'default', ...more }});
          window.rhumb = begin();
        </script>"#
    )
}

/// The page in a browser that has painted it, with a collector that was started.
async fn open(inbox: &Inbox) -> Result<(Page, Browser)> {
    let page = Page::serve(&document(inbox.origin())).await?;
    let browser = page.open().await?;
    browser.wait_until(STARTED).await?;
    Ok((page, browser))
}

/// Visits the page after a script of its own has run, and leaves it; the complaints on its console.
async fn visit(page: &Page, first: &str) -> Result<Vec<String>> {
    let browser = page.open_after(first).await?;
    browser.wait_until(STARTED).await?;
    browser.pause(500).await?;
    browser.click("button").await?;
    let mut complaints = browser.complaints().await?;
    complaints.extend(browser.violations().await?);
    browser.goto(&page.url("/elsewhere")).await?;
    browser.pause(300).await?;
    browser.close().await?;
    Ok(complaints)
}

/// No script stands in the page, none is allowed to, and what is not allowed is told.
#[tokio::test(flavor = "multi_thread")]
async fn it_works_under_a_strict_policy_with_trusted_types() -> Result<()> {
    let inline = "<script>window.inlineRan = true</script>";
    for (more, expected) in [("", &[][..]), (inline, &["script-src-elem: inline"])] {
        let inbox = Inbox::open().await?;
        let origin = inbox.origin();
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' {origin}; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        );
        let document = format!(
            r#"<h1>Hello</h1><button>Press</button>{more}
            <script type="module" src="/collector/rhumb.js" data-endpoint="{origin}"></script>"#
        );
        let page = Page::with_policy(&document, &policy).await?;
        let complaints = visit(&page, "").await?;
        ensure!(complaints == expected, "{complaints:?}");
        inbox.wait_for("the beacon", |_| true).await?;
    }
    Ok(())
}

/// What pages, extensions and old browsers do. Each must be survived; where nothing is left to
/// measure with, one warning is allowed.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_was_tampered_with_is_no_trouble_to_the_page() -> Result<()> {
    for (first, still_measures) in [
        ("Object.freeze(performance); Object.freeze(Performance.prototype);", true),
        ("Object.defineProperty(window, 'navigator', { value: {} });", true),
        (
            "Object.defineProperty(window, 'sessionStorage', { get() { throw Error('no'); } });",
            true,
        ),
        ("Object.defineProperty(window, 'localStorage', { get() { throw Error('no'); } });", true),
        ("window.fetchLater = () => { throw Error('no'); };", true),
        ("window.matchMedia = undefined;", false),
        ("window.PerformanceObserver = undefined;", false),
        ("PerformanceObserver.prototype.observe = () => { throw Error('no'); };", true),
        ("Performance.prototype.getEntriesByType = () => { throw Error('no'); };", false),
        ("window.crypto.getRandomValues = () => { throw Error('no'); };", false),
        ("delete window.WebAssembly;", false),
        ("Array.prototype.at = undefined;", false),
    ] {
        let inbox = Inbox::open().await?;
        let page = Page::serve(&document(inbox.origin())).await?;
        let complaints = visit(&page, first).await.context(first)?;
        ensure!(complaints.len() <= usize::from(!still_measures), "{first}: {complaints:?}");
        ensure!(
            complaints.iter().all(|said| said.starts_with("rhumb:")),
            "{first}: {complaints:?}"
        );
        if still_measures {
            ensure!(!inbox.letters().is_empty(), "{first}: no beacon");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_function_that_throws_costs_what_it_should_have_said() -> Result<()> {
    let inbox = Inbox::open().await?;
    let (page, browser) = open(&inbox).await?;
    let broken = "['route', 'scrubUrl', 'generateTarget'].map((name) => [name, () => { throw Error(name); }])";
    browser
        .value::<()>(&format!("[rhumb.stop(), begin(Object.fromEntries({broken}))].at(0)"))
        .await?;
    browser.pause(500).await?;
    browser.goto(&page.url("/elsewhere")).await?;
    let beacon = inbox.wait_for("the beacon", |_| true).await?.beacon;
    ensure!(beacon.url.is_none() && beacon.route.is_none(), "{beacon:?}");
    ensure!(beacon.metrics.iter().any(|metric| metric.name.as_str() == "FCP"), "{beacon:?}");
    browser.close().await
}

/// Listeners, observers, timers and frames of the page, counted where they are made.
const COUNT_HANDLES: &str = r"
  window.handles = 0;
  for (const target of [EventTarget.prototype]) {
    const { addEventListener, removeEventListener } = target;
    target.addEventListener = function (...given) { handles++; return addEventListener.apply(this, given); };
    target.removeEventListener = function (...given) { handles--; return removeEventListener.apply(this, given); };
  }
  const { observe, disconnect } = PerformanceObserver.prototype;
  const observing = new Set();
  PerformanceObserver.prototype.observe = function (...given) { observing.add(this); return observe.apply(this, given); };
  PerformanceObserver.prototype.disconnect = function () { observing.delete(this); return disconnect.apply(this); };
  window.observers = () => observing.size;
  window.globals = () => Object.keys(window).length;
";

#[tokio::test(flavor = "multi_thread")]
async fn stopping_takes_everything_back_and_starting_again_does_not_add_up() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin())).await?;
    let browser = page.open_after(COUNT_HANDLES).await?;
    browser.wait_until(STARTED).await?;
    // The collector's and that of its details.
    browser.wait_until("observers() === 2").await?;
    let globals: u32 = browser.value("globals()").await?;
    browser.value::<()>("rhumb.stop()").await?;
    let without: i32 = browser.value("handles").await?;
    for _ in 0..5 {
        browser.value::<()>("void (window.rhumb = begin())").await?;
        browser.wait_until("observers() === 2").await?;
        browser.value::<()>("rhumb.stop()").await?;
    }
    ensure!(browser.value::<u32>("observers()").await? == 0, "an observer is left");
    let left: i32 = browser.value("handles").await?;
    ensure!(left == without, "{} listeners are left", left - without);
    ensure!(browser.value::<u32>("globals()").await? == globals, "a global is left");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_on_a_page_do_not_disturb_each_other() -> Result<()> {
    let inbox = Inbox::open().await?;
    let (page, browser) = open(&inbox).await?;
    let second = format!(
        "import('/collector/index.js?second').then((m) => {{ m.start({{ endpoint: '{}', site: 'second' }}); }})",
        inbox.origin()
    );
    browser.value::<()>(&second).await?;
    browser.pause(500).await?;
    browser.click("button").await?;
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.goto(&page.url("/elsewhere")).await?;
    for site in ["default", "second"] {
        inbox.wait_for(site, |letter| letter.beacon.site == site).await?;
    }
    browser.close().await
}

/// A page of 10 000 elements, one of which is clicked, that go away.
#[tokio::test(flavor = "multi_thread")]
async fn no_element_of_the_page_is_held() -> Result<()> {
    let inbox = Inbox::open().await?;
    let (_page, browser) = open(&inbox).await?;
    let fill = r"(() => {
      window.held = [];
      // Whoever observes later is told later.
      new PerformanceObserver((list) => {
        window.wasReported ||= list.getEntries().some(({ name }) => name === 'click');
      }).observe({ type: 'event', durationThreshold: 40 });
      const main = document.createElement('main');
      for (let n = 0; n < 10000; n++) {
        const element = document.createElement('p');
        element.id = `p${n}`;
        element.textContent = `Paragraph ${n}`;
        element.onclick = () => { const end = performance.now() + 60; while (performance.now() < end); };
        held.push(new WeakRef(element));
        main.append(element);
      }
      document.querySelector('h1').before(main);
    })()";
    browser.value::<Option<()>>(fill).await?;
    // Until it is painted nothing is where it will be.
    browser.pause(1000).await?;
    // The driver holds what it is asked to click, and with it all the elements around.
    browser.click_at("#p3").await?;
    browser.wait_until("window.wasReported === true").await?;
    browser.value::<()>("rhumb.flush()").await?;
    let has_inp = |letter: &Letter| letter.beacon.metrics.iter().any(|m| m.name == MetricName::Inp);
    inbox.wait_for("the click", has_inp).await?;
    browser.value::<Option<()>>("document.querySelector('main').remove()").await?;
    browser.click("button").await?;
    browser.pause(500).await?;
    browser.collect_garbage().await?;
    let left: u32 = browser.value("held.filter((element) => element.deref()).length").await?;
    ensure!(left <= 20, "{left} elements are left");
    browser.close().await
}
