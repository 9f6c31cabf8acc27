//! What is wrong with a page is what the reports say first: causes that are planted, in a real browser, asked for
//! at the server's query API.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{fs, path::Path};
use tests::{ARRIVAL, Browser, Page, Server, until};

/// A page that tells a server all that the collector knows, and the files that it loads, by name.
struct Visit {
    server: Server,
    page: Page,
}

impl Visit {
    async fn to(name: &str, content: &str, files: &[(&str, &str)]) -> Result<Self> {
        Self::under("", name, content, files).await
    }

    /// The same, on a page whose scripts are sampled.
    async fn profiled(name: &str, content: &str, files: &[(&str, &str)]) -> Result<Self> {
        Self::under("js-profiling", name, content, files).await
    }

    async fn under(
        policy: &str,
        name: &str,
        content: &str,
        files: &[(&str, &str)],
    ) -> Result<Self> {
        let server = Server::start().await?;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("causes-{name}"));
        fs::create_dir_all(&folder)?;
        for (file, text) in files {
            fs::write(folder.join(file), text)?;
        }
        let document = format!(
            r#"<link rel="icon" href="data:,"><h1>Hello</h1><button>Go</button>{content}
            <script type="module">
              import {{ start }} from '/collector/index.js';
              const details = {{ profileSampleRate: {} }};
              window.rhumb = start({{ endpoint: '{}', site: 'default', details, route: (url) => url.pathname }});
            </script>"#,
            u8::from(!policy.is_empty()),
            server.url("")
        );
        let page = Page::bundled_under(policy, &document, &folder.to_string_lossy()).await?;
        Ok(Self { server, page })
    }

    /// A browser that has loaded the page, details included.
    async fn open(&self, path: &str) -> Result<Browser> {
        let browser = Browser::open().await?;
        browser.goto(&self.page.url(path)).await?;
        browser.settle().await?;
        browser.wait_for_details().await?;
        Ok(browser)
    }

    /// Leaves the page, as a visitor does.
    async fn leave(&self, browser: Browser) -> Result<()> {
        browser.goto(&self.page.url("/elsewhere")).await?;
        browser.pause(300).await?;
        browser.close().await
    }

    /// What is first in a list of a report, once there is any.
    async fn first(&self, question: &str, list: &str) -> Result<Value> {
        let ask = async || {
            let report = self.server.ask(question).await?;
            Ok(report[list].as_array().and_then(|all| all.first().cloned()))
        };
        until(question, ARRIVAL, ask).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_click_handler_blocks_most() -> Result<()> {
    let content = "<script>
      document.querySelector('button').onclick = function slowFilter() {
        for (const end = performance.now() + 120; performance.now() < end;);
      };
    </script>";
    let visit = Visit::to("slow", content, &[]).await?;
    let browser = visit.open("/").await?;
    for _ in 0..3 {
        browser.click("button").await?;
        browser.pause(200).await?;
    }
    visit.leave(browser).await?;
    let first = visit.first("long-frames", "rows").await?;
    ensure!(first["function"] == "slowFilter" && first["count"] == 3, "{first}");
    ensure!(first["blocking_ms"].as_f64() > Some(200.0), "{first}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heavy_script_weighs_most() -> Result<()> {
    let file = ("search-BkZ3a9xQ.js", &*format!("/*{}*/", "x".repeat(900_000)));
    let content = r#"<script src="/bundle/search-BkZ3a9xQ.js"></script>"#;
    let visit = Visit::to("heavy", content, &[file]).await?;
    visit.leave(visit.open("/").await?).await?;
    let first = visit.first("resources?kind=script", "rows").await?;
    ensure!(first["url"] == visit.page.url("/bundle/search-*.js"), "{first}");
    ensure!(first["decoded_bytes"].as_u64() > Some(900_000), "{first}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_wait_for_each_other_are_a_chain_and_those_at_once_are_none() -> Result<()> {
    let text = "x".repeat(400_000);
    let names = ["user", "cart", "offers", "prices", "stock"];
    let files = names.map(|name| (name, &*text));
    let visit = Visit::to("chain", "", &files).await?;
    let urls = r"['user', 'cart', 'offers', 'prices', 'stock'].map((name) => `/bundle/${name}?token=secret`)";
    let ask = "const ask = async (url) => (await fetch(url)).text();";
    let one_by_one = format!(
        "(async () => {{ {ask} for (const url of {urls}) await ask(url); return true; }})()"
    );
    let at_once =
        format!("(async () => {{ {ask} await Promise.all({urls}.map(ask)); return true; }})()");
    for (path, requests) in [("/", one_by_one), ("/next", at_once)] {
        let browser = visit.open(path).await?;
        browser.value::<bool>(&requests).await?;
        browser.pause(200).await?;
        visit.leave(browser).await?;
    }
    let first = visit.first("requests?route=/", "chains").await?;
    let expected: Vec<_> =
        names.iter().map(|name| visit.page.url(&format!("/bundle/{name}"))).collect();
    ensure!(first["urls"] == Value::from(expected), "{first}");
    ensure!(first["saved_ms"].as_f64() > Some(0.0), "{first}");
    let waterfall = visit.first("requests?route=/", "routes").await?;
    let concurrency = |route: &Value| route["concurrency"].as_f64();
    ensure!(concurrency(&waterfall) < Some(1.05), "{waterfall}");
    let parallel = visit.first("requests?route=/next", "routes").await?;
    ensure!(concurrency(&parallel) > Some(1.5), "{parallel}");
    let report = visit.server.ask("requests?route=/next").await?;
    ensure!(report["chains"].as_array().is_some_and(Vec::is_empty), "{report}");
    ensure!(report["rows"].as_array().map(Vec::len) == Some(5), "{report}");
    ensure!(!report.to_string().contains("secret"), "{report}");
    let list = visit.server.ask("page-views?route=/").await?;
    let id = list["rows"][0]["id"].as_str().context("no page view")?;
    let page_view = visit.server.ask(&format!("page-views/{id}")).await?;
    let mut loads = page_view["timeline"]["loads"].as_array().context("no timeline")?.clone();
    loads.retain(|load| load["kind"] == "request");
    loads.sort_by_key(|load| load["start_ms"].as_u64());
    let told = loads.iter().map(|load| load["url"].clone()).collect::<Vec<_>>();
    ensure!(Value::from(told) == first["urls"], "{page_view}");
    let end = |load: &Value| {
        load["start_ms"].as_u64().unwrap_or(0) + load["duration_ms"].as_u64().unwrap_or(0)
    };
    // Each is rounded.
    let is_after = |pair: &[Value]| pair[1]["start_ms"].as_u64() >= Some(end(&pair[0]) - 2);
    ensure!(loads.windows(2).all(is_after), "{page_view}");
    let shown = reqwest::get(visit.server.url(&format!("/page-views/{id}"))).await?.text().await?;
    ensure!(names.iter().all(|name| shown.contains(&format!(">/bundle/{name}<"))), "{shown}");
    Ok(())
}

/// As a minifier leaves it: `slowFilter` is `a`, and what calls it `b`.
const MINIFIED: &str = "function a(){let n=0;for(const e=performance.now()+400;performance.now()<e;)n+=Math.sqrt(n);return n}\
    document.querySelector('button').onclick=function b(){a()};";

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_function_takes_most_of_what_is_sampled_and_is_called_as_in_its_source() -> Result<()>
{
    let content = r#"<script src="/bundle/search-BkZ3a9xQ.js"></script>"#;
    let files = [("search-BkZ3a9xQ.js", MINIFIED)];
    let visit = Visit::profiled("profile", content, &files).await?;
    let browser = visit.open("/").await?;
    browser.click("button").await?;
    browser.pause(300).await?;
    // It is hidden, and what was sampled last is told a moment later.
    browser.open_tab().await?;
    let first = visit.first("profiles?interactions=slow", "rows").await?;
    ensure!(first["total_share"].as_f64() > Some(0.9), "{first}");
    browser.close().await?;

    let maps = tempfile::tempdir()?;
    let mut map = sourcemap::SourceMapBuilder::new(None);
    for (column, line, name) in
        [(9, 11, "slowFilter"), (MINIFIED.find("b()").context("b")?, 30, "onClick")]
    {
        let column = u32::try_from(column)?;
        map.add(0, column, line, 0, Some("src/search.ts"), Some(name), false);
    }
    let mut written = Vec::new();
    map.into_sourcemap().to_writer(&mut written)?;
    fs::write(maps.path().join("search-BkZ3a9xQ.js.map"), written)?;
    visit.server.run(&["sourcemap", "upload", "default", &maps.path().to_string_lossy()]).await?;
    let list = visit.server.ask("page-views").await?;
    let id = list["rows"][0]["id"].as_str().context("no page view")?;
    let page_view = visit.server.ask(&format!("page-views/{id}")).await?;
    let inp = &page_view["metrics"]["inp"]["attribution"];
    let target = inp["interactionTarget"].as_str().with_context(|| page_view.to_string())?;
    ensure!(target.ends_with("button"), "{page_view}");
    let target = target.replace('>', "%3E").replace('#', "%23").replace('+', "%2B");
    let question = format!("profiles?interactions=slow&target={target}");
    let report = visit.server.ask(&question).await?;
    let row = |name: &str| {
        let rows = report["rows"].as_array()?;
        rows.iter().find(|row| row["name"] == name).cloned()
    };
    let slow_filter = row("slowFilter").with_context(|| report.to_string())?;
    ensure!(slow_filter["source"] == "src/search.ts" && slow_filter["line"] == 12, "{report}");
    ensure!(slow_filter["self_share"].as_f64() > Some(0.8), "{report}");
    ensure!(row("onClick").is_some_and(|row| row["line"] == 31), "{report}");
    let nobody = visit.server.ask("profiles?target=%23other").await?;
    ensure!(nobody["page_views"] == 0, "{nobody}");
    Ok(())
}

/// How long a page is looked at until it is known whether it grows.
const WATCHED_MS: u32 = 12_000;
const CLICKS: u32 = 25;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_leaks_grows_more_than_one_that_does_not() -> Result<()> {
    // One megabyte of numbers, kept or not.
    let content = "<script>
      const kept = [];
      document.querySelector('button').onclick = () => {
        const rows = Array.from({ length: 131072 }, (_, n) => n + 0.5);
        if (location.pathname === '/next') kept.push(rows);
      };
    </script>";
    let visit = Visit::to("leak", content, &[]).await?;
    for path in ["/", "/next"] {
        let browser = visit.open(path).await?;
        browser.collect_garbage().await?;
        for _ in 0..CLICKS {
            browser.click("button").await?;
        }
        browser.pause(WATCHED_MS).await?;
        browser.collect_garbage().await?;
        visit.leave(browser).await?;
    }
    let first = visit.first("memory", "rows").await?;
    ensure!(first["route"] == "/next" && first["watched"] == 1, "{first}");
    ensure!(first["growth_bytes_p50"].as_f64() > Some(15e6), "{first}");
    let other = visit.first("memory?route=/", "rows").await?;
    ensure!(other["growth_bytes_p50"].as_f64() < Some(10e6), "{other}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_catches_is_the_first_error() -> Result<()> {
    let content = "<script>
      function applyDiscount(cart) { return cart.total.amount; }
      document.querySelector('button').onclick = function checkOut() { applyDiscount({}); };
    </script>";
    let visit = Visit::to("error", content, &[]).await?;
    let browser = visit.open("/").await?;
    browser.click("button").await?;
    browser.click("button").await?;
    browser.pause(200).await?;
    visit.leave(browser).await?;
    let first = visit.first("errors", "rows").await?;
    ensure!(first["kind"] == "error" && first["count"] == 2, "{first}");
    let message = first["message"].as_str().context("no message")?;
    ensure!(message.starts_with("TypeError: ") && message.contains("amount"), "{message}");
    let [top, caller] = [0, 1].map(|at| first["stack"][at].clone());
    ensure!(top["function"] == "applyDiscount" && top["source"] == visit.page.url("/"), "{first}");
    ensure!(top["line"].as_u64() > Some(0) && top["column"].as_u64() > Some(0), "{first}");
    ensure!(caller["function"].as_str().is_some_and(|it| it.contains("checkOut")), "{first}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_times_is_told_by_its_name() -> Result<()> {
    let visit = Visit::to("measure", "", &[]).await?;
    let browser = visit.open("/").await?;
    browser.value::<()>("rhumb.measure('checkout', 412)").await?;
    browser.pause(200).await?;
    visit.leave(browser).await?;
    let first = visit.first("measures", "rows").await?;
    ensure!(first["kind"] == "measure" && first["name"] == "checkout", "{first}");
    ensure!((390.0..435.0).contains(&first["p50"].as_f64().unwrap_or_default()), "{first}");
    Ok(())
}
