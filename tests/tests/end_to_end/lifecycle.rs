//! Everything that can happen to a page: each page view of it has the values of web-vitals.

use anyhow::{Context, Result, ensure};
use tests::{ARRIVAL, Browser, METRICS, Oracle, Page, Server, until};

/// A single-page app of two routes. Pressing the button is slow, and shifts the layout later.
const APP: &str = r#"
  <style>main { font: 20px sans-serif } .banner { height: 120px }</style>
  <script src="/oracle.js"></script>
  <main><h1>Hello</h1><p>Some text, and some more of it.</p></main>
  <button id="press">Press</button> <button id="go">Go</button> <a href="/next">Next</a>
  <script>
    const busy = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
    press.onclick = () => {
      busy(120);
      setTimeout(() => document.body.insertAdjacentHTML('afterbegin', '<p class="banner">News</p>'), 600);
    };
    let visits = 0;
    go.onclick = () => {
      history.pushState({}, '', `/route/${++visits}`);
      busy(60);
      setTimeout(() => {
        document.querySelector('main').innerHTML =
          `<h1>Route ${visits}</h1><p>Other text ${visits}, which is as long as one may wish, ${'and longer '.repeat(20 + visits)}</p>`;
      }, 150);
    };
    addEventListener('pageshow', (event) => { window.wasRestored = event.persisted; });
  </script>
"#;

/// Until `begin()` is called.
const LATE: &str = "await new Promise((now) => { window.begin = now; });";

/// The app with a collector that starts after `wait`.
fn app(server: &Server, wait: &str) -> String {
    let endpoint = server.url("/");
    format!(
        r#"{APP}<script type="module">
          import {{ start }} from '/collector/index.js';
          {wait}
          window.rhumb = start({{ endpoint: '{endpoint}', site: 'default', route: (url) => url.pathname }});
        </script>"#
    )
}

/// A server, the app that reports to it, and a browser that has painted the app.
async fn open(wait: &str) -> Result<(Server, Page, Browser)> {
    let server = Server::start().await?;
    let page = Page::serve(&app(&server, wait)).await?;
    let browser = page.open().await?;
    Ok((server, page, browser))
}

/// Waits for all metrics of the one page view that the query finds, and holds them against the
/// oracle's.
async fn assert_equal(
    server: &Server,
    query: &str,
    oracle: &Oracle<'_>,
    page_view: (&str, &str),
) -> Result<()> {
    server.find(query).await?;
    let complete = async || {
        let summary = server.summary(query).await?;
        let is_there = |name: &str| summary["metrics"][name.to_lowercase()]["count"] == 1;
        Ok(METRICS.into_iter().all(is_there).then_some(summary))
    };
    let summary = until(&format!("all metrics of {query}"), ARRIVAL, complete).await?;
    oracle.assert_equal(&summary, page_view, &METRICS).await.with_context(|| query.to_owned())
}

