//! What several servers share by way of a Redis. Needs the feature `redis`.

use crate::{
    rates::{Limited, hundred, is_told_to_wait},
    support::{Binary, Redis, beacon, read_json},
};
use axum::http::StatusCode;
use ingest_server::{
    ingest::{Limit, Outcome},
    redis::RedisAddress,
};
use serde_json::Value;
use std::{
    fs,
    time::{Duration, Instant},
};
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_secs(20);
/// How long a server may wait for Redis at the most, with what a busy machine adds to it.
const WAIT_MAX: Duration = Duration::from_millis(50);

fn server(redis: &Redis, client_requests: u32, site_beacons: u32) -> Limited {
    let address = RedisAddress::parse(&redis.url()).unwrap();
    Limited::start(client_requests, site_beacons, &["127.0.0.1/32"], Some(address))
}

async fn is_up(server: &Limited, up: bool) {
    let began = Instant::now();
    while server.server.app().redis().unwrap().state().is_up != up {
        assert!(began.elapsed() < PATIENCE, "is_up is not {up}");
        sleep(Duration::from_millis(5)).await;
    }
}

async fn health(server: &Limited) -> (StatusCode, Value) {
    let answer = server.get("/health/detailed").await;
    (answer.status(), read_json(answer).await)
}

/// How many requests of a client both take in turn, until both refuse.
async fn taken_by_both(servers: [&Limited; 2], client: &str) -> u64 {
    let mut taken = 0;
    for id in 0..1000 {
        let mut refused = 0;
        for server in servers {
            match server.post(client, &beacon(id + 1, 100.0)).await {
                answer if answer.status() == StatusCode::NO_CONTENT => taken += 1,
                answer => {
                    is_told_to_wait(answer).await;
                    refused += 1;
                }
            }
        }
        if refused == 2 {
            return taken;
        }
    }
    panic!("all are taken")
}

