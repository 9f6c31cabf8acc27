//! What is watched is told, once, whatever happens to those who are told.

mod crash;
mod notices;
mod rules;
mod shown;

use crate::support::{Rhumb, beacon};
use axum::http::StatusCode;
use ingest_server::alert::{deliver, look};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Fires when a quarter of the visits wait for more than a second; rests for ten minutes.
fn rule(url: &str) -> String {
    format!(
        "[[alert]]\nname = 'slow'\nsite = 'default'\nmetric = 'lcp'\nperiod = '2h'\n\
         p75_above = 1000\npage_views_min = 20\ncool_down = '10m'\n\
         webhook = '{url}'\nsecret = '{SECRET}'\n"
    )
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Page views with that LCP.
async fn visits(rhumb: &Rhumb, first: u128, count: u128, lcp_ms: f64) {
    let beacons = (first..first + count).map(|number| beacon(number, lcp_ms));
    for some in beacons.collect::<Vec<_>>().chunks(50) {
        assert_eq!(rhumb.post(json!(some).to_string()).await.status(), StatusCode::NO_CONTENT);
    }
}

async fn look_and_deliver(rhumb: &Rhumb, now: Timestamp) {
    look(&rhumb.server.app(), now).await;
    deliver(&rhumb.server.app(), now).await;
}

/// The first alert of the site.
async fn alert(rhumb: &Rhumb) -> Value {
    rhumb.json("/v1/sites/default/alerts").await["alerts"][0].clone()
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}
