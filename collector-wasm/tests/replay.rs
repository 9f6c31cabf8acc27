//! A visit that was recorded in Chromium is replayed: every page view of it has the values that
//! web-vitals had, and an attribution that somebody has looked at.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use beacon::Metric;
use collector_wasm::{
    attribution::{LoadTimes, RequestTimes},
    entry::{Navigation, Script},
    page_view::{DocumentState, PageView},
    told,
};
use serde_json::Value;

const TRACE: &str = include_str!("traces/single_page_app.json");
const TIMING_TOLERANCE_MS: f64 = 0.1;
const SCORE_TOLERANCE: f64 = 0.0001;

/// JSON has no NaN.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn script(entry: &Value, index: u32) -> Script {
    let script = &entry["scripts"][index as usize];
    let [start_ms, duration_ms, forced_layout_ms] = [0, 1, 2].map(|at| number(&script["told"][at]));
    let about = script["about"].as_str().unwrap().to_owned();
    Script { start_ms, duration_ms, forced_layout_ms, about }
}

/// The metrics of each page view, in the order in which they ended.
fn replay(trace: &Value) -> Vec<Vec<Metric>> {
    let navigation = Navigation {
        response_start_ms: Some(number(&trace["response_start_ms"])),
        activation_start_ms: 0.0,
        request: RequestTimes {
            fetch_start_ms: number(&trace["fetch_start_ms"]),
            dns_start_ms: number(&trace["dns_start_ms"]),
            connect_start_ms: number(&trace["connect_start_ms"]),
            connect_end_ms: number(&trace["connect_end_ms"]),
        },
    };
    let state = |interaction_count| DocumentState {
        interaction_count,
        load_times: LoadTimes {
            is_loading: false,
            dom_interactive_ms: number(&trace["dom_interactive_ms"]),
            dom_content_loaded_ms: number(&trace["dom_content_loaded_ms"]),
            dom_complete_ms: number(&trace["dom_complete_ms"]),
        },
    };
    let mut page_view = PageView::new(&navigation, f64::INFINITY);
    page_view.on_shifts_reported();
    let mut ended = Vec::new();
    for source in trace["entries"].as_array().unwrap() {
        let count = source["count"].as_u64();
        let told = std::array::from_fn(|at| number(&source["told"][at]));
        let about = source["about"].as_str().unwrap().to_owned();
        if let Some(entry) = told::entry(told, about, |index| script(source, index)) {
            if entry.begins_page_view().is_some() {
                ended.push(page_view.metrics(&state(count)));
            }
            page_view.on_entry(entry);
        }
    }
    page_view.on_hidden(number(&trace["hidden_ms"]));
    ended.push(page_view.metrics(&state(trace["interaction_count"].as_u64())));
    ended
}

#[test]
fn every_page_view_of_a_recorded_visit_has_the_values_of_web_vitals() {
    let trace: Value = serde_json::from_str(TRACE).unwrap();
    let page_views = replay(&trace);
    let theirs = ["navigate /", "soft-navigation /route/1", "soft-navigation /route/2"];
    assert_eq!(page_views.len(), theirs.len());
    for (metrics, key) in page_views.iter().zip(theirs) {
        for (name, value) in trace["web_vitals"][key].as_object().unwrap() {
            let metric = metrics.iter().find(|metric| metric.name.as_str() == name);
            let ours = metric.unwrap_or_else(|| panic!("{key}: no {name}")).value;
            let tolerance = if name == "CLS" { SCORE_TOLERANCE } else { TIMING_TOLERANCE_MS };
            assert!((ours - number(value)).abs() < tolerance, "{key} {name}: {ours}, not {value}");
        }
    }
}

#[test]
fn what_explains_a_recorded_visit() {
    let trace: Value = serde_json::from_str(TRACE).unwrap();
    insta::assert_json_snapshot!(replay(&trace));
}
