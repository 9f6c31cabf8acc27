//! Page views one by one: lists that go on, and one with all that is known of it.

use crate::support::{Rhumb, beacon, read, read_json, rows};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

const LIST: &str = "/v1/sites/default/page-views";

/// What identifies the page views of a list: their LCPs are their numbers.
fn lcps(list: &Value) -> Vec<f64> {
    let rows = list["rows"].as_array().unwrap();
    rows.iter().map(|row| row["metrics"]["lcp"]["value"].as_f64().unwrap()).collect()
}

/// All that a list has, so many at a time; `between` happens after each part.
async fn all(rhumb: &Rhumb, query: &str, between: impl AsyncFn(u128)) -> Vec<f64> {
    let (mut found, mut cursor, mut part) = (Vec::new(), String::new(), 0);
    loop {
        let list = rhumb.json(&format!("{LIST}?limit=2{query}{cursor}")).await;
        found.extend(lcps(&list));
        let Some(next) = list["next"].as_str() else { return found };
        cursor = format!("&cursor={next}");
        between(part).await;
        part += 1;
        assert!(part < 20, "the list does not end");
    }
}

async fn problem(rhumb: &Rhumb, path: &str, status: StatusCode) -> Value {
    let response = rhumb.get(path).await;
    assert_eq!(response.status(), status, "{path}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
    read_json(response).await
}

#[tokio::test]
async fn the_latest_come_first_and_none_is_skipped_or_repeated_while_others_arrive() {
    let rhumb = Rhumb::start();
    for number in 1..=7 {
        rhumb.accepts(&beacon(number, f64::from(u32::try_from(number).unwrap()))).await;
    }
    let arrive = async |part: u128| rhumb.accepts(&beacon(100 + part, 9999.0)).await;
    let found = all(&rhumb, "", arrive).await;
    assert_eq!(found, [7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
}

#[tokio::test]
async fn the_slowest_come_first_also_where_several_are_as_slow() {
    let rhumb = Rhumb::start();
    for (number, lcp) in [(1, 10.0), (2, 30.0), (3, 20.0), (4, 30.0), (5, 30.0)] {
        rhumb.accepts(&beacon(number, lcp)).await;
    }
    let mut other = beacon(6, 0.0);
    other["metrics"] = json!([{ "name": "INP", "value": 400 }]);
    rhumb.accepts(&other).await;
    let arrive = async |part: u128| rhumb.accepts(&beacon(100 + part, 31.0)).await;
    let found = all(&rhumb, "&order=slowest&metric=lcp", arrive).await;
    assert_eq!(found, [30.0, 30.0, 30.0, 20.0, 10.0]);
    let list = rhumb.json(&format!("{LIST}?order=slowest&metric=inp")).await;
    assert_eq!(list["rows"].as_array().unwrap().len(), 1);
    assert_eq!(list["rows"][0]["metrics"]["inp"]["rating"], "needs-improvement");
    assert_eq!((&list["order"], &list["metric"]), (&json!("slowest"), &json!("inp")));
}

#[tokio::test]
async fn filters_choose_and_what_never_occurred_is_an_empty_list() {
    let rhumb = Rhumb::start();
    for (number, release) in [(1, "1.0"), (2, "2.0"), (3, "2.0")] {
        let mut beacon = beacon(number, f64::from(u32::try_from(number).unwrap()));
        beacon["release"] = json!(release);
        rhumb.accepts(&beacon).await;
    }
    let list = rhumb.json(&format!("{LIST}?release=2.0")).await;
    assert_eq!(lcps(&list), [3.0, 2.0]);
    assert_eq!(list["filters"], json!({ "release": "2.0" }));
    assert_eq!(list["rows"][0]["release"], "2.0");
    for query in ["?release=3.0", "?to=2020-01-01&from=2019-12-01", "?order=slowest&metric=fid"] {
        let list = rhumb.json(&format!("{LIST}{query}")).await;
        assert_eq!((&list["rows"], &list["next"]), (&json!([]), &Value::Null), "{query}");
    }
}

#[tokio::test]
async fn a_cursor_is_taken_by_its_own_question_only() {
    let rhumb = Rhumb::start();
    for number in 1..=3 {
        rhumb.accepts(&beacon(number, 100.0)).await;
    }
    let next = rhumb.json(&format!("{LIST}?limit=1")).await["next"].as_str().unwrap().to_owned();
    for query in ["order=slowest", "os=Linux"] {
        let path = format!("{LIST}?{query}&cursor={next}");
        let problem = problem(&rhumb, &path, StatusCode::BAD_REQUEST).await;
        assert_eq!(problem["field"], "cursor", "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("another question"), "{problem}");
    }
}

fn explained() -> Value {
    let mut beacon = beacon(0x5f0c, 2312.4);
    beacon["url"] = json!("https://shop.example/product/42?secret=1");
    beacon["route"] = json!("/product/:id");
    beacon["metrics"] = json!([
        { "name": "TTFB", "value": 320.1, "attribution": { "waitingDuration": 20, "requestDuration": 300.1 } },
        { "name": "LCP", "value": 2312.4, "attribution": {
            "target": "main>img.hero", "url": "https://shop.example/hero.jpg", "timeToFirstByte": 320.1,
            "resourceLoadDelay": 1000, "resourceLoadDuration": 900, "elementRenderDelay": 92.3 } },
        { "name": "CLS", "value": 0.123_456, "attribution": {
            "largestShiftTarget": "main", "largestShiftTime": 1600, "largestShiftValue": 0.123_456 } },
        { "name": "INP", "value": 612, "attribution": {
            "interactionTarget": "#buy", "interactionTime": 5000, "inputDelay": 12,
            "processingDuration": 580, "presentationDelay": 20,
            "longestScript": { "subpart": "processing-duration", "intersectingDuration": 570,
                "entry": { "sourceURL": "https://shop.example/app.js", "sourceFunctionName": "buy" } } } },
    ]);
    beacon
}

#[tokio::test]
async fn one_page_view_has_its_values_and_why_they_are_so_under_both_of_its_ids() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&explained()).await;
    let id = rhumb.json(LIST).await["rows"][0]["id"].as_str().unwrap().to_owned();
    let one = rhumb.json(&format!("{LIST}/{id}")).await;
    assert_eq!(one, rhumb.json(&format!("{LIST}/{:032x}", 0x5f0c)).await);
    assert_eq!((&one["id"], &one["site"]), (&json!(id), &json!("default")));
    assert_eq!(one["url"], "https://shop.example/product/42");
    assert_eq!((&one["route"], &one["is_bot"]), (&json!("/product/:id"), &json!(false)));
    let lcp = json!({
        "unit": "ms", "value": 2312.4, "rating": "good", "attribution": {
            "target": "main>img.hero", "url": "https://shop.example/hero.jpg", "timeToFirstByte": 320.1,
            "resourceLoadDelay": 1000.0, "resourceLoadDuration": 900.0, "elementRenderDelay": 92.3 }
    });
    assert_eq!(one["metrics"]["lcp"], lcp);
    assert_eq!(one["metrics"]["cls"]["attribution"]["largestShiftValue"], 0.1235);
    assert_eq!(one["metrics"]["inp"]["rating"], "poor");
    assert_eq!(one["metrics"]["inp"]["attribution"]["longestScript.sourceFunctionName"], "buy");
    let waterfall = one["waterfall"].as_array().unwrap();
    assert_eq!(
        waterfall[0],
        json!({ "metric": "ttfb", "name": "waitingDuration", "start": 0.0, "duration": 20.0 })
    );
    assert_eq!(waterfall.last().unwrap()["start"], 5592.0);
}

#[tokio::test]
async fn the_waterfall_names_what_was_painted_and_what_shifted() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&explained()).await;
    let page = rhumb.text(&format!("/page-views/{:032x}", 0x5f0c)).await;
    for note in ["LCP of main&#62;img.hero", "CLS of main"] {
        assert!(page.contains(note), "{note} is not in {page}");
    }
}

