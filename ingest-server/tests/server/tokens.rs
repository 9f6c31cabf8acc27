//! `rhumb token`: who may read the reports of one site, and nothing else.

use crate::support::{Binary, Rhumb, beacon, read, read_json, rhumb};
use axum::http::{StatusCode, header};
use ingest_server::store::sqlite::Database;
use reqwest::Client;
use serde_json::json;
use std::time::{Duration, Instant};

const ADMIN: &str = "0123456789abcdef";
/// How long a running server may take to notice.
const NOTICED_MAX: Duration = Duration::from_secs(5);

/// A server with the sites `default` and `shop`, and the header of a token that reads `shop`.
async fn shop() -> (Rhumb, String) {
    let rhumb = Rhumb::with_token(Some(ADMIN));
    let token = rhumb.add_site_with_token("shop", "the shop team").await;
    for (site, page_view) in [("default", 1), ("shop", 2)] {
        let mut beacon = beacon(page_view, 1000.0);
        beacon["site"] = json!(site);
        beacon["url"] = json!(format!("https://{site}.example/"));
        rhumb.accepts(&beacon).await;
    }
    (rhumb, format!("Bearer {token}"))
}

async fn status(rhumb: &Rhumb, path: &str, authorization: &str) -> StatusCode {
    rhumb.get_with(path, &[(header::AUTHORIZATION, authorization)]).await.status()
}

#[tokio::test]
async fn a_token_reads_every_report_of_its_site_and_of_no_other() {
    let (rhumb, shop) = shop().await;
    let description = rhumb.json("/openapi.json").await;
    let mut asked = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        if !path.starts_with("/v1/sites/{site}") || methods.get("get").is_none() {
            continue;
        }
        asked += 1;
        let path =
            |site: &str| path.replace("{site}", site).replace("{id}", &format!("{:032x}", 2));
        let other = rhumb.get_with(&path("default"), &[(header::AUTHORIZATION, &shop)]).await;
        assert_eq!(other.status(), StatusCode::NOT_FOUND, "{}", path("default"));
        assert_eq!(
            read_json(other).await["type"],
            "urn:rhumb:problem:unknown_site",
            "{}",
            path("default")
        );
        // Some want parameters, which is said to those who may ask.
        let own = status(&rhumb, &path("shop"), &shop).await;
        assert!([StatusCode::OK, StatusCode::BAD_REQUEST].contains(&own), "{} {own}", path("shop"));
    }
    assert!(asked > 10, "{asked}");
}

#[tokio::test]
async fn a_token_sees_the_pages_of_its_site_as_if_there_were_no_other() {
    let (rhumb, shop) = shop().await;
    let page = async |path: &str, authorization: &str| {
        let page = rhumb.get_with(path, &[(header::AUTHORIZATION, authorization)]).await;
        assert_eq!(page.status(), StatusCode::OK, "{path}");
        String::from_utf8(read(page).await.to_vec()).unwrap()
    };
    for path in [
        "/",
        "/vitals/lcp",
        "/routes",
        "/page-views",
        "/opportunities",
        "/compare",
        "/errors",
        "/settings",
    ] {
        let admin = page(&format!("{path}?site=shop"), &format!("Bearer {ADMIN}")).await;
        assert!(admin.contains("site=default") && admin.contains("/server"), "{path}");
        // Also right after it was shown to somebody who may see more.
        let own = page(path, &shop).await;
        assert!(own.contains("shop") && !own.contains("site=default"), "{path}");
        assert!(!own.contains("href=\"/server"), "{path}");
        let other = status(&rhumb, &format!("{path}?site=default"), &shop).await;
        assert_eq!(other, StatusCode::NOT_FOUND, "{path}");
    }
    let settings = page("/settings?site=shop", &format!("Bearer {ADMIN}")).await;
    assert!(settings.contains("the shop team"));
    assert!(!page("/settings", &shop).await.contains("the shop team"));
    let sites = rhumb.get_with("/v1/sites", &[(header::AUTHORIZATION, &shop)]).await;
    assert_eq!(read_json(sites).await, json!({ "sites": [{ "name": "shop", "origins": [] }] }));
}

#[tokio::test]
async fn how_the_server_fares_is_for_the_admin_token_alone() {
    let (rhumb, shop) = shop().await;
    for path in ["/metrics", "/health/detailed", "/debug/queries", "/debug/runtime", "/server"] {
        let refused = rhumb.get_with(path, &[(header::AUTHORIZATION, &shop)]).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path}");
        assert_eq!(read_json(refused).await["type"], "urn:rhumb:problem:operators_only", "{path}");
        assert_eq!(
            status(&rhumb, path, &format!("Bearer {ADMIN}")).await,
            StatusCode::OK,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_token_is_created_listed_and_revoked_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start_in(folder.path(), &[("RHUMB_ADMIN_TOKEN", ADMIN)]);
    let run = |arguments: &[&str]| rhumb(folder.path(), arguments);
    let created = run(&["token", "create", "--read", "default", "--name", "the team"]);
    assert_eq!(created.code, 0);
    let token = created.out.trim();
    assert!(token.starts_with("rhumb_") && token.len() == 49, "{token}");
    assert!(created.err.contains("rhumb token revoke 1"), "{}", created.err);
    becomes(&server, token, StatusCode::OK).await;
    let listed = run(&["token", "list"]).out;
    assert!(listed.starts_with("1  default  20") && listed.ends_with("Z  the team\n"), "{listed}");
    assert!(!listed.contains(token));

    assert_eq!(run(&["token", "revoke", "1"]).code, 0);
    becomes(&server, token, StatusCode::UNAUTHORIZED).await;
    assert_eq!(run(&["token", "list"]).out, "");
    // None is ever that of another again.
    assert!(run(&["token", "create", "--read", "default"]).err.contains("rhumb token revoke 2"));
}

/// Waits until a token is answered so.
async fn becomes(server: &Binary, token: &str, expected: StatusCode) {
    let since = Instant::now();
    let summary = format!("{}v1/sites/default/summary", server.url);
    loop {
        let status = Client::new().get(&summary).bearer_auth(token).send().await.unwrap().status();
        if status == expected {
            return;
        }
        assert!(since.elapsed() < NOTICED_MAX, "{status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_removed_site_takes_its_tokens_along() {
    let (rhumb, shop) = shop().await;
    let mut database = Database::open(&rhumb.database()).unwrap();
    assert!(database.remove_site(&"shop".parse().unwrap()).unwrap());
    assert!(database.sites().unwrap().tokens().by_age().is_empty());
    rhumb.server.app().refresh_sites().await.unwrap();
    assert_eq!(status(&rhumb, "/v1/sites", &shop).await, StatusCode::UNAUTHORIZED);
}

#[test]
fn what_cannot_be_done_with_tokens_is_said() {
    let folder = tempfile::tempdir().unwrap();
    drop(Database::open(&folder.path().join("rhumb.db")).unwrap());
    let long = "x".repeat(65);
    for (arguments, said) in [
        (&["create", "--read", "shop"][..], "there is no site shop; `rhumb site list`"),
        (&["create", "--read", "a b"], "expected 1 to 64 letters"),
        (&["create", "--read", "default", "--name", &long], "at most 64"),
        (&["revoke", "7"], "there is no token 7; `rhumb token list`"),
        (&["list", "--database", "missing.db"], "there is no database missing.db"),
    ] {
        let ran = rhumb(folder.path(), &[&["token"], arguments].concat());
        assert!(ran.code != 0 && ran.err.contains(said), "{said}");
    }
}
