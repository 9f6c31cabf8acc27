//! The pages of what explains page views, as people read them.

use crate::support::{Rhumb, beacon, once, read};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn told() -> Value {
    let weight = |bytes: u32| json!({ "count": 1, "blocking_count": 1, "decoded_bytes": bytes });
    let file = |url: &str, bytes: u32| {
        json!({ "url": url, "kind": "script", "protocol": "h2", "weight": weight(bytes),
                "durations": once(180) })
    };
    let mut beacon = beacon(1, 1200.0);
    beacon["url"] = json!("https://www.shop.example/trips");
    beacon["long_frames"] = json!({
        "frames": once(190), "blocking_us": 140_000, "slow_interactions": 1, "dropped": 2,
        "scripts": [ { "source": "https://shop.example/search.js", "function": "<slow>Filter",
            "invoker": "BUTTON#apply.onclick", "invoker_type": "event-listener", "count": 1,
            "total_us": 180_000, "blocking_us": 70_000, "forced_us": 9000, "slow_interactions": 1 } ] });
    beacon["measures"] = json!({ "names": [
        { "kind": "mark", "name": "<b>search</b>", "durations": once(812) } ] });
    beacon["resources"] = json!({
        "kinds": [{ "kind": "script", "weight": weight(1_220_000) }], "dropped": 1,
        "files": [ file("https://www.shop.example/assets/search-*.js", 900_000),
                   file("https://cdn.example/<tag>.js", 320_000) ] });
    let frame = |function: &str| json!({ "function": function, "source": "https://shop.example/a.js", "line": 1, "column": 90 });
    beacon["route"] = json!("/trips");
    beacon["errors"] = json!({ "errors": [ { "kind": "error", "message": "<b> is undefined",
        "stack": [frame("apply"), frame("")], "count": 2 } ] });
    beacon["memory"] = json!({ "source": "heap", "samples": 5, "first_bytes": 20_000_000,
        "last_bytes": 32_000_000, "max_bytes": 33_000_000, "first_ms": 2000, "last_ms": 32_000 });
    let request = |path: &str, ms: u32| {
        json!({ "url": format!("https://shop.example/api{path}"), "durations": once(ms),
                "server": [{ "name": "db", "durations": once(9) }], "failed_count": 1 })
    };
    beacon["requests"] = json!({ "sequential_us": 700_000, "elapsed_us": 700_000,
        "urls": [request("/user", 100), request("/trips/:id", 600)],
        "chains": [{ "urls": [0, 1], "total_us": 700_000, "longest_us": 600_000 }] });
    beacon
}

async fn page(rhumb: &Rhumb, path: &str) -> String {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let response = rhumb.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let is_tagged = response.headers().contains_key(header::ETAG);
        let text = String::from_utf8(read(response).await.to_vec()).unwrap();
        if is_tagged {
            return text.replace('\u{a0}', " ").replace("&nbsp;", " ");
        }
        // What comes in two parts has a tag as soon as both are counted.
        let is_in_parts = path == "/" || path.starts_with("/vitals") || path.starts_with("/routes");
        assert!(is_in_parts && Instant::now() < end, "{path}");
    }
}

#[tokio::test]
async fn a_page_shows_what_was_told_with_what_to_make_of_it() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&told()).await;
    for (path, texts) in [
        (
            "/long-frames",
            &[
                "1 long frame",
                "They kept pages from answering for 140 ms in all",
                "&#60;slow&#62;Filter",
                "https://shop.example/search.js, called by BUTTON#apply.onclick",
                "9 ms of that computing layout; most of the time of 1 slow interaction, 100 % of all",
                "It blocks an answer to the visitor",
                "<dd>70 ms</dd>",
                "Left out: 2 past the 50 different scripts",
            ][..],
        ),
        (
            "/resources",
            &[
                "2 files",
                "On 1 page view that tells what it loaded.",
                "search-*.js",
                "900 kB",
                "&#60;tag&#62;.js",
                "script · h2 · third party · blocks painting",
                "2 scripts by their unpacked weight, the largest is search-*.js with 900 kB",
                "Counted by kind only: 1 past the 100 files",
            ],
        ),
        (
            "/measures",
            &["1 name", "&#60;b&#62;search&#60;/b&#62;", "once on 1 page view", "812 ms"],
        ),
    ] {
        let page = page(&rhumb, path).await;
        for text in texts {
            assert!(page.contains(text), "{text} is not in {path}:\n{page}");
        }
        let here = format!(r#"<a href="{path}?site=default&#38;period=28d" aria-current="page">"#);
        assert!(page.contains(&here), "{here} is not in\n{page}");
    }
}

#[tokio::test]
async fn what_a_page_shows_can_be_kept_as_a_file() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&told()).await;
    for path in ["/long-frames", "/resources", "/measures", "/errors", "/memory", "/requests"] {
        let page = page(&rhumb, path).await;
        let (before, _) = page.split_once("\">the table as CSV</a>").unwrap();
        let (_, href) = before.rsplit_once("href=\"").unwrap();
        let response = rhumb.get(&href.replace("&#38;", "&")).await;
        assert_eq!(response.status(), StatusCode::OK, "{href}");
        assert_eq!(response.headers()[header::CONTENT_DISPOSITION], "attachment", "{href}");
        let table = String::from_utf8(read(response).await.to_vec()).unwrap();
        assert!(table.lines().count() > 1, "{path}: {table}");
    }
}

