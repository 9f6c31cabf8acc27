//! What a value was made of.

use crate::attribution::{LoadTimes, PaintedElement, RequestTimes, Resource, explain_lcp};
use beacon::Attribution;
use wasm_bindgen::prelude::wasm_bindgen;

/// The parts of an LCP: first byte, load delay, load duration, render delay. Text has no request.
#[wasm_bindgen(js_name = lcpParts)]
pub fn lcp_parts(
    lcp_ms: f64,
    ttfb_ms: f64,
    request_start_ms: f64,
    response_end_ms: f64,
    origin_ms: f64,
) -> Vec<f64> {
    let resource = Resource { request_start_ms, response_end_ms };
    let resource = (!request_start_ms.is_nan()).then_some(resource);
    let element = PaintedElement { about: String::new(), resource };
    let mut attribution = Attribution::default();
    explain_lcp(&element, lcp_ms, ttfb_ms, origin_ms, &mut attribution);
    numbers(&attribution)
}

/// The parts of a TTFB: waiting, cache, DNS, connection, request.
#[wasm_bindgen(js_name = ttfbParts)]
pub fn ttfb_parts(
    ttfb_ms: f64,
    activation_start_ms: f64,
    fetch_start_ms: f64,
    dns_start_ms: f64,
    connect_start_ms: f64,
    connect_end_ms: f64,
) -> Vec<f64> {
    let times = RequestTimes { fetch_start_ms, dns_start_ms, connect_start_ms, connect_end_ms };
    let mut attribution = Attribution::default();
    times.explain(ttfb_ms, activation_start_ms, &mut attribution);
    numbers(&attribution)
}

/// How far the document was loaded at a time.
#[wasm_bindgen(js_name = loadState)]
pub fn load_state(
    time_ms: f64,
    is_loading: bool,
    dom_interactive_ms: f64,
    dom_content_loaded_ms: f64,
    dom_complete_ms: f64,
) -> String {
    let times =
        LoadTimes { is_loading, dom_interactive_ms, dom_content_loaded_ms, dom_complete_ms };
    times.state_at(time_ms).to_owned()
}

/// In the order in which they were added.
pub(super) fn numbers(attribution: &Attribution) -> Vec<f64> {
    attribution.numbers.iter().map(|(_, value)| *value).collect()
}
