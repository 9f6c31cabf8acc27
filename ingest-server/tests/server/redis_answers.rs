//! Answers that memory has no room for, in Redis. Needs the feature `redis`.

use crate::{
    cache::{asked, reads},
    support::{Redis, Rhumb, beacon, rhumb},
};
use ingest_server::{http::RequestConfig, redis::RedisAddress};
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_secs(20);

/// A server without memory for answers, and with one page view.
async fn server(redis: &Redis) -> Rhumb {
    let rhumb = Rhumb::with_requests(RequestConfig {
        redis: Some(RedisAddress::parse(&redis.url()).unwrap()),
        are_answers_in_redis: true,
        answers_mb: 0,
        ..RequestConfig::default()
    });
    let began = Instant::now();
    while !rhumb.server.app().redis().unwrap().state().is_up {
        assert!(began.elapsed() < PATIENCE, "Redis is away");
        sleep(Duration::from_millis(5)).await;
    }
    rhumb.accepts(&beacon(1, 100.0)).await;
    rhumb
}

/// Asks until it was answered by Redis so often: what memory has no room for it may have for a moment.
async fn asked_of_redis(rhumb: &Rhumb, hits: u64) -> Value {
    let began = Instant::now();
    loop {
        let summary = rhumb.summary().await;
        if asked(rhumb, "redis").0 >= hits {
            return summary;
        }
        assert!(began.elapsed() < PATIENCE, "{:?}", asked(rhumb, "redis"));
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_memory_has_no_room_for_is_found_there_until_something_new_is_known_in_redis() {
    let Some(redis) = Redis::start() else { return };
    let rhumb = server(&redis).await;
    let first = rhumb.summary().await;
    assert_eq!(asked_of_redis(&rhumb, 1).await, first);
    let before = reads(&rhumb);
    asked_of_redis(&rhumb, 3).await;
    // Whoever does not answer in time on a busy machine is not waited for.
    if rhumb.server.app().redis().unwrap().state().failed == 0 {
        assert_eq!(reads(&rhumb), before, "it was read again");
    }
    let metrics = rhumb.text("/metrics").await;
    assert!(
        metrics.contains("rhumb_cache_requests_total{level=\"redis\",outcome=\"hit\"}"),
        "{metrics}"
    );

    rhumb.accepts(&beacon(2, 100.0)).await;
    assert_eq!(rhumb.summary().await["page_views"], 2, "it is behind");
    let hits = asked(&rhumb, "redis").0;
    assert_eq!(asked_of_redis(&rhumb, hits + 1).await["page_views"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_can_make_an_answer_and_no_key_tells_a_question_in_redis() {
    let Some(redis) = Redis::start() else { return };
    let rhumb = server(&redis).await;
    let first = rhumb.summary().await;
    let began = Instant::now();
    let keys = loop {
        let keys = redis.keys("rhumb:answer:");
        if !keys.is_empty() {
            break keys;
        }
        assert!(began.elapsed() < PATIENCE, "nothing is kept");
        sleep(Duration::from_millis(5)).await;
    };
    for key in keys {
        assert!(!key.contains("default") && !key.contains("summary"), "{key}");
        let left = redis.ask(&format!("TTL {key}"));
        assert!(left.contains(":600") || left.contains(":5"), "it stays: {left}");
        redis.ask(&format!("APPEND {key} 7"));
    }
    let before = reads(&rhumb);
    let began = Instant::now();
    while reads(&rhumb) == before {
        assert_eq!(rhumb.summary().await, first);
        assert!(began.elapsed() < PATIENCE, "what was changed is shown");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_is_away_what_memory_does_not_have_is_read_in_redis() {
    let Some(mut redis) = Redis::start() else { return };
    let rhumb = server(&redis).await;
    redis.stop();
    for page_views in 2..6 {
        rhumb.accepts(&beacon(page_views, 100.0)).await;
        assert_eq!(u128::from(rhumb.summary().await["page_views"].as_u64().unwrap()), page_views);
    }
    assert_eq!(asked(&rhumb, "redis").0, 0);
}

#[test]
fn answers_need_a_redis_to_be_kept_in_redis() {
    let folder = tempfile::tempdir().unwrap();
    let ran = rhumb(folder.path(), &["serve", "--redis-answers"]);
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("name it by --redis"), "{}", ran.err);
}
