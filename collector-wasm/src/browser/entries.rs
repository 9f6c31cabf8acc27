//! Performance entries: JavaScript objects → plain values.

use crate::entry::{Entry, Event, LayoutShift, Navigation};
use wasm_bindgen::prelude::{JsCast, wasm_bindgen};
use web_sys::Performance;

#[wasm_bindgen]
extern "C" {
    /// Any entry: which of the properties it has depends on its type.
    pub(super) type PerformanceEntry;
    #[wasm_bindgen(method, getter, structural, js_name = entryType)]
    fn entry_type(this: &PerformanceEntry) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn name(this: &PerformanceEntry) -> String;
    #[wasm_bindgen(method, getter, structural, js_name = startTime)]
    fn start_time(this: &PerformanceEntry) -> f64;
    #[wasm_bindgen(method, getter, structural)]
    fn duration(this: &PerformanceEntry) -> f64;
    #[wasm_bindgen(method, getter, structural)]
    fn value(this: &PerformanceEntry) -> f64;
    #[wasm_bindgen(method, getter, structural, js_name = hadRecentInput)]
    fn had_recent_input(this: &PerformanceEntry) -> Option<bool>;
    #[wasm_bindgen(method, getter, structural, js_name = interactionId)]
    fn interaction_id(this: &PerformanceEntry) -> Option<f64>;
    #[wasm_bindgen(method, getter, structural, js_name = responseStart)]
    fn response_start(this: &PerformanceEntry) -> f64;
    #[wasm_bindgen(method, getter, structural, js_name = activationStart)]
    fn activation_start(this: &PerformanceEntry) -> Option<f64>;
    #[wasm_bindgen(method, getter, structural, js_name = type)]
    pub(super) fn navigation_type(this: &PerformanceEntry) -> String;
}

impl PerformanceEntry {
    /// What it tells; absent when no vital is made from it.
    pub(super) fn read(&self) -> Option<Entry> {
        let start_ms = self.start_time();
        match self.entry_type().as_str() {
            "paint" => (self.name() == "first-contentful-paint")
                .then_some(Entry::FirstContentfulPaint { start_ms }),
            "largest-contentful-paint" => Some(Entry::LargestContentfulPaint { start_ms }),
            "layout-shift" => Some(Entry::LayoutShift(LayoutShift {
                start_ms,
                score: self.value(),
                had_recent_input: self.had_recent_input().unwrap_or(false),
            })),
            "event" => Some(self.event(false)),
            "first-input" => Some(self.event(true)),
            _ => None,
        }
    }

    fn event(&self, is_first_input: bool) -> Entry {
        // `as` saturates and takes NaN for 0.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let interaction_id = self.interaction_id().unwrap_or(0.0) as u64;
        Entry::Event(Event { interaction_id, duration_ms: self.duration(), is_first_input })
    }
}

/// The document's own `navigation` entry, if the browser gives one that can be believed: some
/// report a first byte of 0 or one that lies in the future.
pub(super) fn navigation_entry(performance: &Performance) -> Option<PerformanceEntry> {
    let entries = performance.get_entries_by_type("navigation");
    let entry = (entries.length() > 0).then(|| entries.get(0))?;
    let entry = entry.unchecked_into::<PerformanceEntry>();
    let first_byte_ms = entry.response_start();
    (first_byte_ms > 0.0 && first_byte_ms < performance.now()).then_some(entry)
}

/// What the vitals need of it.
pub(super) fn navigation(entry: Option<&PerformanceEntry>) -> Navigation {
    Navigation {
        response_start_ms: entry.map(PerformanceEntry::response_start),
        activation_start_ms: entry.and_then(PerformanceEntry::activation_start).unwrap_or(0.0),
    }
}

/// When the page was hidden for the first time before the collector was there to see it.
pub(super) fn first_hidden_ms(performance: &Performance, since_ms: f64) -> Option<f64> {
    let entries = performance.get_entries_by_type("visibility-state");
    let entries = (0..entries.length()).map(|index| entries.get(index).unchecked_into());
    let mut hidden = entries.filter(|entry: &PerformanceEntry| {
        entry.name() == "hidden" && entry.start_time() >= since_ms
    });
    hidden.next().map(|entry| entry.start_time())
}