#[tokio::test]
async fn a_later_beacon_of_a_page_view_changes_it_and_not_its_id() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&explained()).await;
    let before = rhumb.json(LIST).await["rows"][0]["id"].clone();
    let mut later = beacon(0x5f0c, 4500.0);
    later["sequence"] = json!(1);
    rhumb.accepts(&later).await;
    let list = rhumb.json(LIST).await;
    assert_eq!((lcps(&list), &list["rows"][0]["id"]), (vec![4500.0], &before));
    assert_eq!(list["rows"][0]["metrics"]["inp"]["value"], 612.0);
}

#[tokio::test]
async fn ids_that_are_none_and_of_no_page_view_are_told_apart() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    for id in ["1", "zz", "00000000000000000", &"g".repeat(16), &"0".repeat(33)] {
        let path = format!("{LIST}/{id}");
        assert_eq!(problem(&rhumb, &path, StatusCode::BAD_REQUEST).await["field"], "id", "{id}");
    }
    for id in ["0123456789abcdef", &"f".repeat(32)] {
        let path = format!("{LIST}/{id}");
        let problem = problem(&rhumb, &path, StatusCode::NOT_FOUND).await;
        assert_eq!(problem["type"], "urn:rhumb:problem:unknown_page_view", "{id}");
    }
    let path = format!("{LIST}/{:032x}?route=/", 1);
    assert_eq!(problem(&rhumb, &path, StatusCode::BAD_REQUEST).await["field"], "route");
}

