//! What programs and people are shown of alerts.

use super::{alert, folder, look_and_deliver, rule, visits};
use crate::support::{Rhumb, read, read_json};
use axum::http::{StatusCode, header};
use ingest_server::alert::look;
use jiff::Timestamp;
use serde_json::{Value, json};

#[tokio::test]
async fn a_rule_without_a_webhook_is_shown_and_tells_nobody() {
    let rules = rule("http://127.0.0.1:9/");
    let rules = rules.lines().filter(|it| !it.starts_with("webhook") && !it.starts_with("secret"));
    let rhumb = Rhumb::watching(folder(), &rules.collect::<Vec<_>>().join("\n"));
    visits(&rhumb, 0, 20, 2000.0).await;
    look_and_deliver(&rhumb, Timestamp::now()).await;
    let alert = alert(&rhumb).await;
    assert_eq!((&alert["state"], &alert["webhook"]), (&json!("firing"), &Value::Null));
    assert_eq!(alert["events"][0]["delivery"], "not_sent");
}

#[tokio::test]
async fn what_is_watched_and_what_happened_can_be_kept_as_a_file() {
    let rhumb = Rhumb::watching(folder(), &rule("http://127.0.0.1:9/"));
    visits(&rhumb, 0, 20, 2000.0).await;
    look(&rhumb.server.app(), Timestamp::now()).await;
    let page = String::from_utf8(read(rhumb.get("/alerts").await).await.to_vec()).unwrap();
    let href = "/v1/sites/default/alerts?format=csv";
    assert!(page.contains(&format!("href=\"{href}\"")), "{page}");
    let file = rhumb.get(href).await;
    assert_eq!(file.headers()[header::CONTENT_DISPOSITION], "attachment");
    let table = String::from_utf8(read(file).await.to_vec()).unwrap();
    let lines = table.lines().collect::<Vec<_>>();
    assert_eq!(lines.len(), 3, "{table}");
    assert_eq!(lines[0], "alert,metric,period,what,at,value,count,delivery,attempts");
    assert!(lines[1].starts_with("slow,lcp,2h,firing,20"), "{table}");
    assert!(lines[1].ends_with(",2000,20,,"), "{table}");
    assert!(lines[2].starts_with("slow,lcp,2h,alert.fired,20"), "{table}");
    assert!(lines[2].ends_with(",2000,20,pending,0"), "{table}");
    let tag = rhumb.tag(href).await;
    assert_eq!(rhumb.get_again(href, &tag).await.status(), StatusCode::NOT_MODIFIED);
    assert_ne!(rhumb.tag("/v1/sites/default/alerts").await, tag, "another medium, another tag");
}

#[tokio::test]
async fn the_answer_names_wrong_parameters_and_is_not_sent_twice() {
    let rhumb = Rhumb::watching(folder(), &rule("http://127.0.0.1:9/"));
    let problem = rhumb.get("/v1/sites/default/alerts?form=2026-01-01").await;
    assert_eq!(problem.status(), StatusCode::BAD_REQUEST);
    assert_eq!(read_json(problem).await["field"], "form");
    for path in ["/v1/sites/default/alerts", "/alerts?site=default"] {
        let tag = rhumb.tag(path).await;
        let again = async || rhumb.get_again(path, &tag).await.status();
        assert_eq!(again().await, StatusCode::NOT_MODIFIED, "{path}");
        look(&rhumb.server.app(), Timestamp::now()).await;
        assert_eq!(again().await, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn people_see_what_fires() {
    let rhumb = Rhumb::watching(folder(), &rule("http://127.0.0.1:9/hook/T0K3N"));
    visits(&rhumb, 0, 20, 2000.0).await;
    look(&rhumb.server.app(), Timestamp::now()).await;
    let page = String::from_utf8(read(rhumb.get("/alerts").await).await.to_vec()).unwrap();
    for text in ["Broken: slow.", "p75 of LCP above 1", "20 page views", "Firing", "127.0.0.1"] {
        assert!(page.contains(text), "{text} is not in\n{page}");
    }
    assert!(!page.contains("T0K3N"));
    assert_eq!(rhumb.get("/alerts?site=nowhere").await.status(), StatusCode::NOT_FOUND);
}
