//! Who may ask.

use super::{HISTORY, RECORD, answer, page_view, refusal, visit};
use crate::support::{Rhumb, read_json};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;

#[tokio::test]
async fn the_token_is_the_key() {
    const TOKEN: &str = "0123456789abcdef";
    let rhumb = Rhumb::with_token(Some(TOKEN));
    let url = "https://shop.example/";
    visit(&rhumb, "https://shop.example", &page_view("default", 1, url, 1000)).await;
    let query = json!({ "url": url });
    for path in [RECORD, HISTORY] {
        answer(&rhumb, &format!("{path}?alt=json&key={TOKEN}"), query.clone()).await;
        let missing = refusal(&rhumb, path, &query).await;
        assert_eq!(
            (&missing["code"], &missing["status"]),
            (&json!(403), &json!("PERMISSION_DENIED"))
        );
        for key in ["", "0123456789abcdeF", "0123456789abcde", "0123456789abcdef0"] {
            let wrong = refusal(&rhumb, &format!("{path}?key={key}"), &query).await;
            assert_eq!(wrong["code"], 400, "{key}");
            assert!(wrong["message"].as_str().unwrap().contains("API key not valid"), "{wrong}");
        }
        let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
        let request = request.body(Body::from(query.to_string())).unwrap();
        assert_eq!(rhumb.send(request).await.status(), StatusCode::OK);
    }
    // Nowhere else.
    let elsewhere = rhumb.get(&format!("/v1/sites?key={TOKEN}")).await;
    assert_eq!(elsewhere.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_of_a_site_is_the_key_to_the_origins_of_that_site() {
    let rhumb = Rhumb::with_token(Some("0123456789abcdef"));
    let token = rhumb.add_site_with_token("shop", "the shop team").await;
    for (site, number) in [("default", 1), ("shop", 2)] {
        let url = format!("https://{site}.example/");
        let page_view = page_view(site, number, &url, 1000);
        visit(&rhumb, &format!("https://{site}.example"), &page_view).await;
    }
    for path in [RECORD, HISTORY] {
        let path = format!("{path}?key={token}");
        answer(&rhumb, &path, json!({ "origin": "https://shop.example" })).await;
        let other = refusal(&rhumb, &path, json!({ "origin": "https://default.example" })).await;
        assert_eq!(other["status"], "NOT_FOUND");
    }
}

#[tokio::test]
async fn without_a_token_those_elsewhere_are_refused_whatever_their_key() {
    let rhumb = Rhumb::start();
    let request =
        Request::post(format!("{RECORD}?key=any")).header(header::HOST, "rebound.example");
    let request = request.body(Body::from("{}")).unwrap();
    let response = rhumb.send(request).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let error = &read_json(response).await["error"];
    assert!(error["message"].as_str().unwrap().contains("--admin-token"), "{error}");
}
