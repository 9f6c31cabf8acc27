//! The vitals one at a time, for the drop-in replacement of web-vitals: the same state machines as
//! the collector's, and nothing that decides.
//!
//! JavaScript (`npm/vitals/`) keeps the entries themselves, because callers of web-vitals get them; it
//! asks here what each means. What is absent is NaN.

#![expect(
    unreachable_pub,
    reason = "what wasm-bindgen exports must be public, and is: to JavaScript"
)]

mod explain;
mod responses;
mod shifts;

use crate::{
    entry::{Event, Navigation},
    vitals::{Fcp, Fid, Lcp, Ttfb},
};
use beacon::MetricName;
use wasm_bindgen::prelude::wasm_bindgen;

/// The rating of a value of a metric, which is named by its place in [`MetricName::ALL`].
#[wasm_bindgen]
pub fn rate(metric: usize, value: f64) -> String {
    let name = MetricName::ALL.get(metric).copied().unwrap_or(MetricName::Cls);
    name.rate(value).as_str().to_owned()
}

/// The value of a first contentful paint.
#[wasm_bindgen]
pub fn fcp(start_ms: f64, first_hidden_ms: f64, activation_start_ms: f64) -> f64 {
    let mut fcp = Fcp::default();
    fcp.on_paint(start_ms, first_hidden_ms, activation_start_ms);
    or_nan(fcp.value_ms())
}

/// The value of a candidate for the largest contentful paint.
#[wasm_bindgen]
pub fn lcp(start_ms: f64, first_hidden_ms: f64, origin_ms: f64) -> f64 {
    let mut lcp = Lcp::default();
    lcp.on_paint(start_ms, first_hidden_ms, origin_ms);
    or_nan(lcp.value_ms())
}

/// The value of a first byte.
#[wasm_bindgen]
pub fn ttfb(response_start_ms: f64, activation_start_ms: f64) -> f64 {
    let response_start_ms = Some(response_start_ms);
    let navigation = Navigation { response_start_ms, activation_start_ms, ..Navigation::default() };
    or_nan(Ttfb::new(&navigation).value_ms())
}

/// The value of a first input.
#[wasm_bindgen]
pub fn fid(start_ms: f64, processing_start_ms: f64, first_hidden_ms: f64) -> f64 {
    let event = Event {
        interaction_id: 0,
        start_ms,
        duration_ms: 0.0,
        processing_start_ms,
        processing_end_ms: processing_start_ms,
        is_keyboard: false,
        target: String::new(),
        is_first_input: true,
    };
    let mut fid = Fid::default();
    fid.on_event(&event, first_hidden_ms);
    or_nan(fid.value_ms())
}

fn or_nan(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}
