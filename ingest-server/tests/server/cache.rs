//! Answers that are kept: asked again they are not read again, and none is ever behind.

use crate::support::{Binary, Rhumb, beacon, read};
use axum::http::{StatusCode, header};
use futures_util::future::join_all;
use ingest_server::store::sqlite::Database;
use std::{
    thread,
    time::{Duration, Instant},
};

/// Far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(30);
const SUMMARY: &str = "/v1/sites/default/summary";

/// How often page views were read for a report.
pub(crate) fn reads(rhumb: &Rhumb) -> u64 {
    let app = rhumb.server.app();
    let times = app.reader().statements().times();
    times.iter().find(|it| it.name == "page_views.selected").map_or(0, |it| it.count)
}

/// Hits and misses of a level.
pub(crate) fn asked(rhumb: &Rhumb, level: &str) -> (u64, u64) {
    let states = rhumb.server.app().kept_answers().states();
    states.iter().find(|it| it.0 == level).map(|(_, it)| (it.hits, it.misses)).unwrap()
}

#[tokio::test]
async fn what_is_asked_again_is_not_read_again_until_something_new_is_known() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    let first = rhumb.summary().await;
    assert_eq!((rhumb.summary().await, reads(&rhumb)), (first, 1));
    assert_eq!(asked(&rhumb, "answers"), (1, 1));
    for page_views in 2..5 {
        rhumb.accepts(&beacon(page_views, 100.0)).await;
        assert_eq!(u128::from(rhumb.summary().await["page_views"].as_u64().unwrap()), page_views);
    }
    assert_eq!(reads(&rhumb), 4);
}

#[tokio::test]
async fn what_another_program_writes_is_in_the_next_answer() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    let tag = rhumb.tag(SUMMARY).await;
    let other = rusqlite::Connection::open(rhumb.database()).unwrap();
    other.execute_batch("DELETE FROM page_views").unwrap();
    let again = rhumb.get_again(SUMMARY, &tag).await;
    assert_eq!(again.status(), StatusCode::OK, "what the browser has is behind");
    assert_eq!(rhumb.summary().await["page_views"], 0);
}

#[tokio::test]
async fn what_is_asked_at_the_same_time_is_read_once() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    let answers = join_all((0..8).map(|_| rhumb.summary())).await;
    assert!(answers.iter().all(|it| it["page_views"] == 1), "{answers:?}");
    assert_eq!((reads(&rhumb), asked(&rhumb, "answers")), (1, (7, 1)));
}

#[tokio::test]
async fn an_answer_is_that_of_its_own_route_media_and_host() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    let json = rhumb.text("/v1/sites/default/renders").await;
    assert_ne!(rhumb.text("/v1/sites/default/long-frames").await, json);
    let csv = rhumb.get_with("/v1/sites/default/renders", &[(header::ACCEPT, "text/csv")]).await;
    assert_eq!(csv.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
    assert_ne!(read(csv).await, json);
    rhumb.text("/renders").await;
    let known = asked(&rhumb, "answers");
    let page = rhumb.get_with("/renders", &[(header::HOST, "127.0.0.1:8787")]).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(asked(&rhumb, "answers"), (known.0, known.1 + 1));
}

#[tokio::test]
async fn browsers_that_have_an_answer_are_a_level_of_their_own() {
    let rhumb = Rhumb::start();
    let tag = rhumb.tag(SUMMARY).await;
    assert_eq!(rhumb.get_again(SUMMARY, &tag).await.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(rhumb.get_again(SUMMARY, "\"another\"").await.status(), StatusCode::OK);
    assert_eq!((asked(&rhumb, "etag"), asked(&rhumb, "answers")), ((1, 1), (1, 1)));
}

#[tokio::test]
async fn the_overview_is_read_once_for_all_browsers_that_do_not_have_it() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    rhumb.text("/").await;
    let known = reads(&rhumb);
    rhumb.text("/").await;
    assert_eq!((reads(&rhumb), asked(&rhumb, "courses")), (known, (1, 1)));
    rhumb.accepts(&beacon(2, 100.0)).await;
    let page = rhumb.text("/").await;
    assert!(page.contains(": 2 page views"), "{page}");
}

#[tokio::test]
async fn metrics_tell_of_each_level_what_was_asked_and_how_long_that_took() {
    let rhumb = Rhumb::start();
    rhumb.summary().await;
    rhumb.summary().await;
    let metrics = rhumb.text("/metrics").await;
    for line in [
        r#"rhumb_cache_requests_total{level="answers",outcome="hit"} 1"#,
        r#"rhumb_cache_requests_total{level="answers",outcome="miss"} 1"#,
        r#"rhumb_cache_requests_total{level="etag",outcome="hit"} 0"#,
        r#"rhumb_cache_time_seconds_total{level="answers",outcome="miss"} 0."#,
        r#"rhumb_cache_size_bytes{level="answers"}"#,
        r#"rhumb_cache_entries{level="summaries"}"#,
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

#[test]
fn the_overview_is_asked_for_before_anybody_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut database = Database::open(&folder.path().join("rhumb.db")).unwrap();
    database.put_site(&"shop".parse().unwrap(), &[]).unwrap();
    database.close().unwrap();
    let server = Binary::start(folder.path());
    let metrics = format!("{}metrics", server.url);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let warmed = r#"rhumb_cache_requests_total{level="summaries",outcome="miss"} 2"#;
    let is_warm = || {
        let text = async { reqwest::get(&metrics).await.unwrap().text().await.unwrap() };
        runtime.block_on(text).contains(warmed)
    };
    let begin = Instant::now();
    while !is_warm() {
        assert!(begin.elapsed() < PATIENCE, "nobody asked");
        thread::sleep(Duration::from_millis(10));
    }
    runtime
        .block_on(async { reqwest::get(&server.url).await.unwrap().error_for_status().unwrap() });
    let text = runtime.block_on(async { reqwest::get(&metrics).await.unwrap().text().await });
    let hit = r#"rhumb_cache_requests_total{level="summaries",outcome="hit"} 1"#;
    assert!(text.unwrap().contains(hit));
}