#[tokio::test]
async fn the_scripts_of_a_host_are_seen_alone_and_lead_back() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&told()).await;
    let all = page(&rhumb, "/resources?period=24h").await;
    let href =
        "/resources?site=default&#38;period=24h&#38;within=https%3A%2F%2Fcdn.example%2F#weight";
    assert!(all.contains(&format!("<a href=\"{href}\">cdn.example, 320 kB</a>")), "{all}");
    assert!(
        all.contains(&format!("<a href=\"{href}\" tabindex=\"-1\">")),
        "the picture, too: {all}"
    );
    let one = page(&rhumb, "/resources?period=24h&within=https://cdn.example/").await;
    assert!(one.contains("1 script by their unpacked weight"), "{one}");
    let back = "<a href=\"/resources?site=default&#38;period=24h#weight\">All scripts</a>";
    assert!(one.contains(back) && one.contains("aria-current=\"location\">cdn.example<"), "{one}");
    assert!(one.contains("period=7d&#38;within=https%3A%2F%2Fcdn.example%2F\""), "{one}");
    assert!(one.contains("2 files"), "the tables stay those of all files: {one}");
    let unknown = page(&rhumb, "/resources?within=%3Cb%3E").await;
    assert!(unknown.contains("No script of these page views is under that address"), "{unknown}");
    assert!(unknown.contains("2 scripts by their unpacked weight"), "{unknown}");
    for within in [String::new(), "a".repeat(2049)] {
        let refused = rhumb.get(&format!("/resources?within={within}")).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_page_without_anything_to_show_says_what_is_missing() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 1200.0)).await;
    for (path, text) in [
        ("/long-frames", "No long frames"),
        ("/resources", "No resources"),
        ("/measures", "rhumb.measure('checkout', 412)"),
        ("/errors", "No errors"),
        ("/memory", "No memory"),
        ("/requests", "No requests"),
    ] {
        let page = page(&rhumb, &format!("{path}?period=24h")).await;
        assert!(page.contains(text), "{text} is not in\n{page}");
    }
    assert_eq!(rhumb.get("/resources?period=2d").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn page_views_are_listed_by_time_or_by_a_metric_and_lead_to_one_another() {
    let rhumb = Rhumb::start();
    for number in 1..=60_u32 {
        let mut beacon = beacon(number.into(), f64::from(1000 + number * 53 % 60));
        beacon["route"] = json!(if number == 7 { "/<seven>" } else { "/trips" });
        rhumb.accepts(&beacon).await;
    }
    let titles = |page: &str| {
        let rows = page.split("<th scope=\"row\">").skip(1);
        let of = |row: &str| row.split('>').nth(1).unwrap().trim_end_matches("</a").to_owned();
        rows.map(of).collect::<Vec<_>>()
    };
    let lcps = |page: &str| {
        let cells = page.split("data-label=\"LCP\">").skip(1);
        cells.map(|cell| cell.split(" <span").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let latest = page(&rhumb, "/page-views?period=24h").await;
    assert!(latest.contains("Newest first."), "{latest}");
    assert_eq!(titles(&latest).len(), 50);
    let (_, next) = latest.split_once("<p class=\"extent soft\"><a href=\"").unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let rest = titles(&page(&rhumb, &next).await);
    assert_eq!(rest.len(), 10);
    assert!(rest.contains(&"/&#60;seven&#62;".to_owned()), "{rest:?}");

    let worst = page(&rhumb, "/page-views?metric=lcp").await;
    assert!(worst.contains("Those with the worst LCP come first."), "{worst}");
    let lcps = lcps(&worst);
    assert!(
        lcps.len() == 50 && lcps[0] == "1.06 s" && lcps.is_sorted_by(|a, b| a >= b),
        "{lcps:?}"
    );

    let one = page(&rhumb, "/page-views?route=/%3Cseven%3E&metric=lcp").await;
    assert_eq!(titles(&one), ["/&#60;seven&#62;"]);
    assert!(one.contains("Route <code>/&#60;seven&#62;</code>"), "{one}");
    let (_, href) = one.split_once("<th scope=\"row\"><a href=\"").unwrap();
    let href = href.split('"').next().unwrap().replace("&#38;", "&");
    let page_view = page(&rhumb, &href).await;
    assert!(
        page_view.contains("route=%2F%3Cseven%3E\">Other page views of this route"),
        "{page_view}"
    );
    let overview = page(&rhumb, "/").await;
    assert!(overview.contains("/page-views?site=default&#38;period=28d&#38;metric=lcp"));

    for query in ["metric=speed", "cursor=1", "period=2d"] {
        let response = rhumb.get(&format!("/page-views?{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
    let none = page(&rhumb, "/page-views?metric=inp").await;
    assert!(none.contains("No page views"), "{none}");
}
