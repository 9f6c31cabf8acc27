//! Errors, memory and requests, from a beacon to the reports.

use crate::support::{Rhumb, beacon, read, read_json};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

/// What took so long, once each.
fn durations(all_ms: &[u32]) -> Value {
    let mut bins = std::collections::BTreeMap::<i16, u32>::new();
    for bin in all_ms.iter().filter_map(|ms| beacon::duration_bin(f64::from(*ms))) {
        *bins.entry(bin).or_default() += 1;
    }
    json!({ "count": all_ms.len(), "total_us": all_ms.iter().sum::<u32>() * 1000,
            "max_us": all_ms.iter().max().unwrap() * 1000, "bins": bins.into_iter().collect::<Vec<_>>() })
}

/// A page view of a release whose search fails, leaks and asks for one thing after another.
fn troubled(page_view: u128, release: &str) -> Value {
    let mut beacon = beacon(page_view, 1200.0);
    beacon["route"] = json!("/search");
    let source = format!("https://shop.example/search-{release}.js?token=secret");
    let frame = json!({ "function": "apply", "source": source, "line": 1, "column": 90_210 });
    beacon["errors"] = json!({ "dropped": 1, "errors": [
        { "kind": "error", "message": format!("no trip {page_view}"), "stack": [frame], "count": 2 },
        { "kind": "csp-violation", "message": "script-src-elem https://ads.example", "count": 1 } ] });
    beacon["memory"] = json!({ "source": "heap", "samples": 5, "first_bytes": 20_000_000,
        "last_bytes": 32_000_000, "max_bytes": 33_000_000, "first_ms": 2000, "last_ms": 32_000 });
    let request = |path: &str, all_ms: &[u32]| {
        json!({ "url": format!("https://shop.example/api{path}?token=secret"), "failed_count": 1,
                "durations": durations(all_ms), "waits": durations(all_ms), "trace_id": "",
                "server": [{ "name": "db", "durations": durations(&[9]) }] })
    };
    beacon["requests"] = json!({ "sequential_us": 1_000_000, "elapsed_us": 800_000,
        "urls": [request("/user", &[100]), request("/trips/:id", &[300, 600])],
        "chains": [{ "urls": [0, 1], "total_us": 700_000, "longest_us": 600_000 }] });
    let function = |name: &str| json!({ "name": name, "source": 1, "line": 1, "column": 9 });
    let stack = |parent: u16, function: u16, count: u32, slow_count: u32| json!({ "parent": parent, "function": function, "count": count, "slow_count": slow_count });
    beacon["profile"] = json!({ "interval_us": 10_000, "dropped": 1,
        "sources": [format!("https://shop.example/search-{release}.js?token=secret")],
        "functions": [function("onClick"), function("slowFilter"), function("idle")],
        "stacks": [stack(0, 0, 1, 1), stack(1, 1, 12, 12), stack(0, 2, 30, 0)] });
    let target = if page_view.is_multiple_of(3) { "#sort" } else { "#apply" };
    beacon["metrics"].as_array_mut().unwrap().push(json!({
        "name": "INP", "value": 312.0, "attribution": { "interactionTarget": target,
            "interactionTime": 5000.0, "inputDelay": 12.0, "processingDuration": 300.0 } }));
    beacon["timeline"] = json!({ "dropped": 3,
        "loads": [{ "kind": "request", "url": "https://shop.example/api/user?token=secret",
                    "start_ms": 410, "duration_ms": 220 }],
        "long_frames": [{ "start_ms": 900, "duration_ms": 160 }] });
    beacon
}

async fn twelve() -> Rhumb {
    let rhumb = Rhumb::start();
    for page_view in 1..=12 {
        let release = if page_view % 2 == 0 { "BkZ3a9xQ" } else { "Dq1w2e3R" };
        rhumb.accepts(&troubled(page_view, release)).await;
    }
    rhumb.accepts(&beacon(99, 800.0)).await;
    rhumb
}

