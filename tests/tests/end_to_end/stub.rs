//! The inline stub keeps what a collector that comes late would have missed.

use anyhow::{Result, ensure};
use serde_json::Value;
use tests::{Browser, Inbox, Page};

/// More than the stub keeps; some are none of a script, or cannot be a text.
const ERRORS: &str = r#"
  <script src="/collector/stub.js"></script>
  <img src="/missing.jpg">
  <script>throw new TypeError('first')</script>
  <script>
    Promise.reject(new Error('second'));
    Promise.reject('third');
    Promise.reject(document.documentElement);
    Promise.reject(Object.create(null));
    const throwLater = (count) => Array.from({ length: count }, (_, n) => setTimeout(() => { throw 'x'.repeat(9000) + n; }));
    setTimeout(() => throwLater(12), 100);
  </script>"#;

async fn open(inbox: &Inbox) -> Result<(Page, Browser)> {
    let start = format!(
        "<h1>Hello</h1><script type=\"module\">
          import {{ start }} from '/collector/index.js';
          window.begin = () => start({{ endpoint: '{}', site: 'default' }});
        </script>",
        inbox.origin()
    );
    let page = Page::serve(&format!("{ERRORS}{start}")).await?;
    let browser = page.open().await?;
    browser.wait_until("rhumb.errors.length === 10 && window.begin !== undefined").await?;
    browser.pause(200).await?;
    Ok((page, browser))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_errors_are_kept_as_texts() -> Result<()> {
    let inbox = Inbox::open().await?;
    let (_page, browser) = open(&inbox).await?;
    let errors: Vec<Value> = browser.value("rhumb.errors").await?;

    ensure!(errors.len() == 10, "{} errors", errors.len());
    let messages: Vec<_> = errors.iter().filter_map(|error| error["message"].as_str()).collect();
    ensure!(
        messages[..4]
            == ["Uncaught TypeError: first", "second", "third", "[object HTMLHtmlElement]"],
        "{messages:?}"
    );
    ensure!(messages.iter().all(|message| message.len() <= 4096), "a message is too long");
    let first = &errors[0];
    let stack = first["stack"].as_str().unwrap_or_default();
    ensure!(stack.starts_with("TypeError: first"), "{first}");
    let has_place = ["at", "lineno", "colno"].iter().all(|name| first[*name].as_f64() > Some(0.0));
    ensure!(has_place && first["filename"].as_str().is_some_and(|name| name.starts_with("http")));
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_measures_has_relieved_the_stub() -> Result<()> {
    let inbox = Inbox::open().await?;
    let (_page, browser) = open(&inbox).await?;
    browser.value::<()>("void (window.handle = begin())").await?;
    browser.wait_until("performance.getEntriesByName('first-contentful-paint').length > 0").await?;
    browser.pause(500).await?;
    browser.value::<()>("void (rhumb.errors.length = 0, throwLater(3))").await?;
    browser.pause(200).await?;
    ensure!(browser.value::<u32>("rhumb.errors.length").await? == 0, "it listens to errors");

    browser.value::<()>("handle.stop()").await?;
    let hide = "(() => { \
        Object.defineProperty(document, 'hidden', { value: true, configurable: true }); \
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true })); \
        return rhumb.hiddenAt === Infinity; \
      })()";
    ensure!(browser.value::<bool>(hide).await?, "somebody listens");
    browser.close().await
}
