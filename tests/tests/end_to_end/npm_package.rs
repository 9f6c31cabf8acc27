//! The npm package on somebody's page, and its manners as a guest.

use anyhow::{Result, ensure};
use std::{path::Path, process::Command};
use tests::{Browser, Page, Server};

/// A page whose own code imports the package and calls it.
fn with_code(code: &str) -> String {
    format!(
        r#"<h1>Hello</h1><button>Press</button>
        <script type="module">
          import {{ start }} from '/collector/index.js';
          {code}
          window.pageRan = true;
        </script>"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_twice_counts_a_page_view_once() -> Result<()> {
    let server = Server::start().await?;
    let options = format!("{{ endpoint: '{}', site: 'default' }}", server.url("/"));
    // The second is React's strict mode: mounted, unmounted and mounted again.
    let code = format!(
        "start({options}).stop(); window.rhumb = start({options}); window.same = start({options}) === rhumb;"
    );
    let page = Page::serve(&with_code(&code)).await?;
    let browser = page.open().await?;

    browser.wait_until("window.same").await?;
    browser.value::<()>("rhumb.flush()").await?;
    server.one_page_view().await?;
    let again = format!(
        "import('/collector/index.js').then((m) => {{ rhumb.stop(); m.start({options}); }})"
    );
    browser.value::<()>(&again).await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    server.metric("inp").await?;
    server.one_page_view().await?;
    browser.close().await
}

/// A page whose collector runs and has sent its first beacon.
async fn with_first_beacon(server: &Server, options: &str) -> Result<(Page, Browser)> {
    let code = format!("window.begin = start; window.rhumb = start({options});");
    let page = Page::serve(&with_code(&code)).await?;
    let browser = page.open().await?;
    browser.value::<()>("rhumb.flush()").await?;
    server.one_page_view().await?;
    Ok((page, browser))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_back_from_the_back_forward_cache_is_not_counted_again() -> Result<()> {
    let server = Server::start().await?;
    let options = format!("{{ endpoint: '{}', site: 'default' }}", server.url("/"));
    let (page, browser) = with_first_beacon(&server, &options).await?;

    let restore = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";
    browser.value::<bool>(restore).await?;
    browser.value::<()>(&format!("[rhumb.stop(), begin({options})].at(0)")).await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    browser.pause(500).await?;
    server.one_page_view().await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_that_is_named_after_the_beacon_is_sent_too() -> Result<()> {
    let server = Server::start().await?;
    let options = format!("{{ endpoint: '{}', site: 'default' }}", server.url("/"));
    let (_page, browser) = with_first_beacon(&server, &options).await?;

    browser.value::<()>("[rhumb.setRoute('/cart'), rhumb.flush()].at(0)").await?;

    server.find("?route=/cart").await?;
    server.one_page_view().await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_start_has_its_own_options_and_the_same_page_view() -> Result<()> {
    let server = Server::start().await?;
    let options = |release: u32| {
        format!("{{ endpoint: '{}', site: 'default', release: '{release}' }}", server.url("/"))
    };
    let (page, browser) = with_first_beacon(&server, &options(1)).await?;

    browser.value::<()>(&format!("[rhumb.stop(), begin({})].at(0)", options(2))).await?;
    browser.click("button").await?;
    browser.goto(&page.url("/elsewhere")).await?;

    server.find("?release=2").await?;
    server.one_page_view().await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_with_a_line_break_does_not_cost_the_beacon() -> Result<()> {
    let server = Server::start().await?;
    let options = format!(
        "{{ endpoint: '{}', site: 'default', release: '1.4.2\\n', route: () => '  ' }}",
        server.url("/")
    );
    let (_page, browser) = with_first_beacon(&server, &options).await?;
    server.find("?release=1.4.2").await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_wants_no_sessions_leaves_nothing_in_storage() -> Result<()> {
    let server = Server::start().await?;
    let options = format!("{{ endpoint: '{}', site: 'default', session: false }}", server.url("/"));
    let (_page, browser) = with_first_beacon(&server, &options).await?;
    ensure!(browser.value::<u32>("sessionStorage.length").await? == 0, "a session was stored");
    ensure!(browser.value::<u32>("localStorage.length").await? == 0, "something was stored");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_left_while_the_collector_loads_is_counted() -> Result<()> {
    let server = Server::start().await?;
    let start = format!("start({{ endpoint: '{}', site: 'default' }})", server.url("/"));
    let code = format!("document.onvisibilitychange = () => {{ if (document.hidden) {start}; }};");
    let page = Page::serve(&with_code(&code)).await?;
    let browser = page.open().await?;

    browser.open_tab().await?;

    server.metric("fcp").await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_options_are_one_warning_that_names_the_option_and_the_page_goes_on() -> Result<()> {
    for (options, named) in [
        ("", "site"),
        ("{ endpoint: 'https://rum.example.com' }", "site"),
        ("{ site: 'default' }", "endpoint"),
        ("{ site: 'default', endpoint: 'http://[' }", "URL"),
        ("{ site: 'x'.repeat(65), endpoint: '/' }", "64 characters"),
    ] {
        let code = format!(
            "const rhumb = start({options}); rhumb.setRoute('/'); rhumb.flush(); rhumb.stop();"
        );
        let page = Page::serve(&with_code(&code)).await?;
        let browser = Browser::open().await?;
        browser.goto(&page.url("/")).await?;
        browser.wait_until("window.pageRan").await?;
        let complaints = browser.complaints().await?;
        ensure!(complaints.len() == 1, "{options}: {complaints:?}");
        ensure!(complaints[0].contains(named), "{options}: {complaints:?}");
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_forbids_webassembly_is_one_warning_and_the_page_goes_on() -> Result<()> {
    let server = Server::start().await?;
    let code =
        format!("window.rhumb = start({{ endpoint: '{}', site: 'default' }});", server.url("/"));
    let policy = "script-src 'self' 'unsafe-inline'";
    let page = Page::with_policy(&with_code(&code), policy).await?;
    let browser = Browser::open().await?;

    browser.goto(&page.url("/")).await?;
    browser.wait_until("complaints.length > 0").await?;
    browser.value::<()>("[rhumb.setRoute('/'), rhumb.flush(), rhumb.stop()].at(-1)").await?;

    let complaints = browser.complaints().await?;
    ensure!(complaints.len() == 1 && complaints[0].contains("rhumb"), "{complaints:?}");
    ensure!(browser.value::<bool>("pageRan").await?, "the page did not go on");
    // The server knows.
    server.one_page_view().await?;
    ensure!(server.summary("").await?["unmeasured"] == 1);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_is_no_trouble_to_the_page() -> Result<()> {
    let code = "window.rhumb = start({ endpoint: 'http://127.0.0.1:9', site: 'default' });";
    let page = Page::serve(&with_code(code)).await?;
    let browser = page.open().await?;

    browser.value::<()>("rhumb.flush()").await?;
    browser.value::<()>("rhumb.setRoute(null)").await?;

    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.close().await
}

#[test]
fn importing_and_starting_it_on_a_server_is_harmless() -> Result<()> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../collector-wasm/pkg/index.js");
    let program = format!(
        "import('{}').then(({{ start }}) => {{ const rhumb = start({{}}); rhumb.setRoute('/'); rhumb.render('List', 'mount', 1, 1); rhumb.flush(); rhumb.stop(); console.log('unharmed'); }})",
        package.display()
    );
    let output = Command::new("node").args(["--eval", &program]).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success() && said.trim() == "unharmed", "{output:?}");
    Ok(())
}
