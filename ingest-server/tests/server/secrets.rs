//! Nothing of whoever asks is in the log, whatever they ask and however much is logged.

use crate::support::{Binary, beacon};
use reqwest::{Client, Method, StatusCode, header};
use serde_json::json;
use std::fs;

/// The address of a visitor, as a proxy that is trusted tells it.
const ADDRESS: &str = "203.0.113.77";
const USER_AGENT: &str = "Planted-Agent/7.1";
const ADMIN_TOKEN: &str = "planted-admin-token";
/// Whatever else whoever asks may say.
const PLANTED: &str = "planted";
/// Everything that this crate would log.
const LOG: &str = "info,ingest_server=trace,rhumb=trace";

/// Each with all that must not be told.
async fn ask(server: &Binary, method: Method, path: &str, body: String) -> StatusCode {
    let url = format!("{}{path}", server.url);
    let request = Client::new().request(method, url).body(body);
    let request = request
        .header("x-forwarded-for", ADDRESS)
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::COOKIE, "planted-cookie")
        .header(header::REFERER, "https://shop.example/?planted-referer");
    request.send().await.unwrap().status()
}

async fn ask_with(server: &Binary, token: &str, path: &str) -> StatusCode {
    let url = format!("{}{path}", server.url);
    let request = Client::new().get(url).bearer_auth(token).header(header::USER_AGENT, USER_AGENT);
    request.send().await.unwrap().status()
}

async fn beacons(server: &Binary) {
    let mut taken = beacon(1, 100.0);
    taken["url"] = json!("https://shop.example/planted-page");
    let mut asked = beacon(2, 100.0);
    asked["url"] = json!("https://shop.example/?planted-query");
    let mut elsewhere = beacon(5, 100.0);
    elsewhere["url"] = json!("ftp://planted.example/");
    let mut of_nobody = beacon(3, 100.0);
    of_nobody["site"] = json!("planted-site");
    let mut impossible = beacon(4, -1.0);
    impossible["session"] = json!("planted-session");
    for (body, status) in [
        (taken.to_string(), StatusCode::NO_CONTENT),
        (asked.to_string(), StatusCode::NO_CONTENT),
        (elsewhere.to_string(), StatusCode::UNPROCESSABLE_ENTITY),
        (of_nobody.to_string(), StatusCode::NOT_FOUND),
        (impossible.to_string(), StatusCode::BAD_REQUEST),
        ("planted-body".to_owned(), StatusCode::BAD_REQUEST),
    ] {
        let path = "v1/ingest?key=planted-key";
        assert_eq!(ask(server, Method::POST, path, body.clone()).await, status, "{body}");
    }
}

async fn questions(server: &Binary) {
    for (path, status) in [
        ("planted-path?planted-query", StatusCode::NOT_FOUND),
        ("v1/sites/default/summary?route=/planted-route", StatusCode::UNAUTHORIZED),
        ("v1/sites/default/summary?period=planted-period", StatusCode::UNAUTHORIZED),
        ("page-views/planted-id", StatusCode::UNAUTHORIZED),
        ("health/detailed?planted-query", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(ask(server, Method::GET, path, String::new()).await, status, "{path}");
        assert_eq!(ask_with(server, "planted-wrong-token", path).await, status, "{path}");
        assert!(ask_with(server, ADMIN_TOKEN, path).await != StatusCode::UNAUTHORIZED, "{path}");
    }
    let record = r#"{ "origin": "https://planted.example" }"#.to_owned();
    let path = "v1/records:queryRecord?key=planted-key";
    assert_eq!(ask(server, Method::POST, path, record).await, StatusCode::BAD_REQUEST);
    let method = Method::from_bytes(b"PLANTED").unwrap();
    assert_eq!(ask(server, method, "", String::new()).await, StatusCode::METHOD_NOT_ALLOWED);
}

/// Until the client is over its limit.
async fn too_many(server: &Binary) {
    for number in 10.. {
        assert!(number < 5000, "all are taken");
        let body = beacon(number, 100.0).to_string();
        let path = "v1/ingest?delay_ms=1&planted-query";
        if ask(server, Method::POST, path, body).await == StatusCode::TOO_MANY_REQUESTS {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_whoever_asks_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let variables = [
        ("RUST_LOG", LOG),
        ("RHUMB_ADMIN_TOKEN", ADMIN_TOKEN),
        ("RHUMB_TRUSTED_PROXY", "127.0.0.1/32"),
        // All are slow.
        ("RHUMB_SLOW_REQUEST_MS", "0"),
        ("RHUMB_CLIENT_REQUESTS_PER_SECOND", "20"),
    ];
    let server = Binary::start_logging_in(folder.path(), &log, &variables);
    beacons(&server).await;
    questions(&server).await;
    too_many(&server).await;
    drop(server);
    let log = fs::read_to_string(&log).unwrap();
    for told in ["rate_limited", "malformed", "unauthorized", "no_such_route", "invalid_url"] {
        assert!(log.contains(&format!("problem.reason=\"{told}\"")), "{told} is not in\n{log}");
    }
    assert!(log.contains("slow request http.method=\"POST\" http.route=\"/v1/ingest\""), "{log}");
    let lower = log.to_lowercase();
    for secret in [ADDRESS, "203.0.113", PLANTED] {
        assert!(!lower.contains(secret), "{secret} is in\n{log}");
    }
}
