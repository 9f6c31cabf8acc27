//! What people and operators ask.

use crate::support::{Rhumb, beacon, get, read, read_json};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use futures_util::future::{join, join_all};
use serde_json::json;
use std::{fs, path::Path, time::Duration};
use tokio::time::sleep;

#[tokio::test]
async fn a_new_server_has_the_site_default_and_nothing_in_it() {
    let rhumb = Rhumb::start();
    let sites = rhumb.json("/v1/sites").await;
    assert_eq!(sites, json!({ "sites": [{ "name": "default", "origins": [] }] }));
    assert_eq!(rhumb.summary().await["page_views"], 0);
}

#[tokio::test]
async fn an_answer_that_has_not_changed_is_not_sent_again() {
    let rhumb = Rhumb::start();
    let path = "/v1/sites/default/summary?from=2026-01-01&to=2026-12-31";
    let tag = rhumb.tag(path).await;
    assert_eq!(rhumb.get_again(path, &tag).await.status(), StatusCode::NOT_MODIFIED);
    rhumb.accepts(&beacon(1, 100.0)).await;
    assert_eq!(rhumb.get_again(path, &tag).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn wrong_questions_name_the_parameter() {
    let rhumb = Rhumb::start();
    let response = rhumb.get("/v1/sites/default/summary?frm=2026-01-01").await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let problem = read_json(response).await;
    assert_eq!(problem["type"], "urn:rhumb:problem:invalid_parameter");
    assert_eq!(problem["field"], "frm");
    assert_eq!(rhumb.get("/v1/sites/nowhere/summary").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn addresses_and_methods_that_do_not_exist_are_problems_too() {
    let rhumb = Rhumb::start();
    for (request, status) in [
        (get("/v2/nothing"), StatusCode::NOT_FOUND),
        (get("/v1/ingest"), StatusCode::METHOD_NOT_ALLOWED),
        (Request::delete("/v1/sites").body(Body::empty()).unwrap(), StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let response = rhumb.send(request).await;
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    }
}

#[tokio::test]
async fn health_says_live_and_ready() {
    let rhumb = Rhumb::start();
    assert_eq!(rhumb.json("/health/live").await["status"], "live");
    assert_eq!(rhumb.json("/health/ready").await["status"], "ready");
}

#[tokio::test]
async fn with_a_token_reports_need_it_and_beacons_do_not() {
    let rhumb = Rhumb::with_token(Some("0123456789abcdef"));
    rhumb.accepts(&beacon(1, 100.0)).await;
    let refused = rhumb.get("/v1/sites/default/summary").await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(refused.headers().contains_key(header::WWW_AUTHENTICATE));
    assert_eq!(rhumb.get("/health/ready").await.status(), StatusCode::OK);
    // `any:0123456789abcdef`, as a browser sends it.
    for credentials in ["Bearer 0123456789abcdef", "Basic YW55OjAxMjM0NTY3ODlhYmNkZWY="] {
        let headers = [(header::AUTHORIZATION, credentials)];
        let answer = rhumb.get_with("/v1/sites/default/summary", &headers).await;
        assert_eq!(answer.status(), StatusCode::OK, "{credentials}");
    }
}

#[tokio::test]
async fn without_a_token_a_foreign_host_name_is_refused() {
    let rhumb = Rhumb::start();
    let response = rhumb.get_with("/v1/sites", &[(header::HOST, "rebound.example")]).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(read_json(response).await["detail"].as_str().unwrap().contains("--admin-token"));
}

#[tokio::test]
async fn every_answer_forbids_guessing_its_type_and_pages_forbid_foreign_code() {
    let rhumb = Rhumb::start();
    for path in ["/", "/v1/ingest", "/rhumb.js", "/openapi.json", "/health/live", "/nowhere"] {
        let answer = rhumb.get_with(path, &[(header::ACCEPT_ENCODING, "br")]).await;
        assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert!(answer.headers().contains_key("server-timing"), "{path}");
        let is_long = ["/", "/rhumb.js", "/openapi.json"].contains(&path);
        assert!(!is_long || answer.headers()[header::CONTENT_ENCODING] == "br", "{path}");
    }
    let page = rhumb.get("/").await;
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_a_problem_too() {
    let rhumb = Rhumb::start();
    for path in ["/v1/sites/%ff/summary", "/?site=a&site=b", "/?period=forever", "/assets/%ff"] {
        let response = rhumb.get(path).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn a_person_is_told_of_a_problem_by_a_page() {
    let rhumb = Rhumb::with_token(Some("0123456789abcdef"));
    let accepted = "text/html,application/xhtml+xml,*/*;q=0.8";
    let response = rhumb.get_with("/", &[(header::ACCEPT, accepted)]).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(response.headers().contains_key(header::WWW_AUTHENTICATE));
}

#[tokio::test]
async fn files_that_are_not_built_in_say_how_they_are_built() {
    let rhumb = Rhumb::start();
    for path in ["/assets/nothing.css", "/demo/assets/nothing.js"] {
        let response = rhumb.get(path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        let problem = read_json(response).await;
        assert!(problem["detail"].as_str().unwrap().contains("cargo xtask build"), "{problem}");
    }
}

#[tokio::test]
async fn nothing_outside_the_built_in_folders_is_served() {
    let rhumb = Rhumb::start();
    for path in [
        "/assets/../../Cargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/demo/../../ingest-server/Cargo.toml",
        "/demo/assets/..%2f..%2f..%2fingest-server%2fCargo.toml",
        "/demo//etc/passwd",
    ] {
        let body = read(rhumb.get(path).await).await;
        let text = String::from_utf8_lossy(&body);
        assert!(!text.contains("[package]") && !text.contains("root:"), "{path}");
    }
}

#[tokio::test]
async fn pages_of_any_origin_may_load_the_collector() {
    let rhumb = Rhumb::start();
    for path in ["/rhumb.js", "/rhumb_details.js", "/rhumb_bg.wasm"] {
        let response = rhumb.get(path).await;
        let headers = response.headers();
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{path}");
        assert_eq!(headers["cross-origin-resource-policy"], "cross-origin", "{path}");
    }
}

#[tokio::test]
async fn files_that_are_named_by_their_content_may_be_kept_for_ever() {
    let rhumb = Rhumb::start();
    let script = read(rhumb.get("/rhumb.js").await).await;
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../collector-wasm/pkg");
    let names = fs::read_dir(package).unwrap().map(|file| file.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    let hashed: Vec<_> =
        names.filter(|name| name.starts_with("rhumb") && name.contains('-')).collect();
    assert_eq!(hashed.len(), 3, "{hashed:?}");
    for name in hashed {
        let response = rhumb.get(&format!("/{name}")).await;
        let caching = response.headers()[header::CACHE_CONTROL].to_str().unwrap();
        assert!(caching.contains("immutable"), "{name}: {caching}");
        assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{name}");
        let content = read(response).await;
        let is_loaded = script.windows(name.len()).any(|part| part == name.as_bytes());
        assert!(content == script || is_loaded, "{name} is neither the script nor what it loads");
    }
}

#[tokio::test]
async fn filters_choose_page_views() {
    let rhumb = Rhumb::start();
    for (number, form_factor) in [(1, "phone"), (2, "desktop"), (3, "desktop")] {
        let mut beacon = beacon(number, 100.0);
        beacon["form_factor"] = json!(form_factor);
        rhumb.accepts(&beacon).await;
    }
    let summary = rhumb.json("/v1/sites/default/summary?form_factor=desktop").await;
    assert_eq!(summary["page_views"], 2);
    assert_eq!(summary["filters"], json!({ "form_factor": "desktop" }));
    let summary = rhumb.json("/v1/sites/default/summary?connection=4g").await;
    assert_eq!(summary["page_views"], 0);
}

#[tokio::test]
async fn people_see_what_became_of_every_beacon() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    rhumb.post("no beacon").await;
    let page = String::from_utf8(read(rhumb.get("/server").await).await.to_vec()).unwrap();
    for text in ["2 beacons</span>", "Rejected: 1 beacon.", "Rejected: malformed", "0 of 16,384"] {
        assert!(page.contains(text), "{text} is not in\n{page}");
    }
}

/// A commit flushes the disk, so it is one for all that have gathered meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn what_gathers_while_nothing_can_be_written_is_written_at_once() {
    let rhumb = Rhumb::start();
    let other = rusqlite::Connection::open(rhumb.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let free = async {
        sleep(Duration::from_millis(500)).await;
        other.execute_batch("COMMIT").unwrap();
    };
    let beacons = (1..=100).map(|id| beacon(id, 100.0)).collect::<Vec<_>>();
    join(join_all(beacons.iter().map(|it| rhumb.accepts(it))), free).await;
    let commits = rhumb.server.app().writer().epoch();
    assert!(commits <= 3, "{commits} transactions of 100 beacons");
}

#[tokio::test]
async fn metrics_say_what_became_of_every_beacon() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    rhumb.accepts(&beacon(1, 100.0)).await;
    rhumb.post("no beacon").await;
    let text = String::from_utf8(read(rhumb.get("/metrics").await).await.to_vec()).unwrap();
    for line in [
        r#"rhumb_beacons_total{outcome="accepted",reason=""} 2"#,
        r#"rhumb_beacons_total{outcome="rejected",reason="malformed"} 1"#,
        r#"rhumb_beacons_total{outcome="shed",reason=""} 0"#,
        "rhumb_commits_total 2",
        "rhumb_commit_page_views_sum 2.0",
        "rhumb_commit_duration_seconds_count 2",
        "rhumb_roll_up_lag_page_views 1",
        "rhumb_folded_routes_total 0",
        "rhumb_writer_queue_page_views 0",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} is not in\n{text}");
    }
}