/// Presses the slow button and waits for what comes of it.
async fn press(browser: &Browser, oracle: &Oracle<'_>, page_view: &str) -> Result<()> {
    browser.click("#press").await?;
    oracle.sees(&format!("['{page_view}']?.INP"), "> 100").await?;
    oracle.sees(&format!("['{page_view}']?.CLS"), "> 0.01").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_back_from_the_back_forward_cache_is_a_page_view_of_its_own() -> Result<()> {
    let (server, page, browser) = open("").await?;
    let oracle = Oracle::in_the_page(&browser);
    press(&browser, &oracle, "navigate").await?;

    browser.leave_and_restore(&page.url("/elsewhere")).await?;
    oracle.sees("['back-forward-cache']?.LCP", "> 0").await?;
    press(&browser, &oracle, "back-forward-cache").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    for navigation_type in ["navigate", "back-forward-cache"] {
        let query = format!("?navigation_type={navigation_type}");
        assert_equal(&server, &query, &oracle, (navigation_type, "/")).await?;
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_soft_navigation_is_a_page_view_of_its_own() -> Result<()> {
    let (server, page, browser) = open("").await?;
    let oracle = Oracle::in_the_page(&browser);
    press(&browser, &oracle, "navigate").await?;

    for route in ["/route/1", "/route/2"] {
        browser.click("#go").await?;
        let entry = format!(
            "performance.getEntriesByType('soft-navigation').some((e) => e.name.endsWith('{route}'))"
        );
        browser.wait_until(&entry).await?;
        press(&browser, &oracle, &format!("soft-navigation {route}")).await?;
    }
    browser.goto(&page.url("/elsewhere")).await?;

    for (navigation_type, path) in
        [("navigate", "/"), ("soft-navigation", "/route/1"), ("soft-navigation", "/route/2")]
    {
        let query = format!("?navigation_type={navigation_type}&route={path}");
        assert_equal(&server, &query, &oracle, (navigation_type, path)).await?;
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_comes_late_has_missed_nothing() -> Result<()> {
    let (server, page, browser) = open(LATE).await?;
    let oracle = Oracle::in_the_page(&browser);
    press(&browser, &oracle, "navigate").await?;
    browser.click("#go").await?;
    oracle.sees("['soft-navigation']?.LCP", "> 0").await?;
    press(&browser, &oracle, "soft-navigation").await?;

    browser.value::<()>("begin()").await?;
    browser.pause(500).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    for (navigation_type, path) in [("navigate", "/"), ("soft-navigation", "/route/1")] {
        let query = format!("?navigation_type={navigation_type}&route={path}");
        assert_equal(&server, &query, &oracle, (navigation_type, path)).await?;
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prerendered_page_is_measured_from_its_activation() -> Result<()> {
    let server = Server::start().await?;
    let rules = r#"<script type="speculationrules">
      { "prerender": [{ "source": "list", "urls": ["/next"], "eagerness": "immediate" }] }
    </script>"#;
    let page = Page::serve(&(app(&server, "") + rules)).await?;
    let browser = page.open().await?;
    let oracle = Oracle::in_the_page(&browser);
    browser.pause(2000).await?;

    browser.click("a").await?;
    browser.wait_until("location.pathname === '/next'").await?;
    let activated = "performance.getEntriesByType('navigation')[0].activationStart > 0";
    browser.wait_until(activated).await?;
    press(&browser, &oracle, "prerender").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    assert_equal(&server, "?navigation_type=prerender", &oracle, ("prerender", "/next")).await?;
    browser.close().await
}

/// Makes browsers such that do not notice soft navigations: with the Navigation API, and without.
const OLDER: [&str; 2] = [
    "window.PerformanceSoftNavigation = undefined;",
    "window.PerformanceSoftNavigation = undefined; delete window.navigation; window.navigation = undefined;",
];

#[tokio::test(flavor = "multi_thread")]
async fn where_the_browser_does_not_notice_route_changes_the_address_tells_them() -> Result<()> {
    for missing in OLDER {
        let server = Server::start().await?;
        let page = Page::serve(&app(&server, "")).await?;
        let browser = page.open_after(missing).await?;
        let oracle = Oracle::in_the_page(&browser);
        browser.wait_until("window.rhumb !== undefined").await?;
        browser.pause(500).await?;

        browser.click("#go").await?;
        browser.wait_until("document.querySelector('h1').textContent === 'Route 1'").await?;
        browser.click("#press").await?;
        oracle.sees("INP", "> 100").await?;
        browser.goto(&page.url("/elsewhere")).await?;

        server.find("?navigation_type=navigate&route=/").await?;
        let query = "?navigation_type=soft-navigation&route=/route/1";
        server.find(query).await?;
        let metrics = &server.summary(query).await?["metrics"];
        for name in METRICS {
            let is_known = metrics[name.to_lowercase()]["count"] == 1;
            ensure!(is_known == ["INP", "CLS", "TTFB"].contains(&name), "{name} with {missing:?}");
        }
        browser.close().await?;
    }
    Ok(())
}

/// As in browsers that do.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_browser_does_not_notice_route_changes_a_redirect_by_the_page_is_none()
-> Result<()> {
    for missing in OLDER {
        let server = Server::start().await?;
        let page = Page::serve(&app(&server, "")).await?;
        let redirect = "addEventListener('load', () => setTimeout(() => { \
            history.replaceState({}, '', '/en'); \
            document.querySelector('main').innerHTML = '<img src=\"/photo.jpg\" width=\"900\" height=\"450\">'; \
          }, 300));";
        let browser = page.open_after(&format!("{missing} {redirect}")).await?;
        let oracle = Oracle::in_the_page(&browser);
        browser.wait_until("location.pathname === '/en' && window.rhumb !== undefined").await?;
        browser.pause(800).await?;
        press(&browser, &oracle, "navigate").await?;
        browser.goto(&page.url("/elsewhere")).await?;

        assert_equal(&server, "?navigation_type=navigate", &oracle, ("navigate", "/")).await?;
        ensure!(server.summary("").await?["page_views"] == 1, "with {missing:?}");
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_browser_does_not_notice_route_changes_a_late_collector_is_told_of_the_last()
-> Result<()> {
    for missing in OLDER {
        let server = Server::start().await?;
        let page = Page::serve(&app(&server, LATE)).await?;
        let browser = page.open_after(missing).await?;
        browser.click("#go").await?;
        browser.wait_until("document.querySelector('h1').textContent === 'Route 1'").await?;
        browser.value::<()>("begin()").await?;
        browser.wait_until("window.rhumb !== undefined").await?;
        browser.pause(500).await?;
        browser.goto(&page.url("/elsewhere")).await?;

        server.find("?navigation_type=navigate&route=/").await?;
        server.find("?navigation_type=soft-navigation&route=/route/1").await?;
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_has_put_around_push_state_stays_when_the_collector_stops() -> Result<()> {
    let server = Server::start().await?;
    let page = Page::serve(&app(&server, "")).await?;
    let own = "window.routes = 0; \
        for (const name of ['pushState', 'replaceState']) { \
          const native = history[name]; \
          history[name] = function () { routes++; return native.apply(this, arguments); }; \
        }";
    let browser = page.open_after(&format!("{} {own}", OLDER[1])).await?;
    browser.wait_until("window.rhumb !== undefined").await?;
    browser.pause(500).await?;
    browser.value::<Option<()>>("rhumb.stop()").await?;
    let routes = "(history.pushState({}, '', '/a'), history.replaceState({}, '', '/b'), routes)";
    ensure!(browser.value::<u32>(routes).await? == 2);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discarded_tab_that_is_loaded_again_is_a_restore() -> Result<()> {
    let server = Server::start().await?;
    let page = Page::serve(&app(&server, "")).await?;
    let discarded = "Object.defineProperty(document, 'wasDiscarded', { value: true })";
    let browser = page.open_after(discarded).await?;
    let oracle = Oracle::in_the_page(&browser);
    press(&browser, &oracle, "restore").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    assert_equal(&server, "?navigation_type=restore", &oracle, ("restore", "/")).await?;
    browser.close().await
}

/// Firefox and Safari do not remember it; the stub in the head does.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_hidden_before_the_collector_came_has_no_later_paint() -> Result<()> {
    let server = Server::start().await?;
    let late = app(&server, LATE);
    let page = Page::serve(&format!(r#"<script src="/collector/stub.js"></script>{late}"#)).await?;
    let forget = "const { getEntriesByType } = Performance.prototype; \
        Performance.prototype.getEntriesByType = function (type) { \
          return type === 'visibility-state' ? [] : getEntriesByType.call(this, type); \
        };";
    let browser = page.open_after(forget).await?;
    let hide = "(() => { \
        Object.defineProperty(document, 'hidden', { value: true, configurable: true }); \
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true })); \
        delete document.hidden; \
        document.querySelector('main').innerHTML = '<img src=\"/photo.jpg\" width=\"900\" height=\"450\">'; \
        return performance.now(); \
      })()";
    let hidden_ms: f64 = browser.value(hide).await?;
    browser.pause(500).await?;
    let later = "new Promise((done) => new PerformanceObserver((list) => \
        done(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true }))";
    ensure!(browser.value::<f64>(later).await? > hidden_ms, "nothing was painted later");
    browser.value::<()>("begin()").await?;
    browser.pause(500).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    server.metric("lcp").await?;
    let lcp_ms = server.summary("").await?["metrics"]["lcp"]["p75"].as_f64();
    ensure!(lcp_ms.is_some_and(|lcp_ms| lcp_ms < hidden_ms), "{lcp_ms:?}, hidden at {hidden_ms}");
    browser.close().await
}
