//! A server that a shop's visits were sent to, and the pages about them.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tests::Server;

/// More than a verdict takes.
const VISITS: u32 = 120;
/// Visits that are posted at once.
const AT_ONCE: usize = 20;

/// Every page that there is.
pub(crate) const PAGES: [&str; 24] = [
    "/",
    "/?route=/search&form_factor=phone",
    "/vitals/lcp",
    "/vitals/inp?by=release",
    "/vitals/cls",
    "/vitals/fcp",
    "/vitals/ttfb",
    "/routes",
    "/page-views",
    "/page-views/00000000000000000000000000000003",
    "/opportunities",
    "/compare",
    "/long-frames",
    "/resources",
    "/resources?within=https://shop.example/",
    "/requests",
    "/renders",
    "/profiles",
    "/measures",
    "/memory",
    "/errors",
    "/alerts",
    "/settings",
    "/server",
];

/// A server with visits of four weeks, the last of which has just ended: every day has one, whatever time it is.
pub(crate) async fn shop() -> Result<Server> {
    let server = Server::start().await?;
    let visits = (1..=VISITS).map(visit).collect::<Vec<_>>();
    let client = reqwest::Client::new();
    for some in visits.chunks(AT_ONCE) {
        let answer = client.post(server.url("/v1/ingest")).json(some).send().await?;
        ensure!(answer.status() == 204, "{}", answer.text().await?);
    }
    Ok(server)
}

/// One more visit, which has just ended.
pub(crate) async fn one_more(server: &Server) -> Result<()> {
    let mut visit = visit(1);
    visit["page_view"] = json!(format!("{:032x}", VISITS + 1));
    let answer = reqwest::Client::new().post(server.url("/v1/ingest")).json(&visit).send().await?;
    ensure!(answer.status() == 204, "{}", answer.text().await?);
    Ok(())
}

fn visit(number: u32) -> Value {
    let is_search = number.is_multiple_of(3);
    let (route, inp) = if is_search { ("/search", 612) } else { ("/trips/:id", 80) };
    let mut visit = json!({
        "site": "default", "page_view": format!("{number:032x}"), "sequence": 0,
        "age_ms": u64::from(number - 1) * 5 * 3_600_000, "route": route,
        "url": format!("https://shop.example{}", route.replace(":id", "7")),
        "release": if number < 60 { "1.4.2" } else { "1.4.1" },
        "form_factor": if number.is_multiple_of(2) { "phone" } else { "desktop" },
        "metrics": [
            { "name": "LCP", "value": 1500 + number * 20, "attribution": {
                "target": "main>img.hero", "url": "https://shop.example/hero.avif",
                "timeToFirstByte": 200, "resourceLoadDelay": 100,
                "resourceLoadDuration": 1100 + number * 20, "elementRenderDelay": 100 } },
            { "name": "INP", "value": inp, "attribution": { "interactionTarget": "button.apply",
                "inputDelay": 10, "processingDuration": inp - 30, "presentationDelay": 20 } },
            { "name": "CLS", "value": 0.02 }, { "name": "FCP", "value": 900 },
            { "name": "TTFB", "value": 200 },
        ],
    });
    if is_search {
        explain(&mut visit);
    }
    visit
}

/// What explains a visit besides its metrics: something for every page.
fn explain(visit: &mut Value) {
    let once = |ms: u32| {
        let bins = beacon::duration_bin(f64::from(ms)).map(|bin| (bin, 1));
        json!({ "count": 1, "total_us": ms * 1000, "max_us": ms * 1000, "bins": bins.as_slice() })
    };
    visit["measures"] = json!({ "names": [
        { "kind": "measure", "name": "search", "durations": once(812) } ] });
    visit["errors"] = json!({ "errors": [ { "kind": "error", "message": "filters is undefined",
        "stack": [{ "function": "apply", "source": "https://shop.example/a.js", "line": 1,
            "column": 90 }], "count": 2 } ] });
    visit["memory"] = json!({ "source": "heap", "samples": 5, "first_bytes": 20_000_000,
        "last_bytes": 32_000_000, "max_bytes": 33_000_000, "first_ms": 2000, "last_ms": 32_000 });
    visit["long_frames"] = json!({ "frames": once(190), "blocking_us": 140_000,
        "slow_interactions": 1, "scripts": [ { "source": "https://shop.example/a.js",
            "function": "applyFilters", "invoker": "BUTTON.apply.onclick",
            "invoker_type": "event-listener", "count": 1, "total_us": 180_000,
            "blocking_us": 70_000, "forced_us": 9000, "slow_interactions": 1 } ] });
    let weight = json!({ "count": 1, "blocking_count": 1, "decoded_bytes": 900_000 });
    let file = |url: &str| {
        json!({ "url": url, "kind": "script", "protocol": "h2", "weight": weight,
            "durations": once(180) })
    };
    visit["resources"] = json!({ "kinds": [{ "kind": "script", "weight": weight }],
        "files": [file("https://shop.example/a.js"), file("https://shop.example/assets/b.js"),
            file("https://shop.example/assets/lib/c.js"), file("https://cdn.example/v1/tag.js")] });
    let function = |name: &str| json!({ "name": name, "source": 1, "line": 1, "column": 9 });
    let stack = |parent: u16, function: u16, count: u32| json!({ "parent": parent, "function": function, "count": count, "slow_count": count });
    visit["profile"] = json!({ "interval_us": 10_000, "sources": ["https://shop.example/a.js"],
        "functions": [function("onClick"), function("applyFilters"), function("layOut")],
        "stacks": [stack(0, 0, 1), stack(1, 1, 12), stack(2, 2, 9), stack(1, 2, 4)] });
    visit["timeline"] = json!({
        "loads": [{ "kind": "script", "url": "https://shop.example/a.js", "start_ms": 210, "duration_ms": 180 },
            { "kind": "image", "url": "https://shop.example/hero.avif", "start_ms": 300, "duration_ms": 1160 },
            { "kind": "request", "url": "https://shop.example/api/trips/:id", "start_ms": 420, "duration_ms": 600 }],
        "long_frames": [{ "start_ms": 1600, "duration_ms": 190 }], "dropped": 0 });
    visit["requests"] = json!({ "sequential_us": 700_000, "elapsed_us": 700_000,
        "urls": [{ "url": "https://shop.example/api/trips/:id", "durations": once(600),
            "failed_count": 1 }] });
}