/// Whether each question was answered, which a busy machine may not do in time.
fn is_undisturbed(servers: [&Limited; 2]) -> bool {
    servers.iter().all(|it| {
        let state = it.server.app().redis().unwrap().state();
        state.failed == 0 && state.skipped == 0
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_take_together_what_one_may_of_a_client_in_redis() {
    let Some(redis) = Redis::start() else { return };
    for _ in 0..5 {
        let (one, other) = (server(&redis, 1, 0), server(&redis, 1, 0));
        is_up(&one, true).await;
        is_up(&other, true).await;
        redis.ask("FLUSHALL");
        let taken = taken_by_both([&one, &other], "203.0.113.7").await;
        if is_undisturbed([&one, &other]) {
            assert!(
                (10..=14).contains(&taken),
                "ten, and one for each second of this test: {taken}"
            );
            let apart = one.post("203.0.113.8", &beacon(9999, 100.0)).await;
            assert_eq!(apart.status(), StatusCode::NO_CONTENT);
            assert!(one.count(Outcome::Limited(Limit::Client)) > 0);
            let metrics = one.metrics().await;
            for sample in ["rhumb_redis_up 1", "rhumb_redis_requests_total{outcome=\"failed\"} 0"] {
                assert!(metrics.contains(sample), "{sample} is not in {metrics}");
            }
            assert_eq!(health(&one).await.1["checks"]["redis"]["status"], "healthy");
            return;
        }
    }
    panic!("Redis never answered in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_take_together_what_one_may_for_a_site_and_nothing_counts_of_what_is_refused_in_redis()
 {
    let Some(redis) = Redis::start() else { return };
    for _ in 0..5 {
        let (one, other) = (server(&redis, 1000, 5), server(&redis, 1000, 5));
        is_up(&one, true).await;
        is_up(&other, true).await;
        redis.ask("FLUSHALL");
        let both = Value::Array(
            [&hundred("default", 0), &hundred("other", 200)]
                .map(|it| it.as_array().unwrap()[..50].to_vec())
                .concat(),
        );
        let first = one.post("203.0.113.7", &hundred("default", 0)).await.status();
        let second = is_limited(&other, &hundred("default", 100)).await;
        let third = is_limited(&other, &both).await;
        let fourth = other.post("203.0.113.7", &hundred("other", 300)).await.status();
        if is_undisturbed([&one, &other]) {
            assert_eq!(first, StatusCode::NO_CONTENT);
            assert!(second && third, "the site has taken a hundred by the other server");
            assert_eq!(
                fourth,
                StatusCode::NO_CONTENT,
                "those of a body that is refused do not count"
            );
            return;
        }
    }
    panic!("Redis never answered in time");
}

async fn is_limited(server: &Limited, body: &Value) -> bool {
    server.post("203.0.113.7", body).await.status() == StatusCode::TOO_MANY_REQUESTS
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_and_no_site_can_be_read_and_nothing_stays_in_redis() {
    let Some(redis) = Redis::start() else { return };
    let server = server(&redis, 1, 1);
    is_up(&server, true).await;
    server.post("203.0.113.7", &beacon(1, 100.0)).await;
    let keys = redis.ask("KEYS *");
    assert!(keys.contains("rhumb:limit:"), "{keys}");
    for told in ["203", "default", "client", "site"] {
        assert!(!keys.contains(told), "{keys}");
    }
    let began = Instant::now();
    while !redis.ask("DBSIZE").contains(":0") {
        assert!(began.elapsed() < PATIENCE, "{}", redis.ask("KEYS *"));
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_is_away_answers_go_on_and_each_server_limits_for_itself_until_it_is_back_in_redis()
 {
    let Some(mut redis) = Redis::start() else { return };
    let (one, other) = (server(&redis, 1, 0), server(&redis, 1, 0));
    is_up(&one, true).await;
    is_up(&other, true).await;

    redis.stop();
    for server in [&one, &other] {
        let (taken, refused) = server.post_until_refused(|_| "203.0.113.9".to_owned()).await;
        assert!((10..=14).contains(&taken), "each has ten of its own: {taken}");
        is_told_to_wait(refused).await;
        let state = server.server.app().redis().unwrap().state();
        assert!(!state.is_up && state.waited < WAIT_MAX, "{state:?}");
        assert!(state.skipped >= 7, "it is asked no more: {state:?}");
        let (status, health) = health(server).await;
        assert_eq!((status, &health["status"]), (StatusCode::OK, &"degraded".into()));
        assert!(server.metrics().await.contains("rhumb_redis_up 0"));
    }

    redis.start_again();
    is_up(&one, true).await;
    is_up(&other, true).await;
    let taken = taken_by_both([&one, &other], "203.0.113.10").await;
    assert!((10..=14).contains(&taken), "they share again: {taken}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_hangs_a_few_requests_wait_for_milliseconds_and_the_others_for_nothing_in_redis() {
    let Some(redis) = Redis::start() else { return };
    let server = server(&redis, 1000, 0);
    is_up(&server, true).await;
    redis.signal("STOP");
    let before = server.server.app().redis().unwrap().state().waited;
    for id in 0..50 {
        let answer = server.post("203.0.113.7", &beacon(id + 1, 100.0)).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
    let state = server.server.app().redis().unwrap().state();
    let waited = state.waited.checked_sub(before).unwrap();
    assert!(!state.is_up && state.failed <= 3 && state.skipped >= 47, "{state:?}");
    assert!(waited >= Duration::from_millis(5) && waited < WAIT_MAX, "{waited:?}");
    redis.signal("CONT");
    is_up(&server, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_once_and_never_the_password_and_beacons_are_taken_in_redis() {
    let Some(redis) = Redis::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let url = redis.url().replace("planted-password", "planted-wrong");
    let variables = [("RHUMB_REDIS", &*url), ("RHUMB_CLIENT_REQUESTS_PER_SECOND", "100")];
    let rhumb = Binary::start_logging_in(folder.path(), &log, &variables);
    // It is tried out every second.
    sleep(Duration::from_millis(2500)).await;
    let body = beacon(1, 100.0).to_string();
    let sent =
        reqwest::Client::new().post(format!("{}v1/ingest", rhumb.url)).body(body).send().await;
    assert_eq!(sent.unwrap().status(), StatusCode::NO_CONTENT);
    drop(rhumb);
    let log = fs::read_to_string(&log).unwrap();
    assert_eq!(log.matches("cannot use Redis").count(), 1, "{log}");
    assert!(!log.contains("planted"), "{log}");
}
