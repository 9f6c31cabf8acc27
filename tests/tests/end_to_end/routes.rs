//! Which page view a route belongs to, and where a route is one.

use anyhow::{Result, ensure};
use tests::{Browser, Engine, Page, Server};

/// A page with its collector.
async fn open() -> Result<(Server, Page, Browser)> {
    let server = Server::start().await?;
    let page = Page::measured(&server.url("/"), "").await?;
    let told =
        "addEventListener('pageshow', (event) => { window.wasRestored = event.persisted; });";
    let browser = page.open_after(told).await?;
    browser.wait_for_details().await?;
    Ok((server, page, browser))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_has_its_name_when_the_page_comes_back() -> Result<()> {
    let (server, page, browser) = open().await?;
    browser.value::<()>("rhumb.setRoute('/named')").await?;
    browser.leave_and_restore(&page.url("/elsewhere")).await?;
    browser.pause(500).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    server.find("?navigation_type=navigate&route=/named").await?;
    server.find("?navigation_type=back-forward-cache&route=/named").await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_has_changed_its_own_address_names_the_page_view_that_goes_on() -> Result<()> {
    let (server, page, browser) = open().await?;
    let redirect = "[history.replaceState({}, '', '/en'), rhumb.setRoute('/home')].at(1)";
    browser.value::<()>(redirect).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    server.find("?navigation_type=navigate&route=/home").await?;
    browser.close().await
}

/// Browsers notice soft navigations of whole pages only.
#[tokio::test(flavor = "multi_thread")]
async fn routes_within_a_frame_are_page_views() -> Result<()> {
    let server = Server::start().await?;
    let document = format!(
        r#"<body><script type="module">
          import {{ start }} from '/collector/index.js';
          if (top === self) document.body.innerHTML = '<h1>Around</h1><iframe src="/next"></iframe>';
          else {{
            start({{ endpoint: '{}', site: 'default', route: (url) => url.pathname }});
            document.documentElement.onclick = () => {{
              history.pushState({{}}, '', '/framed/route');
              document.body.innerHTML = '<h1>Route</h1>';
            }};
            document.body.innerHTML = '<h1>Hello</h1>'.repeat(9);
          }}
        </script>"#,
        server.url("/")
    );
    let page = Page::serve(&document).await?;
    let browser = page.open().await?;
    let is_loaded = "frames[0]?.performance.getEntriesByType('resource').some((it) => it.name.endsWith('.wasm') && it.responseEnd > 0)";
    browser.wait_until(is_loaded).await?;
    browser.pause(500).await?;
    browser.click("iframe").await?;
    browser.wait_until("frames[0].document.body.textContent === 'Route'").await?;
    browser.pause(500).await?;
    browser.goto(&page.url("/elsewhere")).await?;

    server.find("?navigation_type=navigate&route=/next").await?;
    server.find("?navigation_type=soft-navigation&route=/framed/route").await?;
    browser.close().await
}

/// Firefox tells no shifts, and nobody has pressed anything since.
#[tokio::test(flavor = "multi_thread")]
async fn a_route_that_nothing_is_measured_of_is_a_page_view_all_the_same() -> Result<()> {
    let server = Server::start().await?;
    let page = Page::measured(&server.url("/"), "route: (url) => url.pathname").await?;
    let browser = Browser::open_in(Engine::Firefox).await?;
    browser.goto(&page.url("/")).await?;
    browser.wait_for_details().await?;
    browser.click("button").await?;
    browser.pause(500).await?;
    for route in ["/first", "/second"] {
        browser.value::<()>(&format!("history.pushState({{}}, '', '{route}')")).await?;
        browser.pause(200).await?;
    }
    browser.goto(&page.url("/elsewhere")).await?;

    for route in ["/first", "/second"] {
        let query = format!("?navigation_type=soft-navigation&route={route}");
        server.find(&query).await?;
        let metrics = &server.summary(&query).await?["metrics"];
        ensure!(metrics["ttfb"]["p75"] == 0.0, "{metrics}");
    }
    browser.close().await
}
