//! `rhumb sourcemap`: stacks of errors are told as they stand in the source.

use crate::support::{Binary, Filled, Ran};
use serde_json::{Value, json};
use std::fs;

/// Line 3 of a file, in the first line of what was made of it.
const MAP: &str = r#"{"version":3,"sources":["src/search.ts"],"sourcesContent":["let secret = 42"],
    "names":[],"mappings":"AAAA,mBAEE"}"#;

/// Long ago, but for a server, which deletes what is old.
const LONG_AGO: &str = "2026-01-09T10:00:00Z";

fn shop(visited_at: &str) -> Filled {
    let mut shop = Filled::new();
    let frame = |path: &str, column: u32| json!({ "function": "n", "source": format!("https://shop.example{path}"), "line": 1, "column": column });
    let error = json!({ "kind": "error", "message": "no trip", "count": 1, "stack": [
        frame("/static/assets/search-BkZ3a9xQ.js", 24), frame("/static/other.js", 24) ] });
    shop.visit(visited_at, [1200.0], &json!({ "errors": { "errors": [error] } }));
    let folder = shop.folder.path().join("dist/assets");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("search-BkZ3a9xQ.js.map"), MAP).unwrap();
    fs::write(folder.join("search-BkZ3a9xQ.js"), "").unwrap();
    shop
}

fn sourcemap(shop: &Filled, arguments: &[&str]) -> Ran {
    shop.rhumb(&[&["sourcemap"], arguments].concat())
}

fn errors(shop: &Filled) -> Value {
    let period = ["--from", "2026-01-01", "--to", "2026-01-28", "--format", "json"];
    let ran = shop.rhumb(&[&["report", "default", "--errors"], &period[..]].concat());
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn a_stack_is_told_as_it_stands_in_the_source() {
    let shop = shop(LONG_AGO);
    let before = errors(&shop);
    assert_eq!(before["rows"][0]["stack"][0].get("original"), None);
    let uploaded = sourcemap(&shop, &["upload", "default", "dist"]);
    assert_eq!((&*uploaded.out, &*uploaded.err, uploaded.code), ("1 source map kept\n", "", 0));
    let after = errors(&shop);
    let stack = &after["rows"][0]["stack"];
    assert_eq!(stack[0]["original"], json!({ "source": "src/search.ts", "line": 3, "column": 3 }));
    assert_eq!((&stack[0]["column"], stack[1].get("original")), (&json!(24), None));
    let text = shop.rhumb(&[
        "report",
        "default",
        "--errors",
        "--from",
        "2026-01-01",
        "--to",
        "2026-01-28",
    ]);
    assert!(text.out.contains("n at src/search.ts:3:3"), "{}", text.out);
    let database = fs::read(shop.folder.path().join("rhumb.db")).unwrap();
    assert!(!database.windows(6).any(|bytes| bytes == b"secret"), "the sources are not kept");
    let listed = sourcemap(&shop, &["list", "default"]);
    assert!(listed.out.starts_with("assets/search-BkZ3a9xQ.js  "), "{}", listed.out);
    assert_eq!(sourcemap(&shop, &["remove", "default"]).code, 0);
    assert_eq!(errors(&shop), before);
}

#[tokio::test]
async fn a_running_server_sees_what_is_uploaded() {
    let an_hour_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let shop = shop(&an_hour_ago.to_string());
    let server = Binary::start(shop.folder.path());
    let address = format!("{}v1/sites/default/errors", server.url);
    let first = reqwest::get(&address).await.unwrap();
    let tag = first.headers()["etag"].clone();
    let again = || reqwest::Client::new().get(&address).header("if-none-match", &tag).send();
    assert_eq!(again().await.unwrap().status(), 304);
    assert_eq!(sourcemap(&shop, &["upload", "default", "dist"]).code, 0);
    let answer = again().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(answer["rows"][0]["stack"][0]["original"]["source"], "src/search.ts");
    let tag = again().await.unwrap().headers()["etag"].clone();
    let again = || reqwest::Client::new().get(&address).header("if-none-match", &tag).send();
    let other = MAP.replace("search.ts", "other.ts");
    fs::write(shop.folder.path().join("dist/assets/search-BkZ3a9xQ.js.map"), other).unwrap();
    assert_eq!(sourcemap(&shop, &["remove", "default"]).code, 0);
    assert_eq!(sourcemap(&shop, &["upload", "default", "dist"]).code, 0);
    let answer = again().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(answer["rows"][0]["stack"][0]["original"]["source"], "src/other.ts");
}

#[tokio::test]
async fn functions_of_profiles_are_those_of_the_source() {
    let mut shop = shop(LONG_AGO);
    let an_hour_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let source = "https://shop.example/static/assets/list-BkZ3a9xQ.js";
    let function =
        |name: &str, column: u32| json!({ "name": name, "source": 1, "line": 1, "column": column });
    let profile = json!({ "interval_us": 10_000, "sources": [source],
        "functions": [function("n", 11), function("anonymous", 40)],
        "stacks": [{ "function": 0, "count": 12, "slow_count": 12 }, { "function": 1, "count": 1 }] });
    shop.visit(&an_hour_ago.to_string(), [1200.0], &json!({ "profile": profile }));
    let server = Binary::start(shop.folder.path());
    let (address, page) =
        (format!("{}v1/sites/default/profiles", server.url), format!("{}profiles", server.url));
    let first = reqwest::get(&address).await.unwrap();
    let tag = first.headers()["etag"].clone();
    // `function n(` of line 12, called `slowFilter` there.
    let mut map = sourcemap::SourceMapBuilder::new(None);
    map.add(0, 9, 11, 4, Some("src/list.ts"), Some("slowFilter"), false);
    let mut written = Vec::new();
    map.into_sourcemap().to_writer(&mut written).unwrap();
    fs::write(shop.folder.path().join("dist/assets/list-BkZ3a9xQ.js.map"), written).unwrap();
    assert_eq!(sourcemap(&shop, &["upload", "default", "dist"]).code, 0);
    let again = reqwest::Client::new().get(&address).header("if-none-match", &tag).send();
    let rows = again.await.unwrap().json::<Value>().await.unwrap()["rows"].clone();
    assert_eq!(
        (&rows[0]["name"], &rows[0]["source"]),
        (&json!("slowFilter"), &json!("src/list.ts"))
    );
    assert_eq!((&rows[0]["line"], &rows[0]["self_ms"]), (&json!(12), &json!(120.0)));
    let page = reqwest::get(&page).await.unwrap().text().await.unwrap();
    assert!(page.contains("src/list.ts:12"), "{page}");
}

#[test]
fn what_is_no_source_map_is_refused_with_its_name() {
    let shop = shop(LONG_AGO);
    fs::write(shop.folder.path().join("dist/broken.js.map"), "{}").unwrap();
    fs::create_dir(shop.folder.path().join("empty")).unwrap();
    for (arguments, says) in [
        (&["upload", "default", "dist"][..], "cannot take dist/broken.js.map: it is no source map"),
        (&["upload", "default", "empty"], "there is no source map (*.map) in empty"),
        (&["upload", "other", "dist"], "there is no site other"),
        (&["remove", "default", "a.js"], "there is no source map a.js"),
    ] {
        let ran = sourcemap(&shop, arguments);
        assert!(ran.code != 0 && ran.err.contains(says), "{says}: {}", ran.err);
    }
}
