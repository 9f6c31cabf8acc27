//! How the server is, as it tells those who look after it.

use crate::support::{Rhumb, read_json};
use axum::http::{StatusCode, header};
use serde_json::Value;

const TOKEN: &str = "0123456789abcdef";

async fn health(rhumb: &Rhumb) -> (StatusCode, Value) {
    let response = rhumb.get("/health/detailed").await;
    (response.status(), read_json(response).await)
}

#[tokio::test]
async fn a_server_that_is_well_says_so_of_each_part() {
    let rhumb = Rhumb::start();
    let (status, health) = health(&rhumb).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(health["status"], "healthy");
    for check in ["database", "writer", "pool", "cache"] {
        assert_eq!(health["checks"][check]["status"], "healthy", "{health}");
    }
    let latency_ms = health["checks"]["database"]["latency_ms"].as_f64().unwrap();
    let total_ms = health["total_check_time_ms"].as_f64().unwrap();
    assert!(latency_ms > 0.0 && total_ms >= latency_ms, "{health}");
    assert!(health["checks"]["cache"]["latency_ms"].as_f64().unwrap() > 0.0, "{health}");
}

#[tokio::test]
async fn the_cache_is_told_of_level_by_level() {
    let rhumb = Rhumb::start();
    rhumb.summary().await;
    rhumb.summary().await;
    let (_, health) = health(&rhumb).await;
    let levels = health["checks"]["cache"]["levels"].as_array().unwrap();
    let answers = levels.iter().find(|it| it["level"] == "answers").unwrap();
    assert_eq!((&answers["hits"], &answers["misses"]), (&1.into(), &1.into()));
    for mean in ["mean_miss_ms", "mean_hit_ms"] {
        assert!(answers[mean].as_f64().unwrap() > 0.0, "{health}");
    }
}

#[tokio::test]
async fn with_all_connections_in_use_it_is_degraded_and_works() {
    let rhumb = Rhumb::start();
    let held = rhumb.server.app().reader().quiet().await.unwrap();
    let (status, told) = health(&rhumb).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(told["status"], "degraded");
    assert_eq!(told["checks"]["pool"]["in_use"], told["checks"]["pool"]["max"]);
    assert_eq!(told["checks"]["database"]["status"], "healthy");
    drop(held);
    assert_eq!(health(&rhumb).await.1["status"], "healthy");
}

#[tokio::test]
async fn a_database_that_cannot_be_read_is_unhealthy_and_no_cause_is_told() {
    let rhumb = Rhumb::start();
    let database = rusqlite::Connection::open(rhumb.database()).unwrap();
    database.execute_batch("ALTER TABLE sites RENAME TO hidden").unwrap();
    let (status, health) = health(&rhumb).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(health["status"], "unhealthy");
    let check = &health["checks"]["database"];
    assert_eq!((&check["status"], &check["latency_ms"]), (&"unhealthy".into(), &Value::Null));
    assert!(!health.to_string().contains("sites"), "{health}");
}

#[tokio::test]
async fn it_is_for_those_who_may_read_the_reports() {
    let rhumb = Rhumb::with_token(Some(TOKEN));
    assert_eq!(rhumb.get("/health/detailed").await.status(), StatusCode::UNAUTHORIZED);
    let token = format!("Bearer {TOKEN}");
    let known = rhumb.get_with("/health/detailed", &[(header::AUTHORIZATION, &token)]).await;
    assert_eq!(known.status(), StatusCode::OK);
    assert_eq!(rhumb.get("/health/live").await.status(), StatusCode::OK);
}
