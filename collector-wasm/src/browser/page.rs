//! What JavaScript brings along: `npm/start/` reads properties, holds observers and listeners, and
//! sends. Here it is told what that is called.

use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::PerformanceEntry;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    pub(super) fn fill_random(bytes: &mut [u8]);

    /// What the page asked for, checked, and the way to the browser.
    pub(super) type Page;
    /// `site`, `session`, `release`, and what [`Page::enter`] sets: `url`, `route`.
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn text(this: &Page, name: &str) -> Option<String>;
    #[wasm_bindgen(method, structural, getter, js_name = sampleRate)]
    pub(super) fn sample_rate(this: &Page) -> f32;
    /// A page view begins at the address.
    #[wasm_bindgen(method, structural)]
    pub(super) fn enter(this: &Page, address: &str);
    /// Asks for all entries that vitals are made from, on demand with those of the past; events only
    /// if they lasted so long. Tells whether layout shifts are among what the browser reports.
    #[wasm_bindgen(method, structural)]
    pub(super) fn observe(this: &Page, buffered: bool, event_duration_min_ms: f64) -> bool;
    /// The entries that the browser has queued but not delivered.
    #[wasm_bindgen(method, structural, js_name = takeRecords)]
    pub(super) fn take_records(this: &Page) -> Array;
    /// Calls back once the page has been painted.
    #[wasm_bindgen(method, structural, js_name = afterPaint)]
    pub(super) fn after_paint(this: &Page);
    /// Takes care that the beacon arrives. `sequence` is 0 for the first one of a page view.
    #[wasm_bindgen(method, structural)]
    pub(super) fn send(this: &Page, bytes: &[u8], sequence: u32);
    /// Leaves the beacon with the browser, in case that the page ends without being hidden.
    #[wasm_bindgen(method, structural, js_name = sendLater)]
    pub(super) fn send_later(this: &Page, bytes: &[u8]);
    /// Returns what the entry is about, a line each.
    #[wasm_bindgen(method, structural, js_name = readEntry)]
    pub(super) fn read_entry(this: &Page, entry: &PerformanceEntry, into: &mut [f64]) -> String;
    #[wasm_bindgen(method, structural, js_name = readScript)]
    pub(super) fn read_script(
        this: &Page,
        entry: &PerformanceEntry,
        index: u32,
        into: &mut [f64],
    ) -> String;
}

#[wasm_bindgen(raw_module = "./start/read.js")]
extern "C" {
    #[wasm_bindgen(js_name = inOrder)]
    pub(super) fn in_order(entries: &Array) -> Array;
    #[wasm_bindgen(js_name = readDocument)]
    pub(super) fn read_document(into: &mut [f64]) -> String;
    #[wasm_bindgen(js_name = readProgress)]
    pub(super) fn read_progress(into: &mut [f64]);
}
