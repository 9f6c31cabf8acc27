//! The overview of a site, as people read it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod support;

use serde_json::json;
use support::{Rhumb, beacon, read};

#[tokio::test]
async fn the_overview_says_what_has_become_of_a_vital_since_the_period_before() {
    let rhumb = Rhumb::start();
    for number in 0..100_u32 {
        for (hours_ago, lcp) in [(0, 3000), (30, 2000)] {
            let mut visit =
                beacon(u128::from(hours_ago * 1000 + number + 1), f64::from(lcp + number));
            visit["age_ms"] = json!(hours_ago * 3_600_000);
            rhumb.accepts(&visit).await;
        }
    }
    let day = page(&rhumb, "24h").await;
    assert!(day.contains("48\u{a0}% slower than in the 24 hours before (2.07\u{a0}s)"), "{day}");
    // Two weeks ago there was nothing.
    let week = page(&rhumb, "7d").await;
    assert!(!week.contains("7 days before"), "{week}");
}

async fn page(rhumb: &Rhumb, period: &str) -> String {
    let response = rhumb.get(&format!("/?period={period}")).await;
    String::from_utf8(read(response).await.to_vec()).unwrap()
}
