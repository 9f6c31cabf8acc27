//! `POST /v1/ingest`: what is taken, what is refused and how, and from whom.

mod refused;
mod senders;
mod taken;

use crate::support::beacon;
use beacon::{Beacon, Id, Metric};
use serde_json::Value;

fn with(field: &str, value: Value) -> Vec<u8> {
    let mut beacon = beacon(1, 2312.4);
    beacon[field] = value;
    beacon.to_string().into_bytes()
}

fn with_metrics(metrics: &Value) -> Vec<u8> {
    with("metrics", metrics.clone())
}

fn binary(metrics: Vec<Metric>) -> Beacon {
    Beacon {
        age_ms: Some(5000),
        url: Some("https://shop.example/product/42?token=secret#part".to_owned()),
        route: Some("/product/:id".to_owned()),
        release: Some("1.4.2".to_owned()),
        metrics,
        ..Beacon::blank("default".to_owned(), Id([7; 16]))
    }
}
