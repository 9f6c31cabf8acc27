//! How much is taken of one client, and for one site.

use crate::support::{beacon, get, read, read_json, router};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use ingest_server::{
    alert::AlertConfig,
    http::{Access, RateConfig, RequestConfig},
    ingest::{EnrichConfig, Limit, Outcome},
    redis::RedisAddress,
    server::{Config, Server},
    store::sqlite::{Database, Retention, RollUpLimits, StatementTally},
};
use serde_json::{Value, json};
use std::{num::NonZeroU32, time::Duration};
use tempfile::TempDir;
use tower::ServiceExt;

/// More than may come at once by any rate of a test; a server that takes these has no limit.
const MANY: u128 = 1000;

pub(crate) struct Limited {
    pub(crate) server: Server,
    router: Router,
    _folder: TempDir,
}

/// A server that takes so much a second, behind proxies that are trusted.
fn limited(client_requests: u32, site_beacons: u32, trusted_proxies: &[&str]) -> Limited {
    Limited::start(client_requests, site_beacons, trusted_proxies, None)
}

impl Limited {
    /// The same, sharing them by way of a Redis.
    pub(crate) fn start(
        client_requests: u32,
        site_beacons: u32,
        trusted_proxies: &[&str],
        redis: Option<RedisAddress>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rhumb.db");
        Database::open(&path).unwrap().put_site(&"other".parse().unwrap(), &[]).unwrap();
        let (client_requests, site_beacons) =
            (NonZeroU32::new(client_requests), NonZeroU32::new(site_beacons));
        let rates = RateConfig { client_requests, site_beacons };
        let trusted_proxies = trusted_proxies.iter().map(|it| it.parse().unwrap()).collect();
        let server = Server::open(Config {
            database: path,
            access: Access::new(None).unwrap(),
            roll_up: RollUpLimits::default(),
            retention: Retention::default(),
            enrich: EnrichConfig { trusted_proxies, ..EnrichConfig::default() },
            alerts: AlertConfig::default(),
            requests: RequestConfig { rates, redis, ..RequestConfig::default() },
            slow_query: StatementTally::default().slow_after(),
            drain: Duration::ZERO,
        })
        .unwrap();
        let router = router(server.app());
        Self { server, router, _folder: folder }
    }

    pub(crate) async fn post(&self, forwarded_for: &str, body: &Value) -> Response<Body> {
        let request = Request::post("/v1/ingest").header("x-forwarded-for", forwarded_for);
        let request = request.body(Body::from(body.to_string())).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Posts beacons until one is refused; how many were taken, and the refusal.
    pub(crate) async fn post_until_refused(
        &self,
        forwarded_for: impl Fn(u128) -> String,
    ) -> (u64, Response<Body>) {
        for id in 0..MANY {
            let answer = self.post(&forwarded_for(id), &beacon(id + 1, 100.0)).await;
            if answer.status() != StatusCode::NO_CONTENT {
                return (u64::try_from(id).unwrap(), answer);
            }
        }
        panic!("all are taken")
    }

    pub(crate) fn count(&self, outcome: Outcome) -> u64 {
        self.server.app().outcomes().of(outcome)
    }

    pub(crate) async fn get(&self, path: &str) -> Response<Body> {
        self.router.clone().oneshot(get(path)).await.unwrap()
    }

    pub(crate) async fn metrics(&self) -> String {
        String::from_utf8(read(self.get("/metrics").await).await.to_vec()).unwrap()
    }
}

pub(crate) fn hundred(site: &str, from: u128) -> Value {
    let of_site = |id| {
        let mut beacon = beacon(id, 100.0);
        beacon["site"] = json!(site);
        beacon
    };
    (from..from + 100).map(of_site).collect()
}

pub(crate) async fn is_told_to_wait(refused: Response<Body>) -> Value {
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let seconds = refused.headers()[header::RETRY_AFTER].to_str().unwrap().parse::<u64>();
    assert!((1..=101).contains(&seconds.unwrap()));
    assert_eq!(refused.headers()[header::CONTENT_TYPE], "application/problem+json");
    let problem = read_json(refused).await;
    assert_eq!(problem["type"], "urn:rhumb:problem:rate_limited");
    problem
}

#[tokio::test]
async fn a_client_that_sends_too_much_is_told_to_wait_and_others_are_not() {
    let server = limited(1, 0, &["127.0.0.1/32"]);
    let (taken, refused) = server.post_until_refused(|_| "203.0.113.7".to_owned()).await;
    assert!(taken >= 10, "ten seconds' worth are taken at once: {taken}");
    let allow = refused.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN].clone();
    assert_eq!(allow, "*", "pages can read the refusal");
    assert_eq!(is_told_to_wait(refused).await["limit"], 1);
    let other = server.post("203.0.113.8", &beacon(MANY, 100.0)).await;
    assert_eq!(other.status(), StatusCode::NO_CONTENT);
    assert_eq!(server.count(Outcome::Limited(Limit::Client)), 1);
    assert_eq!(server.count(Outcome::Accepted), taken + 1);
    let metrics = server.metrics().await;
    let sample = r#"rhumb_beacons_total{outcome="limited",reason="client"} 1"#;
    assert!(metrics.contains(sample), "{metrics}");
}

#[tokio::test]
async fn a_client_does_not_become_another_by_what_it_says_of_itself() {
    let server = limited(1, 0, &[]);
    let made_up = |id: u128| format!("198.51.100.{}", id % 250);
    let (_, refused) = server.post_until_refused(made_up).await;
    is_told_to_wait(refused).await;
}

#[tokio::test]
async fn a_client_has_the_first_half_of_an_ipv6_address_to_itself() {
    let server = limited(1, 0, &["127.0.0.1/32"]);
    let (_, refused) = server.post_until_refused(|id| format!("2001:db8::{id:x}")).await;
    is_told_to_wait(refused).await;
    let other = server.post("2001:db8:0:1::1", &beacon(MANY, 100.0)).await;
    assert_eq!(other.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_site_that_is_sent_too_much_is_limited_alone_and_every_beacon_is_counted() {
    let server = limited(0, 1, &[]);
    let post = async |site, from| server.post("", &hundred(site, from)).await;
    assert_eq!(post("default", 0).await.status(), StatusCode::NO_CONTENT);
    let refused = post("default", 100).await;
    assert_eq!(is_told_to_wait(refused).await["limit"], 1);
    assert_eq!(post("other", 200).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(server.count(Outcome::Limited(Limit::Site)), 100);
    assert_eq!(server.count(Outcome::Accepted), 200);
}

#[tokio::test]
async fn without_limits_all_are_taken() {
    let server = limited(0, 0, &[]);
    for from in (0..MANY).step_by(100) {
        let answer = server.post("", &hundred("default", from)).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
}