#[tokio::test]
async fn errors_of_two_releases_that_say_the_same_are_one() {
    let report = twelve().await.ask("errors", &[]).await;
    assert_eq!((&report["page_views"], &report["errors"]), (&json!(12), &json!(2)));
    assert_eq!(report["dropped"], 12);
    let error = &report["rows"][0];
    assert_eq!((&error["kind"], &error["count"]), (&json!("error"), &json!(24)));
    assert_eq!((&error["page_views"], &error["routes"]), (&json!(12), &json!(["/search"])));
    let source = error["stack"][0]["source"].as_str().unwrap();
    assert!(!source.contains("secret"), "no query string is kept: {source}");
}

#[tokio::test]
async fn a_route_whose_page_views_take_more_and_more_memory_is_suspected() {
    let rhumb = twelve().await;
    let report = rhumb.ask("memory", &[]).await;
    let row = &report["rows"][0];
    assert_eq!((&row["route"], &row["leak"]), (&json!("/search"), &json!("suspected")));
    assert_eq!((&row["growth_bytes_p50"], &row["watched"]), (&json!(12_000_000), &json!(12)));
    assert_eq!(row["growth_bytes_per_minute_p50"], 24_000_000);
    let elsewhere = rhumb.ask("memory", &[("route", "/other")]).await;
    assert_eq!((&elsewhere["page_views"], &elsewhere["rows"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn requests_are_told_with_what_they_wait_for() {
    let report = twelve().await.ask("requests", &[]).await;
    assert_eq!((&report["page_views"], &report["urls"]), (&json!(12), &json!(2)));
    let row = &report["rows"][0];
    assert_eq!(row["url"], "https://shop.example/api/trips/:id", "no query string is kept");
    assert_eq!((&row["count"], &row["failed_count"]), (&json!(24), &json!(12)));
    assert_eq!((&row["server"][0]["name"], row.get("trace_id")), (&json!("db"), None));
    let chain = &report["chains"][0];
    let urls = ["https://shop.example/api/user", "https://shop.example/api/trips/:id"];
    assert_eq!((&chain["urls"], &chain["route"]), (&json!(urls), &json!("/search")));
    assert_eq!((&chain["mean_ms"], &chain["saved_ms"]), (&json!(700.0), &json!(1200.0)));
    let route = &report["routes"][0];
    assert_eq!((&route["concurrency"], &route["elapsed_p75"]), (&json!(1.25), &json!(800.0)));
}

#[tokio::test]
async fn functions_are_told_by_their_time_and_within_slow_interactions_alone() {
    let rhumb = twelve().await;
    let report = rhumb.ask("profiles", &[]).await;
    assert_eq!((&report["page_views"], &report["functions"]), (&json!(12), &json!(3)));
    let told = |report: &Value| {
        let rows = report["rows"].as_array().unwrap().clone();
        rows.into_iter()
            .map(|row| (row["name"].clone(), row["self_ms"].clone(), row["total_ms"].clone()))
            .collect::<Vec<_>>()
    };
    let row = |name: &str, own: f64, total: f64| (json!(name), json!(own), json!(total));
    assert_eq!(
        told(&report),
        [
            row("idle", 3600.0, 3600.0),
            row("onClick", 120.0, 1560.0),
            row("slowFilter", 1440.0, 1440.0)
        ]
    );
    assert_eq!(report["rows"][0]["source"], "https://shop.example/search-*.js");
    let slow = rhumb.ask("profiles", &[("interactions", "slow")]).await;
    assert_eq!(told(&slow), [row("onClick", 120.0, 1560.0), row("slowFilter", 1440.0, 1440.0)]);
    assert_eq!(slow["stacks"][0]["functions"], json!(["onClick", "slowFilter"]));
    let drawn = rhumb.get("/profiles.svg?answer=none").await;
    assert_eq!(drawn.headers()[header::CONTENT_TYPE], "image/svg+xml");
    let policy = drawn.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let drawn = String::from_utf8(read(drawn).await.to_vec()).unwrap();
    assert!(drawn.contains("slowFilter"), "{drawn}");
    let page = String::from_utf8(read(rhumb.get("/profiles").await).await.to_vec()).unwrap();
    assert!(page.contains("slowFilter") && page.contains("/profiles.svg?site=default"), "{page}");
    // What arrives meanwhile is not in the picture, which is of what the page shows.
    let picture = page.split("href=\"").filter_map(|rest| rest.split('"').next());
    let picture = picture.into_iter().find(|it| it.contains("/profiles.svg")).unwrap();
    let mut later = troubled(77, "BkZ3a9xQ");
    later["profile"]["functions"][0]["name"] = json!("arrivedLater");
    rhumb.accepts(&later).await;
    let drawn = rhumb.get(&picture.replace("&#38;", "&")).await;
    let drawn = String::from_utf8(read(drawn).await.to_vec()).unwrap();
    assert!(drawn.contains("slowFilter") && !drawn.contains("arrivedLater"), "{drawn}");
    let anew = String::from_utf8(read(rhumb.get("/profiles.svg").await).await.to_vec()).unwrap();
    assert!(anew.contains("arrivedLater"), "{anew}");
    rhumb.add_site("other", &[]).await;
    let other = picture.replace("&#38;", "&").replace("site=default", "site=other");
    let drawn = rhumb.get(&other).await.status();
    assert_eq!(drawn, StatusCode::NOT_FOUND, "who may read of one site gets no answer of another");
}

#[tokio::test]
async fn a_profile_that_is_deep_and_wordy_makes_no_long_answer() {
    let rhumb = Rhumb::start();
    let mut visit = troubled(1, "BkZ3a9xQ");
    let file = "a".repeat(1900);
    visit["profile"] = json!({
        "interval_us": 10_000,
        "sources": [format!("https://shop.example/{file}.js")],
        "functions": [{ "name": "", "source": 1 }],
        "stacks": (0..1000).map(|at| json!({ "parent": at % 250, "function": 0, "count": 1 + at })).collect::<Vec<_>>(),
    });
    rhumb.accepts(&visit).await;
    let answer = read(rhumb.get("/v1/sites/default/profiles").await).await;
    assert!(answer.len() < 5 << 20, "{} bytes", answer.len());
    visit["profile"]["stacks"] =
        (0..300).map(|at| json!({ "parent": at, "function": 0 })).collect();
    let refused = rhumb.post(visit.to_string()).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = String::from_utf8(read(refused).await.to_vec()).unwrap();
    assert!(refused.contains("profile.stacks[256].parent"), "{refused}");
}

/// Where the link leads whose name begins with that text.
fn named(page: &str, name: &str) -> String {
    let (before, _) = page.split_once(&format!("\" aria-label=\"{name}")).unwrap();
    before.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&")
}

#[tokio::test]
async fn a_frame_of_the_flame_graph_is_seen_at_full_width_and_leads_back() {
    let rhumb = twelve().await;
    let page = async |path: &str| {
        let response = rhumb.get(path.trim_end_matches("#flames")).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        String::from_utf8(read(response).await.to_vec()).unwrap().replace('\u{a0}', " ")
    };
    let all = page("/profiles?interactions=slow").await;
    assert!(
        all.contains("What called what: 2 frames") && !all.contains("class=\"crumbs\""),
        "{all}"
    );
    let href = named(&all, "slowFilter: 1.44 s, 92.3 % of all");
    let begins = "/profiles?site=default&period=28d&interactions=slow&frame=";
    assert!(href.starts_with(begins) && href.ends_with("#flames"), "{href}");
    let one = page(&href).await;
    assert!(one.contains("What it calls: 1 frame, each"), "{one}");
    let (_, crumbs) = one.split_once("class=\"crumbs\"").unwrap();
    let (crumbs, _) = crumbs.split_once("</nav>").unwrap();
    assert!(crumbs.contains("<span aria-current=\"location\">slowFilter</span>"), "{crumbs}");
    for (text, shown) in
        [("All", "What called what: 2 frames"), ("onClick", "What it calls: 2 frames")]
    {
        let (before, _) = crumbs.split_once(&format!("\">{text}</a>")).unwrap();
        let back = before.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&");
        let back = page(&back).await;
        assert!(back.contains(shown), "{text}: {back}");
    }
    // The frame stays chosen in another period, and what did not run is said.
    let frame = href.split("frame=").nth(1).unwrap().trim_end_matches("#flames");
    assert!(one.contains(&format!("period=7d&#38;interactions=slow&#38;frame={frame}\"")), "{one}");
    let unknown = page("/profiles?interactions=slow&frame=0123456789abcdef").await;
    assert!(unknown.contains("That frame is not in these samples"), "{unknown}");
    assert!(unknown.contains("What called what: 2 frames"), "{unknown}");
    let tags = [rhumb.tag("/profiles").await, rhumb.tag(&format!("/profiles?frame={frame}")).await];
    assert_ne!(tags[0], tags[1]);
    let refused = rhumb.get("/profiles?frame=7").await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn functions_are_told_of_those_page_views_whose_inp_is_of_an_element() {
    let rhumb = twelve().await;
    for (target, page_views, self_ms) in [("#sort", 4, 480.0), ("#apply", 8, 960.0)] {
        let question = [("interactions", "slow"), ("target", target)];
        let report = rhumb.ask("profiles", &question).await;
        assert_eq!(
            (&report["page_views"], &report["target"]),
            (&json!(page_views), &json!(target))
        );
        let slow_filter = &report["rows"][1];
        assert_eq!(
            (&slow_filter["name"], &slow_filter["self_ms"]),
            (&json!("slowFilter"), &json!(self_ms))
        );
    }
    let nobody = rhumb.ask("profiles", &[("target", "#other")]).await;
    assert_eq!((&nobody["page_views"], &nobody["rows"]), (&json!(0), &json!([])));
    let shown = rhumb.get("/profiles?interactions=slow&target=%23sort").await;
    let page = String::from_utf8(read(shown).await.to_vec()).unwrap();
    let drawn =
        "/profiles.svg?site=default&#38;period=28d&#38;interactions=slow&#38;target=%23sort";
    assert!(page.contains("On 4 page views that were profiled") && page.contains(drawn), "{page}");
    let day = "/profiles?site=default&#38;period=24h&#38;interactions=slow&#38;target=%23sort";
    assert!(page.contains(day), "another period is of the same samples: {page}");
    let refused = rhumb.get("/profiles?interactions=fast").await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_page_view_has_a_page_with_its_waterfall() {
    let rhumb = twelve().await;
    let shown = rhumb.get(&format!("/page-views/{:032x}?site=default", 2)).await;
    let page = String::from_utf8(read(shown).await.to_vec()).unwrap();
    let places = [">no trip 2<", ">/api/user<", ">Long frame<", ">Event handlers<"];
    let places = places.map(|text| page.find(text));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "in the order of time: {page}"
    );
    let profiles =
        "/profiles?site=default&#38;period=28d&#38;interactions=slow&#38;target=%23apply";
    assert!(page.contains(profiles) && page.contains("request from shop.example"), "{page}");
    assert!(page.contains("3 more took less time") && !page.contains("secret"), "{page}");
    let table = format!("/v1/sites/default/page-views/{:032x}?format=csv", 2);
    let table = String::from_utf8(read(rhumb.get(&table).await).await.to_vec()).unwrap();
    let begin = [
        "kind,name,start_ms,duration_ms,count",
        "error,no trip 2,0,,2",
        "error,script-src-elem https://ads.example,0,,1",
        "request,https://shop.example/api/user,410,220,",
        "long_frame,,900,160,",
        "inp,inputDelay,5000,12,",
        "inp,processingDuration,5012,300,",
    ];
    assert_eq!(table.lines().count(), begin.len(), "{table}");
    for (line, begin) in table.lines().zip(begin) {
        assert!(line.starts_with(begin), "{begin} is not in\n{table}");
    }
    let nobody = rhumb.get("/page-views/0000000000000000?site=default").await;
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
}

/// A bar that is as wide as all was taken to be wider, by the last bit.
#[tokio::test]
async fn a_slow_interaction_of_one_part_on_a_later_route_has_a_page_too() {
    let rhumb = Rhumb::start();
    let mut beacon = beacon(7, 1200.0);
    beacon["navigation_type"] = json!("soft-navigation");
    beacon["metrics"] = json!([
        { "name": "INP", "value": 304.2, "attribution": { "interactionTarget": "#apply",
            "interactionTime": 120_000.3, "inputDelay": 304.2 } },
        { "name": "CLS", "value": 0.2, "attribution": { "largestShiftTime": 119_000.0 } } ]);
    beacon["timeline"] = json!({ "loads": [{ "kind": "script", "url": "https://shop.example/a.js",
        "start_ms": 100, "duration_ms": 200 }] });
    rhumb.accepts(&beacon).await;
    let shown = rhumb.get(&format!("/page-views/{:032x}", 7)).await;
    let page = String::from_utf8(read(shown).await.to_vec()).unwrap();
    assert!(page.contains("the full width is 300\u{a0}ms"), "{page}");
    assert!(
        page.contains("the full width is 304\u{a0}ms") && !page.contains("layout shift"),
        "{page}"
    );
    let told = rhumb.json(&format!("/v1/sites/default/page-views/{:032x}", 7)).await;
    assert_eq!(told["waterfall"], json!([]), "its time is the document's");
}

#[tokio::test]
async fn a_page_view_has_what_its_beacon_told_and_each_report_is_a_table_too() {
    let rhumb = twelve().await;
    let told = rhumb.json(&format!("/v1/sites/default/page-views/{:032x}", 2)).await;
    let said = troubled(2, "BkZ3a9xQ");
    assert_eq!(told["memory"], said["memory"]);
    assert_eq!(told["errors"]["errors"][0]["message"], "no trip 2");
    assert_eq!(told["requests"]["chains"], said["requests"]["chains"]);
    assert_eq!(told["timeline"]["loads"][0]["url"], "https://shop.example/api/user");
    assert_eq!(told["timeline"]["long_frames"], said["timeline"]["long_frames"]);
    for (report, first) in [
        ("errors", "error,no trip "),
        ("memory", "/search,heap,12,12,32000000,32000000,33000000,12000000,"),
        ("requests", "https://shop.example/api/trips/:id,12,24,12,0.5,10800,"),
        ("profiles", "idle,https://shop.example/search-*.js,,12,3600,"),
    ] {
        let address = format!("/v1/sites/default/{report}");
        let table = rhumb.get_with(&address, &[(header::ACCEPT, "text/csv")]).await;
        let text = String::from_utf8(read(table).await.to_vec()).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with(first), "{text}");
        let columns = |line: &str| line.split(',').count();
        assert_eq!(columns(line), columns(text.lines().next().unwrap()), "{text}");
    }
}

#[tokio::test]
async fn what_does_not_fit_together_is_refused_by_field() {
    let rhumb = Rhumb::start();
    for (reason, field, value) in [
        ("invalid_errors", "errors.errors[0].count", json!(0)),
        ("invalid_memory", "memory.max_bytes", json!(31_000_000)),
        ("invalid_requests", "requests.chains[0].urls", json!([0, 2])),
        ("invalid_profile", "profile.stacks[1].parent", json!(2)),
        ("invalid_timeline", "timeline.loads[0].duration_ms", json!(600_001)),
    ] {
        let mut beacon = troubled(1, "BkZ3a9xQ");
        let pointer = format!("/{}", field.replace(['.', '['], "/").replace(']', ""));
        *beacon.pointer_mut(&pointer).unwrap() = value;
        let response = rhumb.post(beacon.to_string()).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let problem = read_json(response).await;
        assert_eq!(problem["type"], format!("urn:rhumb:problem:{reason}"));
        assert_eq!(problem["field"], field);
    }
}

/// A table that is forgotten keeps what nobody may know any more.
#[tokio::test]
async fn nothing_is_left_of_a_page_view_when_its_site_is_removed() {
    let rhumb = twelve().await;
    let database = rusqlite::Connection::open(rhumb.database()).unwrap();
    let of_page_views = "SELECT m.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
        WHERE m.type = 'table' AND c.name = 'page_view_id' AND c.pk = 1";
    let mut tables = database.prepare(of_page_views).unwrap();
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let tables = tables.map(Result::unwrap).collect::<Vec<_>>();
    assert_eq!(tables.len(), 9, "{tables:?}");
    let rows = |table: &String| {
        let count = format!("SELECT count(*) FROM {table}");
        database.query_row(&count, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let told = tables.iter().map(rows).sum::<i64>();
    assert!(told >= 12 * 4, "{told}");
    let mut writer = ingest_server::store::sqlite::Database::open(&rhumb.database()).unwrap();
    writer.remove_site(&"default".parse().unwrap()).unwrap();
    assert_eq!(tables.iter().map(rows).collect::<Vec<_>>(), [0; 9]);
}
