//! Our histogram beside `sketches-ddsketch`: the same values, how long they take to be added and
//! merged, what they take when stored, and how far percentiles are off. Prints JSON.

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures are for people, and ranks are small"
)]

use beacon::MetricName;
use ingest_server::{
    histogram::{Histogram, bin},
    load::Visitors,
};
use serde_json::{Value, json};
use sketches_ddsketch::{Config, DDSketch};
use std::{hint::black_box, time::Instant};

const VALUES: usize = 1_000_000;
const MERGES: u32 = 10_000;
const QUANTILES: [f64; 4] = [0.5, 0.75, 0.95, 0.99];
/// The bound that both keep.
const RELATIVE_ERROR_MAX: f64 = 0.01;

fn main() {
    let values = values();
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    println!("{}", json!({ "ours": ours(&values, &sorted), "ddsketch": theirs(&values, &sorted) }));
}

/// LCPs in seconds.
fn values() -> Vec<f64> {
    let mut visitors = Visitors::new("default", 1);
    let lcp = |_| {
        let metrics = visitors.page_view().metrics;
        metrics.iter().find(|it| it.name == MetricName::Lcp).unwrap().value / 1e3
    };
    (0..VALUES).map(lcp).collect()
}

fn ours(values: &[f64], sorted: &[f64]) -> Value {
    let begun = Instant::now();
    let mut histogram = Histogram::default();
    for value in values {
        histogram.change(bin(*value), 1);
    }
    let added = begun.elapsed();
    let begun = Instant::now();
    for _ in 0..MERGES {
        let mut sum = Histogram::default();
        sum.merge(&histogram);
        sum.merge(black_box(&histogram));
        black_box(&sum);
    }
    let merged = begun.elapsed() / MERGES / 2;
    let mut bytes = Vec::new();
    histogram.encode(&mut bytes);
    let quantile = |quantile: f64| {
        let (rank, mut seen) = ((quantile * (VALUES - 1) as f64) as u64 + 1, 0);
        let reached = |(_, count): &(f64, u64)| {
            seen += count;
            seen >= rank
        };
        histogram.ascending().find(reached).unwrap().0
    };
    json!({
        "add_ns": added.as_secs_f64() * 1e9 / VALUES as f64,
        "merge_us": merged.as_secs_f64() * 1e6,
        "bytes": bytes.len(),
        "error_percent": errors(sorted, quantile),
    })
}

fn theirs(values: &[f64], sorted: &[f64]) -> Value {
    let config = Config::new(RELATIVE_ERROR_MAX, 2048, 1e-4);
    let begun = Instant::now();
    let mut sketch = DDSketch::new(config);
    for value in values {
        sketch.add(*value);
    }
    let added = begun.elapsed();
    let begun = Instant::now();
    for _ in 0..MERGES {
        let mut sum = DDSketch::new(config);
        sum.merge(&sketch).unwrap();
        sum.merge(black_box(&sketch)).unwrap();
        black_box(&sum);
    }
    let merged = begun.elapsed() / MERGES / 2;
    json!({
        "add_ns": added.as_secs_f64() * 1e9 / VALUES as f64,
        "merge_us": merged.as_secs_f64() * 1e6,
        "bytes": postcard::to_allocvec(&sketch).unwrap().len(),
        "error_percent": errors(sorted, |quantile| sketch.quantile(quantile).unwrap().unwrap()),
    })
}

/// By quantile, how far it is off, as a share of it.
fn errors(sorted: &[f64], quantile: impl Fn(f64) -> f64) -> Vec<f64> {
    let error = |q: f64| {
        let exact = sorted[(q * (VALUES - 1) as f64) as usize];
        100.0 * (quantile(q) - exact).abs() / exact
    };
    QUANTILES.into_iter().map(error).collect()
}
