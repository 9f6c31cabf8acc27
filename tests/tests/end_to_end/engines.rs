//! In every engine a page view has what web-vitals reports there, and nothing else.

use anyhow::{Context, Result, ensure};
use tests::{Browser, Engine, METRICS, Oracle, Page, Server};

const COLLECTOR_IS_LOADED: &str =
    "performance.getEntriesByType('resource').some((entry) => entry.name.endsWith('.wasm'))";
const IMAGE_IS_LOADED: &str = "document.querySelector('img').naturalWidth > 0";
const LAYOUT_HAS_SHIFTED: &str = "document.querySelector('.banner') !== null";

/// As Safari did before 26.2: within `observe`, not in a task of its own.
const DELIVER_PAINTS_WHILE_THEY_ARE_ASKED_FOR: &str = r"
  window.PerformanceObserver = class extends PerformanceObserver {
    #callback;
    constructor(callback) {
      super(callback);
      this.#callback = callback;
    }
    observe(init) {
      super.observe(init);
      const entries = init.type === 'paint' ? this.takeRecords() : [];
      if (entries.length > 0) this.#callback({ getEntries: () => entries }, this);
    }
  };
";

/// It paints text, and later an image. Pressing the button is slow, and shifts the layout later.
fn document(server: &Server) -> String {
    let endpoint = server.url("/");
    format!(
        r#"<style>h1 {{ font: 30px sans-serif }} .banner {{ height: 120px }}</style>
        <script src="/complaints.js"></script>
        <script src="/oracle.js"></script>
        <h1>Hello</h1><p>Some text, and some more of it.</p>
        <button>Press</button><br><img width="600" height="300" alt="">
        <script>
          setTimeout(() => {{ document.querySelector('img').src = '/photo.jpg'; }}, 300);
          const addBanner = () => document.body.insertAdjacentHTML('afterbegin', '<p class="banner">News</p>');
          document.querySelector('button').onclick = () => {{
            const end = performance.now() + 120;
            while (performance.now() < end);
            setTimeout(addBanner, 600);
          }};
        </script>
        <script type="module">
          import {{ start }} from '/collector/index.js';
          start({{ endpoint: '{endpoint}', site: 'default' }});
        </script>"#
    )
}

/// Visits the page, and holds every metric against web-vitals' in the same page. The expected ones
/// are what the engine reports at least.
async fn assert_equal_to_web_vitals(engine: Engine, expected: &[&str]) -> Result<()> {
    let server = Server::start().await?;
    let page = Page::serve(&document(&server)).await?;
    let browser = Browser::open_in(engine).await?;
    let oracle = Oracle::in_the_page(&browser);
    browser.goto(&page.url("/")).await?;
    browser.wait_until(COLLECTOR_IS_LOADED).await?;
    browser.wait_until(IMAGE_IS_LOADED).await?;
    if expected.contains(&"LCP") {
        oracle.sees("LCP", "> oracleSoFar.FCP").await?;
    }
    browser.click("button").await?;
    browser.wait_until(LAYOUT_HAS_SHIFTED).await?;
    for name in expected {
        oracle.sees(name, "> 0").await?;
    }
    let complaints = browser.complaints().await?;
    ensure!(complaints.is_empty(), "{engine:?}: {complaints:?}");
    browser.goto(&page.url("/elsewhere")).await?;

    server.one_page_view().await?;
    let summary = server.summary("").await?;
    let equal = oracle.assert_equal(&summary, ("navigate", "/"), expected).await;
    equal.with_context(|| format!("{engine:?}"))?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_chromium_all_five_vitals_are_those_of_web_vitals() -> Result<()> {
    assert_equal_to_web_vitals(Engine::Chromium, &METRICS).await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_firefox_all_vitals_but_cls_are_those_of_web_vitals() -> Result<()> {
    assert_equal_to_web_vitals(Engine::Firefox, &["LCP", "INP", "FCP", "TTFB"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_webkit_fcp_and_ttfb_are_those_of_web_vitals() -> Result<()> {
    assert_equal_to_web_vitals(Engine::WebKit, &["FCP", "TTFB"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paint_that_safari_delivers_while_it_is_asked_for_is_not_lost() -> Result<()> {
    let server = Server::start().await?;
    let document = format!(
        r#"<h1>Hello</h1><script type="module">
          import {{ start }} from '/collector/index.js';
          window.begin = () => start({{ endpoint: '{}', site: 'default' }});
        </script>"#,
        server.url("/")
    );
    let page = Page::serve(&document).await?;
    let browser = page.open_after(DELIVER_PAINTS_WHILE_THEY_ARE_ASKED_FOR).await?;
    browser.value::<()>("begin().flush()").await?;
    server.metric("fcp").await?;
    browser.close().await
}