#[tokio::test]
async fn an_answer_that_has_not_changed_is_not_sent_again() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    for path in [LIST.to_owned(), format!("{LIST}/{:032x}", 1)] {
        let tag = rhumb.tag(&path).await;
        let again = rhumb.get_again(&path, &tag).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test]
async fn the_page_views_of_another_site_are_not_shown() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    let id = rhumb.json(LIST).await["rows"][0]["id"].as_str().unwrap().to_owned();
    rhumb.add_site("shop", &[]).await;
    assert_eq!(rhumb.json("/v1/sites/shop/page-views").await["rows"], json!([]));
    for id in [&id, &format!("{:032x}", 1)] {
        let path = format!("/v1/sites/shop/page-views/{id}");
        problem(&rhumb, &path, StatusCode::NOT_FOUND).await;
    }
}

#[tokio::test]
async fn a_list_is_a_table_too_whose_header_leads_to_what_follows() {
    let rhumb = Rhumb::start();
    for number in 1..=3_u32 {
        let mut beacon = beacon(number.into(), f64::from(number));
        beacon["route"] = json!("=1+1");
        beacon["form_factor"] = json!("phone");
        rhumb.accepts(&beacon).await;
    }
    let response = rhumb.get(&format!("{LIST}?metric=lcp&limit=2&format=csv")).await;
    let next = response.headers()[header::LINK].to_str().unwrap().to_owned();
    let first = rows(&read(response).await);
    let columns = "id,started_at,url,route,release,navigation_type,form_factor,browser,os,country,\
                   connection,lcp_ms,inp_ms,cls,fcp_ms,ttfb_ms,fid_ms";
    assert_eq!(first[0].join(","), columns);
    let lcps =
        |rows: &[Vec<String>]| rows[1..].iter().map(|row| row[11].clone()).collect::<Vec<_>>();
    assert_eq!(lcps(&first), ["3", "2"]);
    assert_eq!((&*first[1][3], &*first[1][6], &*first[1][12]), ("'=1+1", "phone", ""));
    let query = next.strip_prefix("<?").unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    let last = rhumb.get(&format!("{LIST}?{query}")).await;
    assert!(!last.headers().contains_key(header::LINK));
    assert_eq!(lcps(&rows(&read(last).await)), ["1"]);
}
